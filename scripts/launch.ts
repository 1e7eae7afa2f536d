import { setTimeout as sleep } from 'node:timers/promises';
import puppeteer, { type Browser, type LaunchOptions, type Page } from 'puppeteer';
import { type BrowserName, ensureBrowser } from './browsers.ts';

export interface Launched {
  name: BrowserName;
  browser: Browser;
}

export interface LaunchSettings {
  /** Default true. */
  isHeadless?: boolean;
  /** Added to the browser's own arguments. */
  args?: string[];
  /** Added to Firefox's preferences. */
  preferences?: Record<string, unknown>;
  /** Watch the network of pages; costs time on every byte in Firefox. Default true. */
  watchesNetwork?: boolean;
  /** Added to the browser's environment. */
  env?: Record<string, string>;
  /** Leave Ctrl-C and its like to the caller. Default false. */
  leavesSignals?: boolean;
  say?: (line: string) => void;
}

/** A browser with a throw-away profile that can install the extension. `browser.close()` removes everything. */
export async function launchBrowser(name: BrowserName, settings: LaunchSettings = {}): Promise<Launched> {
  const { executablePath } = await ensureBrowser(name, settings.say);
  const shared: LaunchOptions = {
    executablePath,
    headless: settings.isHeadless ?? true,
    defaultViewport: settings.isHeadless === false ? null : { width: 1280, height: 800 },
    networkEnabled: settings.watchesNetwork ?? true,
    ...(settings.env && { env: { ...process.env, ...settings.env } }),
    ...(settings.leavesSignals && { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false }),
  };
  const browser = await puppeteer.launch(
    name === 'chromium'
      ? { ...shared, pipe: true, enableExtensions: true, args: [...chromiumArguments(), ...(settings.args ?? [])] }
      : {
          ...shared,
          browser: 'firefox',
          args: [...firefoxArguments, ...(settings.args ?? [])],
          extraPrefsFirefox: { ...quietFirefox, ...settings.preferences },
        },
  );
  return { name, browser };
}

/**
 * Installs the extension and waits for the welcome page that it opens: the way in for automation in both browsers,
 * and the only one in Firefox, where a driver may not navigate to `moz-extension:`. In one of some thousand starts of
 * Firefox no page came; `tell` hears of it, and the extension is installed once more.
 */
export async function installSwitchboard({ browser }: Launched, folder: string, tell: Tell = console.warn): Promise<Page> {
  const id = await browser.installExtension(folder);
  try {
    return await waitForWelcome(browser, folder);
  } catch (error) {
    await tell(`${error instanceof Error ? error.message : error} It is installed once more.`);
  }
  await browser.uninstallExtension(id);
  await browser.installExtension(folder);
  return waitForWelcome(browser, folder);
}

type Tell = (line: string) => void | Promise<void>;

/** The page that the extension opens when it has been installed. */
export async function waitForWelcome(browser: Browser, folder: string): Promise<Page> {
  const deadline = Date.now() + welcomeMs;
  while (Date.now() < deadline) {
    for (const page of await browser.pages()) {
      if (await isWelcomePage(page)) return page;
    }
    await sleep(50);
  }
  const open = (await browser.pages()).map((page) => page.url()).join(', ');
  throw new Error(`The extension in ${folder} opened no welcome page within ${welcomeMs / 1000} s; open are ${open}. Is it built?`);
}

/** A start of Firefox has taken twelve seconds on a machine with ten other things to do. */
const welcomeMs = 30_000;

/** Its `url()` says `about:blank` for a while in Firefox, so the page itself is asked. */
async function isWelcomePage(page: Page): Promise<boolean> {
  return page
    .evaluate(
      () =>
        location.pathname === '/options.html' &&
        typeof (globalThis as { switchboard?: { ready?: unknown } }).switchboard?.ready === 'function',
    )
    .catch(() => false);
}

/** The sandbox needs user namespaces, which root and most CI containers do not have. */
function chromiumArguments(): string[] {
  const needsNoSandbox = process.platform === 'linux' && (process.getuid?.() === 0 || process.env.CI !== undefined);
  return [
    ...(needsNoSandbox ? ['--no-sandbox'] : []),
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
}

/** Lets a driver reach the browser's own windows, which is how e2e stops an extension's background. */
const firefoxArguments = ['--remote-allow-system-access'];

/** Nothing is fetched that nobody asked for, and no first-run page takes the front. */
const quietFirefox = {
  'app.update.auto': false,
  'app.normandy.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.newtabpage.activity-stream.feeds.section.topstories': false,
  'browser.safebrowsing.downloads.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.getAddons.cache.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};
