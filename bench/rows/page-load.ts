import type { Page } from 'puppeteer';
import { launch } from '../../e2e/harness.ts';
import { launchBrowser } from '../../scripts/launch.ts';
import type { Row } from '../row.ts';
import { both } from '../row.ts';
import { honestFirefox, percentile } from '../stage.ts';

/**
 * Two browsers that differ in nothing but the extension: both new, with the same settings and one tab behind the one that
 * loads. A browser that has run the other rows is slower by what it holds, which is no cost of the extension.
 */
export const pageLoad: Row = {
  title: 'page load with the extension ÷ without',
  unit: '×',
  must: both(1.03),
  reach: both(1.01),
  tolerance: 1.1,
  async measure({ name, origin, isQuick }) {
    const plain = await launchBrowser(name, settings);
    const extended = await launch(name, settings);
    try {
      const pages = { plain: await plain.browser.newPage(), extended: await extended.newPage() };
      const times: Record<keyof typeof pages, number[]> = { plain: [], extended: [] };
      for (let run = -3; run < (isQuick ? 10 : 50); run++) {
        const order = run % 2 === 0 ? (['plain', 'extended'] as const) : (['extended', 'plain'] as const);
        for (const which of order) {
          const time = await load(pages[which], `${origin}/article?${run}`);
          if (run >= 0) times[which].push(time);
        }
      }
      return percentile(times.extended, 50) / percentile(times.plain, 50);
    } finally {
      await Promise.all([plain.browser.close(), extended.close()]);
    }
  },
};

const settings = { watchesNetwork: false, preferences: honestFirefox };

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
