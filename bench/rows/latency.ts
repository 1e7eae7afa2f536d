import type { Row } from '../row.ts';
import { both } from '../row.ts';
import { compare, percentile } from '../stage.ts';

export const latency: Row = {
  title: 'added latency a token at 200 tok/s, p50',
  unit: 'ms',
  must: both(1),
  reach: both(0.5),
  tolerance: 1.5,
  async measure({ page, isQuick }) {
    const count = isQuick ? 200 : 600;
    const { direct, through } = await compare(isQuick ? 2 : 3, ['direct', 'through'], async (road) =>
      percentile(await page.evaluate((road, count) => bench.latency(road, count, 5), road, count), 50),
    );
    return through - direct;
  },
};
