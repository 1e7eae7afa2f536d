import type { Row } from '../row.ts';
import { compare } from '../stage.ts';

export const burst: Row = {
  title: '10,000-token burst ÷ the page’s own fetch',
  unit: '×',
  must: { chromium: 1.2, firefox: 1.8 },
  reach: { chromium: 0.8, firefox: 1.2 },
  tolerance: 1.25,
  async measure({ page, isQuick }) {
    const { direct, through } = await compare(isQuick ? 3 : 9, (road) => page.evaluate((road) => bench.burst(road, 10_000), road));
    return through / direct;
  },
};
