import type { Browser, Page } from 'puppeteer';
import { extensionFolder } from '../../scripts/extension-folder.ts';
import { launchBrowser, waitForWelcome } from '../../scripts/launch.ts';
import type { Row } from '../row.ts';
import { both } from '../row.ts';
import { honestFirefox, percentile } from '../stage.ts';

const loadsInARow = 5;

/**
 * One browser that gets the extension and loses it again, because two that differ in nothing differ by some five percent.
 * It has done nothing else: one that has run the other rows is slower by what it holds, which is no cost of the extension.
 */
export const pageLoad: Row = {
  title: 'page load with the extension ÷ without',
  unit: '×',
  must: both(1.03),
  reach: both(1.01),
  tolerance: 1.1,
  async measure({ name, origin, isQuick }) {
    const { browser } = await launchBrowser(name, { watchesNetwork: false, preferences: honestFirefox });
    try {
      const page = await browser.newPage();
      const times: Record<'without' | 'with', number[]> = { without: [], with: [] };
      for (let round = 0; round < (isQuick ? 2 : 10); round++) {
        times.without.push(...(await loads(page, origin)));
        const id = await install(browser, extensionFolder(name));
        times.with.push(...(await loads(page, origin)));
        await browser.uninstallExtension(id);
      }
      return percentile(times.with, 50) / percentile(times.without, 50);
    } finally {
      await browser.close();
    }
  },
};

async function install(browser: Browser, folder: string): Promise<string> {
  const id = await browser.installExtension(folder);
  await (await waitForWelcome(browser, folder)).close();
  return id;
}

/** After two to warm up, and after what an installation leaves to do. */
async function loads(page: Page, origin: string): Promise<number[]> {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const times: number[] = [];
  for (let run = -2; run < loadsInARow; run++) {
    const time = await load(page, `${origin}/article?${run}`);
    if (run >= 0) times.push(time);
  }
  return times;
}

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
