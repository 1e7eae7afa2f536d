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
    await page.evaluate(() => {
      addEventListener('pageshow', (event) => {
        if (event.persisted) document.title = 'Back';
      });
    });
    scene.server.next({ endless: true, tokenDelayMs: 20 });
    await page.evaluate(() => {
      void (async () => {
        const stream = await window.ai.chat.completions.create({ messages: [{ role: 'user', content: 'Go on' }], stream: true });
        for await (const _ of stream);
      })().catch((error) => {
        document.body.dataset.ended = error.code;
      });
    });
    await untilAnswering(scene);
    await page.goto(scene.site.url('/other'));
    await until(() => scene.server.aborted === 1, 'the server to see the connection close', 2000);
    await page.evaluate(() => history.back());
    await until(() => page.evaluate(() => document.title === 'Back').catch(() => false), 'the page to come back from the cache');
    await until(() => page.evaluate(() => document.body.dataset.ended === 'interrupted'), 'the page to hear that its answer was cut off');
    expect(await ask(page, 'Still here?')).toMatchObject({ text: answerText });
    await page.close();
  });
});
