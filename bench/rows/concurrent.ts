import type { Row } from '../row.ts';
import { both } from '../row.ts';
import type { Bench } from '../stage.ts';

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
    const { times } = await run(bench);
    return Math.max(...times) / Math.min(...times);
  },
};

function run({ page, lanes }: Bench): Promise<{ lost: number; times: number[] }> {
  const models = Array.from({ length: 100 }, (_, stream) => `${lanes[stream % lanes.length]}/crowd-1000`);
  return page.evaluate((models) => bench.concurrent(models, 1000), models);
}
