import type { Row } from '../row.ts';
import { both } from '../row.ts';
import { type Bench, percentile } from '../stage.ts';

export const concurrentLost: Row = {
  title: '100 streams of 1,000 tokens at once: tokens lost',
  unit: 'lost',
  must: both(0),
  reach: both(0),
  tolerance: 1,
  measure: async (bench) => (await run(bench)).lost,
};

export const concurrentFairness: Row = {
  title: '100 streams of 1,000 tokens at once: last ÷ first to finish',
  unit: '×',
  must: both(2),
  reach: both(1.3),
  tolerance: 1.5,
  async measure(bench) {
    // The median of five: a browser now and then hands over one whole stream before it looks at another, which is no doing of
    // ours. Read by fetch alone, one of the hundred has always ended when the rest begin.
    const ratios: number[] = [];
    for (let round = 0; round < (bench.isQuick ? 1 : 5); round++) {
      const { times } = await run(bench);
      ratios.push(Math.max(...times) / Math.min(...times));
    }
    return percentile(ratios, 50);
  },
};

function run({ page, lanes }: Bench): Promise<{ lost: number; times: number[] }> {
  const models = Array.from({ length: 100 }, (_, stream) => `${lanes[stream % lanes.length]}/crowd-1000`);
  return page.evaluate((models) => bench.concurrent(models, 1000), models);
}
