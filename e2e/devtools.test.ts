import type { Page, Target } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browsers, launch, type Stage, until } from './harness.ts';
import { allow, answerText, ask, openPage, openScene, type Scene, untilNewestLine } from './scene.ts';

describe.each(browsers)('the developer panel, in %s', (name) => {
  let scene: Scene;
  let page: Page;
  let panel: Page;
  beforeAll(async () => {
    scene = await openScene(name);
    await allow(scene, scene.site.origin());
    page = await openPage(scene);
    // Before anybody watches: this one is kept nowhere.
    await ask(page, 'Unseen words');
    const tabId = await tabOf(scene.stage, scene.site.url());
    panel = await scene.stage.openExtensionPage(`/devtools-panel.html?tabId=${tabId}`);
    await panel.waitForSelector('.empty');
  });
  afterAll(() => scene?.close());

  it('shows the calls that are made while it is open: door, model, request, parts, figures', async () => {
    expect(await ask(page, 'Seen words')).toMatchObject({ text: answerText });
    await untilText(panel, '.devtools', 'Seen words');
    await untilText(panel, '.detail .lamp', 'done');
    const text = await panel.evaluate(() => document.body.innerText);
    for (const part of ['ai.chat.completions', answerText, scene.site.origin(), 'Test server', '"messages"']) expect(text).toContain(part);
    expect(text).not.toContain('Unseen words');
    const parts = await panel.$$eval('.parts tr', (rows) => rows.length);
    expect(parts).toBeGreaterThan(1);
  });

  it('gives the reason that the page is not told', async () => {
    scene.server.scenario = { failure: 'rate-limited', retryAfter: '120', scope: 'answers' };
    const asked = await ask(page, 'Once more');
    expect(asked).toMatchObject({ error: { code: 'rate-limited' } });
    // In the server's own words.
    expect(JSON.stringify(asked)).not.toContain('It says');
    await untilText(panel, '.detail .problem', 'It says');
    scene.server.reset();
  });

  it("sends a call again as the user's own, also one that the site may not make any more", async () => {
    await ask(page, 'Repeat me');
    await untilText(panel, '.detail', 'Repeat me');
    await scene.stage.options.evaluate((origin) => globalThis.switchboard.grants.revoke(origin), scene.site.origin());
    const before = await panel.$$eval('.call', (calls) => calls.length);
    await clickText(panel, 'Send again');
    await until(async () => (await panel.$$eval('.call', (calls) => calls.length)) > before, 'the call to be sent again');
    await untilText(panel, '.detail .facts', 'you, from this panel');
    await untilText(panel, '.detail .lamp', 'done');
    await untilNewestLine(scene, { origin: 'extension', outcome: 'done' });
  });

  it('shows a refusal too, and forgets all when it closes', async () => {
    const { stage } = scene;
    await stage.options.evaluate(
      async (origin) => void (await globalThis.switchboard.grants.set({ origin, decision: 'block' })),
      scene.site.origin(),
    );
    expect(await ask(page, 'Refuse me')).toMatchObject({ error: { code: 'denied' } });
    await untilText(panel, '.calls', 'denied');
    const path = await panel.evaluate(() => location.pathname + location.search);
    await panel.close();
    panel = await stage.openExtensionPage(path);
    await panel.waitForSelector('.empty');
  });
});

describe.runIf(browsers.includes('chromium'))('the DevTools of chromium', () => {
  it('may show the panel in their frame, as no page may', async () => {
    const stage = await launch('chromium', { args: ['--auto-open-devtools-for-tabs'] });
    try {
      const site = await stage.newPage();
      const isOurs = (target: Target) => target.url() === `${stage.extensionOrigin}/devtools.html`;
      const session = await (await stage.browser.waitForTarget(isOurs)).createCDPSession();
      const evaluate = async (expression: string) =>
        (await session.send('Runtime.evaluate', { expression, returnByValue: true })).result.value;
      await until(async () => (await evaluate('document.readyState')) === 'complete', 'the page to load');
      // A page that is refused its frame is replaced by one of the browser's.
      expect(await evaluate('typeof chrome.devtools?.panels?.create')).toBe('function');
      await site.close();
    } finally {
      await stage.close();
    }
  });
});

async function untilText(page: Page, selector: string, text: string): Promise<void> {
  await page.bringToFront();
  await page.waitForFunction(
    (selector, text) => [...document.querySelectorAll<HTMLElement>(selector)].some((each) => each.textContent?.includes(text)),
    { timeout: 5_000 },
    selector,
    text,
  );
}

async function clickText(page: Page, text: string): Promise<void> {
  await page.evaluate((text) => {
    const button = [...document.querySelectorAll('button')].find((each) => each.textContent?.trim() === text);
    button?.click();
  }, text);
}

async function tabOf({ options }: Stage, url: string): Promise<number> {
  const id = await options.evaluate(async (url) => {
    const scope = globalThis as unknown as Record<
      'browser' | 'chrome',
      { tabs: { query(filter: object): Promise<{ id: number; url?: string }[]> } }
    >;
    const tabs = await (scope.browser ?? scope.chrome).tabs.query({});
    return tabs.find((tab) => tab.url?.startsWith(url))?.id;
  }, url);
  if (id === undefined) throw new Error(`No tab is at ${url}.`);
  return id;
}
