import type { Row } from '../row.ts';
import { both } from '../row.ts';
import { percentile } from '../stage.ts';

export const abort: Row = {
  title: 'abort in the page → connection closed at the server, p95',
  unit: 'ms',
  must: both(100),
  reach: both(30),
  tolerance: 1.5,
  async measure({ page, origin, isQuick }) {
    const times: number[] = [];
    for (let run = 0; run < (isQuick ? 5 : 30); run++) {
      const { at, id } = await page.evaluate(() => bench.abort('through'));
      times.push((await closedAt(origin, id)) - at);
    }
    return percentile(times, 95);
  },
};

async function closedAt(origin: string, id: string): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const response = await fetch(`${origin}/closed?id=${encodeURIComponent(id)}`);
    const { at } = (await response.json()) as { at: number | null };
    if (at !== null) return at;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('The server did not see the connection close within 2 s of the abort.');
}
