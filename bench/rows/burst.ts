import type { Row } from '../row.ts';
import { both } from '../row.ts';
import { type Bench, compare, type Road } from '../stage.ts';

export const burst: Row = {
  title: '10,000-token burst ÷ the page’s own fetch',
  unit: '×',
  must: { chromium: 1.2, firefox: 1.8 },
  reach: { chromium: 0.8, firefox: 1.2 },
  tolerance: 1.25,
  async measure(bench) {
    const { direct, through } = await bursts(bench, ['direct', 'through']);
    return through / direct;
  },
};

export const sessionBurst: Row = {
  title: '10,000-token burst, LanguageModel ÷ window.ai',
  unit: '×',
  must: both(1),
  reach: both(0.9),
  tolerance: 1.25,
  async measure(bench) {
    const { through, session } = await bursts(bench, ['through', 'session']);
    return session / through;
  },
};

function bursts<R extends Road>({ page, isQuick }: Bench, roads: R[]): Promise<Record<R, number>> {
  return compare(isQuick ? 3 : 9, roads, (road) => page.evaluate((road) => bench.burst(road, 10_000), road));
}
