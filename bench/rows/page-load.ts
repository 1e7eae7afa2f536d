import type { Page } from 'puppeteer';
import { launchBrowser } from '../../scripts/launch.ts';
import type { Row } from '../row.ts';
import { both } from '../row.ts';
import { percentile } from '../stage.ts';

export const pageLoad: Row = {
  title: 'page load with the extension ÷ without',
  unit: '×',
  must: both(1.03),
  reach: both(1.01),
  tolerance: 1.1,
  async measure({ name, stage, origin, isQuick }) {
    const plain = await launchBrowser(name, { watchesNetwork: false });
    try {
      const pages = { plain: await plain.browser.newPage(), extended: await stage.newPage() };
      const times: Record<keyof typeof pages, number[]> = { plain: [], extended: [] };
      for (let run = -3; run < (isQuick ? 10 : 50); run++) {
        const order = run % 2 === 0 ? (['plain', 'extended'] as const) : (['extended', 'plain'] as const);
        for (const which of order) {
          const time = await load(pages[which], `${origin}/article?${run}`);
          if (run >= 0) times[which].push(time);
        }
      }
      await pages.extended.close();
      return percentile(times.extended, 50) / percentile(times.plain, 50);
    } finally {
      await plain.browser.close();
    }
  },
};

/** From the start of the navigation to the end of the load event, as the page's own clock says. */
async function load(page: Page, url: string): Promise<number> {
  await page.bringToFront();
  await page.goto(url, { waitUntil: 'load' });
  return page.evaluate(async () => {
    for (;;) {
      const [timing] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
      if (timing && timing.loadEventEnd > 0) return timing.loadEventEnd - timing.startTime;
      await new Promise((resolve) => setTimeout(resolve));
    }
  });
}
