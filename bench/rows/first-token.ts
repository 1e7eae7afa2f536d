import type { Row } from '../row.ts';
import { both } from '../row.ts';
import { compare, percentile } from '../stage.ts';

export const firstToken: Row = {
  title: 'added time to first token, warm, p50',
  unit: 'ms',
  must: both(3),
  reach: both(1),
  tolerance: 1.5,
  async measure({ page, isQuick }) {
    const { direct, through } = await compare(isQuick ? 10 : 40, ['direct', 'through'], (road) =>
      page.evaluate((road) => bench.firstToken(road), road),
    );
    return through - direct;
  },
};

export const firstCallAfterSleep: Row = {
  title: 'first call after the background slept, to its first token',
  unit: 'ms',
  must: both(150),
  reach: both(80),
  tolerance: 1.5,
  async measure({ stage, page, isQuick }) {
    const times: number[] = [];
    for (let run = 0; run < (isQuick ? 2 : 5); run++) {
      await stage.stopBackground();
      times.push(await page.evaluate(() => bench.firstToken('through')));
    }
    return percentile(times, 50);
  },
};
