import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browsers, until } from './harness.ts';
import { allow, answerText, ask, openPage, openScene, type Scene, untilAnswering } from './scene.ts';

describe.each(browsers)('what sites asked, in %s', (name) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(name);
    for (const host of [undefined, 'localhost']) await allow(scene, scene.site.origin(host));
  });
  afterAll(() => scene?.close());

  const lines = (page: Page) => page.$$eval('table.activity tbody tr', (rows) => rows.map(({ textContent }) => textContent ?? ''));

  it('is listed, found, and forgotten', async () => {
    for (const host of [undefined, 'localhost']) {
      const page = await openPage(scene, '/', host);
      expect(await ask(page, 'Hello')).toMatchObject({ text: answerText });
      await page.close();
    }
    const page = await scene.stage.openExtensionPage('/options.html#activity');
    await page.bringToFront();
    await until(async () => (await lines(page)).length === 2, 'both calls to be listed');
    const [latest = ''] = await lines(page);
    expect(latest).toContain('localhost');
    expect(latest).toContain('free');
    expect(latest).toContain('done');
    await page.type('#filter-text', '127.0.0.1');
    await until(async () => (await lines(page)).length === 1, 'the search to leave one');
    // The question, then the answer to it.
    await page.click('h1 ~ .danger');
    await page.click('h1 ~ fieldset .danger');
    await until(async () => (await lines(page)).length === 0, 'the list to be empty');
    expect(await scene.stage.options.evaluate(() => globalThis.switchboard.activity.list())).toEqual([]);
    await page.close();
  });

  it('still counts when the background dies in the middle of it', async () => {
    const page = await openPage(scene);
    scene.server.scenario = { count: 500, tokenDelayMs: 40 };
    const running = ask(page, 'Go on and on');
    await untilAnswering(scene);
    await scene.stage.stopBackground();
    expect(await running).toMatchObject({ error: { code: 'interrupted' } });
    scene.server.scenario = { tokens: [answerText] };
    await until(async () => 'text' in (await ask(page, 'And again')), 'the next background to answer');
    const outcomes = () =>
      scene.stage.options.evaluate(async () => (await globalThis.switchboard.activity.list()).map(({ outcome }) => outcome));
    await until(async () => (await outcomes()).includes('interrupted'), 'the call that was cut off to be listed');
    expect((await outcomes()).filter((outcome) => outcome === 'interrupted')).toHaveLength(1);
    await page.close();
  });
});
