import type { Row } from '../row.ts';
import { both } from '../row.ts';
import { compare } from '../stage.ts';

export const burst: Row = {
  title: '10,000-token burst ÷ the page’s own fetch',
  unit: '×',
  must: { chromium: 1.2, firefox: 1.8 },
  reach: { chromium: 0.8, firefox: 1.2 },
  tolerance: 1.25,
  async measure({ page, isQuick }) {
    const { direct, through } = await compare(isQuick ? 3 : 9, ['direct', 'through'], (road) =>
      page.evaluate((road) => bench.burst(road, 10_000), road),
    );
    return through / direct;
  },
};

export const sessionBurst: Row = {
  title: '10,000-token burst, LanguageModel ÷ window.ai',
  unit: '×',
  must: both(1),
  reach: both(0.9),
  tolerance: 1.25,
  async measure({ page, isQuick }) {
    const { through, session } = await compare(isQuick ? 3 : 9, ['through', 'session'], (road) =>
      page.evaluate((road) => bench.burst(road, 10_000), road),
    );
    return session / through;
  },
};
