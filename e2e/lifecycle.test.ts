import type { Page } from 'puppeteer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browsers, until } from './harness.ts';
import { allow, answerText, ask, openPage, openScene, type Scene, untilAnswering } from './scene.ts';

describe.each(browsers)('a page that lives longer than what answers it, in %s', (name) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(name, { routes: { '/other': '<!doctype html><title>Elsewhere</title>' } });
    await allow(scene, scene.site.origin());
  });
  beforeEach(() => scene.server.reset());
  afterAll(() => scene?.close());

  it('is told that its answer was cut off when the background dies, and the next call works', async () => {
    const page = await openPage(scene);
    scene.server.next({ endless: true, tokenDelayMs: 20 });
    const asked = ask(page, 'Go on');
    await untilAnswering(scene);
    await scene.stage.stopBackground();
    expect(await asked).toMatchObject({ error: { code: 'interrupted' } });
    await until(() => scene.server.aborted === 1, 'the server to see the connection close', 2000);
    expect(await ask(page, 'Once more')).toMatchObject({ text: answerText });
    await page.close();
  });

  it('wakes a background that slept', async () => {
    const page = await openPage(scene);
    expect(await ask(page, 'One')).toMatchObject({ text: answerText });
    await scene.stage.stopBackground();
    expect(await ask(page, 'Two')).toMatchObject({ text: answerText });
    await page.close();
  });

  it('stops asking while it is only kept for the way back, and works after it', async () => {
    const page = await openPage(scene);
    // A browser may keep a page or not; the first one that it keeps will do.
    for (let attempt = 1; (await leaveAndReturn(page)) === 'new'; attempt++) expect(attempt).toBeLessThan(4);
    await until(() => page.evaluate(() => document.body.dataset.ended === 'interrupted'), 'the page to hear that its answer was cut off');
    expect(await ask(page, 'Still here?')).toMatchObject({ text: answerText });
    await page.close();
  });

  /** Leaves while an answer is under way; what there is on the way back: the page that was kept, or a new one. */
  async function leaveAndReturn(page: Page): Promise<'kept' | 'new'> {
    scene.server.reset();
    scene.server.next({ endless: true, tokenDelayMs: 20 });
    await page.evaluate(() => {
      document.body.dataset.show = 'first';
      addEventListener('pageshow', ({ persisted }) => {
        if (persisted) document.body.dataset.show = 'kept';
      });
      void (async () => {
        const stream = await window.ai.chat.completions.create({ messages: [{ role: 'user', content: 'Go on' }], stream: true });
        for await (const _ of stream);
      })().catch((error) => {
        document.body.dataset.ended = error.code;
      });
    });
    await untilAnswering(scene);
    await page.goto(scene.site.url('/other'));
    await until(() => scene.server.aborted === 1, 'the server to see the connection close', 5000);
    await page.evaluate(() => void setTimeout(() => history.back()));
    const shown = () => page.evaluate(() => (document.title === 'Elsewhere' ? 'elsewhere' : (document.body?.dataset.show ?? 'new')));
    let now = 'elsewhere';
    await until(async () => {
      now = await shown().catch(() => 'elsewhere');
      return now === 'kept' || now === 'new';
    }, 'the page to come back');
    return now as 'kept' | 'new';
  }
});
