import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page, Viewport } from 'puppeteer';
import { startLlamaCpp } from '../lib/testing/emulators/llamacpp.ts';
import { serveDemo } from './demo-server.ts';
import { extensionFolder, root } from './extension-folder.ts';
import { installSwitchboard, launchBrowser } from './launch.ts';

/** Makes docs/images/screens.png, the picture of the README: `node scripts/screenshots.ts` after a build. */
const question = 'What is a switchboard?';
const answer =
  'A **switchboard** connects lines that do not know each other. An operator sat in front of rows of jacks and joined two of them with a cable.\n\nToday:\n\n- the *page* is one line,\n- your *model* is the other,\n- and you are the operator.';

const server = await startLlamaCpp({ model: 'Qwen3-8B-Q4_K_M.gguf', scenario: { tokens: answer.split(/(?<= )/), tokenDelayMs: 12 } });
const demo = await serveDemo();
const { browser, ...launched } = await launchBrowser('chromium', { args: ['--hide-scrollbars'] });
try {
  const options = await installSwitchboard({ browser, ...launched }, extensionFolder('chromium'));
  await connect(options);
  const consent = await pictureOfConsent();
  const popup = await pictureOfPopup(options);
  const settings = await pictureOfOptions(options);
  const folder = resolve(root, 'docs/images');
  await mkdir(folder, { recursive: true });
  await writeFile(resolve(folder, 'screens.png'), await compose([popup, consent, settings]));
  console.log('docs/images/screens.png');
} finally {
  await browser.close();
  demo.close();
  await server.close();
}

async function connect(options: Page): Promise<void> {
  await options.evaluate(async (baseUrl) => {
    const { switchboard } = globalThis;
    await switchboard.ready();
    await switchboard.ondevice.connectDemo();
    const connectionId = await switchboard.connections.save({ backend: 'llamacpp', name: 'llama.cpp', config: { baseUrl } });
    await switchboard.connections.test(connectionId);
    await switchboard.defaults.set({ connectionId });
  }, server.url);
}

async function pictureOfConsent(): Promise<string> {
  const page = await browser.newPage();
  await page.goto(`${demo.origin}/?question=${encodeURIComponent(question)}`);
  await page.click('#ask');
  const consent = await waitForPage(browser, '/consent.html');
  await consent.setViewport(sharp(440));
  await sleep(800);
  const picture = await consent.screenshot({ encoding: 'base64' });
  await consent.close();
  await page.close();
  return picture;
}

/** Opened behind the page of a site that was allowed, as which it is the popup of that page. */
async function pictureOfPopup(options: Page): Promise<string> {
  const page = await browser.newPage();
  await page.goto(demo.origin);
  await options.evaluate((origin) => globalThis.switchboard.grants.set({ origin, decision: 'always' }), demo.origin);
  await page.bringToFront();
  await options.evaluate(() => void (globalThis as unknown as WithTabs).chrome.tabs.create({ url: '/popup.html', active: false }));
  const popup = await waitForPage(browser, '/popup.html');
  while (!(await popup.$('textarea'))) await sleep(50);
  await popup.bringToFront();
  await popup.setViewport(sharp(400));
  await popup.type('textarea', question);
  await popup.keyboard.press('Enter');
  await popup.waitForFunction(() => document.querySelector('article:last-of-type')?.textContent?.includes('operator.'));
  await sleep(300);
  const { width, height } = await popup.evaluate(() => document.body.getBoundingClientRect().toJSON());
  const picture = await popup.screenshot({ encoding: 'base64', clip: { x: 0, y: 0, width, height } });
  await popup.close();
  await page.close();
  return picture;
}

async function pictureOfOptions(options: Page): Promise<string> {
  await options.setViewport(sharp(900));
  await options.evaluate(async () => {
    const active = await globalThis.switchboard.defaults.get();
    location.hash = `#connections/${active?.connectionId}`;
  });
  await options.bringToFront();
  await sleep(800);
  return options.screenshot({ encoding: 'base64' });
}

function sharp(width: number): Viewport {
  return { width, height: 640, deviceScaleFactor: 2 };
}

async function compose(pictures: string[]): Promise<Uint8Array> {
  const page = await browser.newPage();
  await page.setViewport({ width: 1260, height: 460, deviceScaleFactor: 1.5 });
  await page.setContent(`<style>
    body { margin: 0; height: 460px; display: flex; gap: 20px; align-items: center; justify-content: center; background: #f1eee6; }
    img { height: 410px; flex: none; border-radius: 12px; box-shadow: 0 8px 30px #1b1d2330; }
  </style>${pictures.map((picture) => `<img src="data:image/png;base64,${picture}">`).join('')}`);
  return page.screenshot();
}

async function waitForPage(browser: Browser, path: string): Promise<Page> {
  for (;;) {
    for (const page of await browser.pages()) if (new URL(page.url()).pathname === path) return page;
    await sleep(50);
  }
}

/** What an extension page of Chromium has beyond an ordinary one. */
interface WithTabs {
  chrome: { tabs: { create(properties: { url: string; active: boolean }): Promise<unknown> } };
}
