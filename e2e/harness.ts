import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'puppeteer';
import { type BrowserName, browserNames } from '../scripts/browsers.ts';
import { extensionFolder } from '../scripts/extension-folder.ts';
import { installSwitchboard, type LaunchSettings, launchBrowser } from '../scripts/launch.ts';
import { noteSecondTry } from '../scripts/second-tries.ts';
import { evaluateInFirefox } from './firefox-system.ts';

export type { BrowserName } from '../scripts/browsers.ts';

/** The browsers this run is about: both, unless `SWITCHBOARD_BROWSERS` names fewer. */
export const browsers: BrowserName[] = browserNames.filter((name) =>
  (process.env.SWITCHBOARD_BROWSERS ?? browserNames.join(',')).split(',').includes(name),
);

/** A browser with the extension in it, the same to drive in Chromium and in Firefox. */
export interface Stage {
  name: BrowserName;
  browser: Browser;
  /** `chrome-extension://…` or `moz-extension://…`, without a slash at the end. */
  extensionOrigin: string;
  /** The options page, which the extension opened as its welcome: `globalThis.switchboard` is there. */
  options: Page;
  /** A tab of its own in front, at `url` where given. */
  newPage(url?: string): Promise<Page>;
  /** One of the extension's pages in a tab: `/popup.html`. */
  openExtensionPage(path: string): Promise<Page>;
  /** Waits for a window that the extension opens, by its path. */
  waitForExtensionPage(path: string, timeoutMs?: number): Promise<Page>;
  isBackgroundRunning(): Promise<boolean>;
  /** Ends the background as the browser does when it is idle, whatever it is doing. */
  stopBackground(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the browser and installs what `npm run build` made. */
export async function launch(name: BrowserName, settings: LaunchSettings = {}): Promise<Stage> {
  const launched = await launchBrowser(name, settings);
  const { browser } = launched;
  try {
    const options = await installSwitchboard(launched, extensionFolder(name), async (line) => {
      noteSecondTry(name === 'firefox' ? `${line} ${await describeFirefox(browser)}` : line);
    });
    const extensionOrigin = await options.evaluate(() => location.origin);
    const background = name === 'chromium' ? chromiumBackground(browser, extensionOrigin) : firefoxBackground(browser);
    const waitForExtensionPage = (path: string, timeoutMs = patienceMs) =>
      findPage(browser, extensionOrigin + path, new Set([options]), timeoutMs);
    return {
      name,
      browser,
      extensionOrigin,
      options,
      async newPage(url) {
        const page = await browser.newPage();
        if (url !== undefined) await page.goto(url);
        return page;
      },
      async openExtensionPage(path) {
        if (name === 'chromium') {
          const page = await browser.newPage();
          await page.goto(extensionOrigin + path);
          return page;
        }
        const open = new Set(await browser.pages());
        await options.evaluate((url) => void (globalThis as unknown as WithTabs).browser.tabs.create({ url }), path);
        return findPage(browser, extensionOrigin + path, open, patienceMs);
      },
      waitForExtensionPage,
      ...background,
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** Firefox says `about:blank` for extension pages for a while, so every page is asked where it is. */
async function findPage(browser: Browser, url: string, except: Set<Page>, timeoutMs: number): Promise<Page> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    for (const page of await browser.pages()) {
      if (except.has(page)) continue;
      const isIt = await page
        .evaluate((wanted) => location.href.startsWith(wanted) && document.readyState === 'complete', url)
        .catch(() => false);
      if (isIt) return page;
    }
    await sleep(30);
  }
  throw new Error(`No page ${url} opened within ${timeoutMs} ms.`);
}

function chromiumBackground(browser: Browser, extensionOrigin: string): Pick<Stage, 'isBackgroundRunning' | 'stopBackground'> {
  const find = () => browser.targets().find((target) => target.type() === 'service_worker' && target.url().startsWith(extensionOrigin));
  return {
    isBackgroundRunning: async () => find() !== undefined,
    async stopBackground() {
      const target = find();
      const worker = await target?.worker();
      await worker?.close();
      // Another may have started already: somebody may be waiting for it.
      await until(() => find() !== target || target === undefined, 'the service worker to stop');
    },
  };
}

/** Undefined where it is not installed. */
const extensionInFirefox = "WebExtensionPolicy.getByID('switchboard@switchboard.invalid')?.extension";

function firefoxBackground(browser: Browser): Pick<Stage, 'isBackgroundRunning' | 'stopBackground'> {
  return {
    isBackgroundRunning: async () => (await evaluateInFirefox(browser, `${extensionInFirefox}.backgroundState`)) === 'running',
    async stopBackground() {
      await evaluateInFirefox(
        browser,
        `${extensionInFirefox}.terminateBackground({ ignoreDevToolsAttached: true, disableResetIdleForTest: true }).then(() => true)`,
      );
      // Pages hear of it a moment later, and what they call in between is cut off like the rest.
      await sleep(150);
    },
  };
}

/** What Firefox itself knows of the extension and its tabs, for whoever asks why a driver saw nothing. */
async function describeFirefox(browser: Browser): Promise<string> {
  const tabs = `[...Services.wm.getEnumerator('navigator:browser')].map((w) => w.gBrowser.tabs.map((t) => t.linkedBrowser.currentURI.spec))`;
  const known = await evaluateInFirefox(browser, `({ background: ${extensionInFirefox}?.backgroundState, tabs: ${tabs} })`).catch(String);
  return `Firefox says: ${JSON.stringify(known)}`;
}

/** Two browsers on two cores: what takes a second on a quiet machine may take ten. */
const patienceMs = 30_000;

/** Waits until the condition holds; throws naming `what` when it does not in time. */
export async function until(condition: () => boolean | Promise<boolean>, what: string, timeoutMs = patienceMs): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`);
    await sleep(20);
  }
}

/** What an extension page of Firefox has beyond an ordinary one. */
interface WithTabs {
  browser: { tabs: { create(properties: { url: string }): Promise<unknown> } };
}
