import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browsers, until } from './harness.ts';
import { allow, ask, openPage, openScene, type Scene, untilAnswering } from './scene.ts';

describe.each(browsers)('an answer that is no longer wanted, in %s', (name) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(name, { scenario: { endless: true, tokenDelayMs: 20 } });
    await allow(scene, scene.site.origin());
  });
  beforeEach(() => scene.server.reset());
  afterAll(() => scene?.close());

  it('stops at the server when the page aborts', async () => {
    const page = await openPage(scene);
    const error = await page.evaluate(async () => {
      const stop = new AbortController();
      const stream = await window.ai.chat.completions.create(
        { messages: [{ role: 'user', content: 'Go on' }], stream: true },
        { signal: stop.signal },
      );
      try {
        let count = 0;
        for await (const _ of stream) {
          count += 1;
          if (count === 3) stop.abort();
        }
        return undefined;
      } catch (thrown) {
        return (thrown as Error).name;
      }
    });
    expect(error).toBe('AbortError');
    await until(() => scene.server.aborted === 1, 'the server to see the connection close', 2000);
    await page.close();
  });

  it('stops at the server when the page leaves the loop', async () => {
    const page = await openPage(scene);
    await page.evaluate(async () => {
      const stream = await window.ai.chat.completions.create({ messages: [{ role: 'user', content: 'Go on' }], stream: true });
      for await (const _ of stream) break;
    });
    await until(() => scene.server.aborted === 1, 'the server to see the connection close', 2000);
    await page.close();
  });

  it('stops at the server when the tab is closed', async () => {
    const page = await openPage(scene);
    void ask(page, 'Go on').catch(() => {});
    await untilAnswering(scene);
    await page.close();
    await until(() => scene.server.aborted === 1, 'the server to see the connection close', 2000);
  });

  it('stops at the server when the user revokes the site', async () => {
    const page = await openPage(scene);
    const asked = ask(page, 'Go on');
    await untilAnswering(scene);
    await scene.stage.options.evaluate((origin) => globalThis.switchboard.grants.revoke(origin), scene.site.origin());
    expect(await asked).toMatchObject({ error: { code: expect.any(String) } });
    await until(() => scene.server.aborted === 1, 'the server to see the connection close', 2000);
    await allow(scene, scene.site.origin());
    await page.close();
  });
});
