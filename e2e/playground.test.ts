import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveDemo } from '../scripts/demo-server.ts';
import { browsers } from './harness.ts';
import { allow, answerText, openPage, openScene, type Scene, untilNewestLine } from './scene.ts';

/** The doors that no browser has an own one for. */
const doors = ['chat', 'fetch', 'language-model'];
/** Those of which ours is in charge on the playground alone. */
const taskDoors = ['summarizer', 'writer', 'rewriter', 'translator'];

describe.each(browsers)('the playground, in %s', (name) => {
  let scene: Scene;
  let playground: Page;
  beforeAll(async () => {
    scene = await openScene(name);
    playground = await scene.stage.openExtensionPage('/playground.html');
    await playground.waitForSelector('#door');
  });
  afterAll(() => scene?.close());

  it.each([...doors, ...taskDoors])('tries %s without any grant, on the model it names', async (door) => {
    await playground.bringToFront();
    await playground.select('#door', door);
    await playground.click('button[type=submit]');
    await playground.waitForSelector('.halves .lamp.ok');
    expect(await playground.$eval('.answer', (answer) => answer.textContent)).toBe(answerText);
    await playground.waitForFunction(() => document.querySelector('.facts')?.textContent?.includes('Test server'));
    const text = await playground.evaluate(() => document.body.innerText);
    expect(text).toMatch(/Runs on .*tiny-instruct.*on this computer/s);
    expect(text).toMatch(/6 tokens out/);
    await untilNewestLine(scene, { origin: 'extension', outcome: 'done' });
  });

  it('tells languages apart, for which no model is asked', async () => {
    await playground.bringToFront();
    await playground.select('#door', 'language-detector');
    const asked = scene.server.requests.length;
    await playground.click('button[type=submit]');
    await playground.waitForFunction(() => document.querySelector('.parts')?.textContent?.includes('"detectedLanguage":"de"'));
    expect(scene.server.requests.length).toBe(asked);
  });

  it('sends what the developer wrote, and says what is no request', async () => {
    await playground.bringToFront();
    await playground.select('#door', 'chat');
    await write(playground, '{ "messages": [');
    await playground.waitForSelector('button[type=submit]:disabled');
    await write(playground, JSON.stringify({ messages: [{ role: 'user', content: 'My own words' }], stream: true }));
    await playground.click('button[type=submit]:not(:disabled)');
    await playground.waitForSelector('.halves .lamp.ok');
    expect(scene.server.requests.at(-1)?.body).toMatchObject({ messages: [{ content: 'My own words' }] });
  });

  it('shows an error with its code and its reason', async () => {
    await playground.bringToFront();
    await write(playground, JSON.stringify({ messages: 'none', stream: true }));
    await playground.click('button[type=submit]');
    await playground.waitForSelector('.halves .lamp.bad');
    expect(await playground.$eval('.problem', (problem) => problem.textContent)).toContain('bad-request');
  });

  it.each(doors)('shows code for %s that runs in a page as it is', async (door) => {
    await playground.bringToFront();
    await playground.select('#door', door);
    await playground.$eval('form .button.plain', (reset) => (reset as HTMLButtonElement).click());
    await playground.waitForSelector('form .button.plain:disabled');
    const code = await playground.$eval('.code', (code) => code.textContent ?? '');
    await allow(scene, scene.site.origin());
    const page = await openPage(scene);
    const pieces = await runModule(page, code);
    expect(pieces.length).toBeGreaterThan(0);
    expect(JSON.stringify(pieces)).toContain('answers');
    await page.close();
  });
});

describe.each(browsers)('the demo page, in %s', (name) => {
  let scene: Scene;
  let demo: Awaited<ReturnType<typeof serveDemo>>;
  beforeAll(async () => {
    scene = await openScene(name);
    demo = await serveDemo();
    await allow(scene, demo.origin);
  });
  afterAll(async () => {
    await scene?.close();
    demo?.close();
  });

  it('tries the doors of pages with the granted model, and shows pieces, figures and code', async () => {
    const page = await scene.stage.newPage(demo.origin);
    await page.waitForSelector('body[data-ready]');
    for (const door of doors) {
      await page.select('#door', door);
      await page.click('#ask');
      await page.waitForSelector('#state[data-state=done]');
      expect(await page.$eval('#answer', (answer) => answer.textContent)).toBe(answerText);
      expect(await page.$$eval('#pieces tr', (rows) => rows.length)).toBeGreaterThan(0);
      expect(await page.$eval('#code', (code) => code.textContent)).toContain('function* ask(');
      await page.evaluate(() => {
        const state = document.getElementById('state');
        if (state) state.dataset.state = 'idle';
      });
    }
    await page.close();
  });

  it('says with its code why nothing came', async () => {
    await scene.stage.options.evaluate(
      async (origin) => void (await globalThis.switchboard.grants.set({ origin, decision: 'block' })),
      demo.origin,
    );
    const page = await scene.stage.newPage(demo.origin);
    await page.waitForSelector('body[data-ready]');
    await page.click('#ask');
    await page.waitForSelector('#state[data-state=failed]');
    expect(await page.$eval('#reason', (reason) => reason.textContent)).toBe('denied');
    await page.close();
  });
});

/** As typing does, but at once. */
async function write(page: Page, text: string): Promise<void> {
  await page.$eval(
    '#request',
    (field, text) => {
      (field as HTMLTextAreaElement).value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    },
    text,
  );
}

/** What a module script of the page logs. */
async function runModule(page: Page, code: string): Promise<unknown[]> {
  await page.evaluate(() => {
    console.log = (...values) => (window as unknown as { logged: unknown[] }).logged.push(...values);
    Object.assign(window, { logged: [], isOver: false });
  });
  await page.addScriptTag({ type: 'module', content: `${code}\nwindow.isOver = true;` });
  await page.waitForFunction(() => (window as unknown as { isOver: boolean }).isOver);
  return await page.evaluate(() => (window as unknown as { logged: unknown[] }).logged);
}
