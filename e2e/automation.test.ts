import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browsers } from './harness.ts';
import { answerText, ask, openPage, openScene, type Scene, untilNewestLine } from './scene.ts';

describe.each(browsers)('globalThis.switchboard on the options page, in %s', (name) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(name);
  });
  afterAll(() => scene?.close());

  it('connects, tests, lists and removes', async () => {
    const got = await scene.stage.options.evaluate(async (baseUrl) => {
      const { switchboard } = globalThis;
      const id = await switchboard.connections.save({ backend: 'llamacpp', name: 'Second', config: { baseUrl } });
      const tested = await switchboard.connections.test(id);
      const listed = await switchboard.connections.list();
      await switchboard.connections.remove(id);
      const left = await switchboard.connections.list();
      return { id, tested, listed, left, isFrozen: Object.isFrozen(switchboard) };
    }, scene.server.url);
    expect(got.isFrozen).toBe(true);
    expect(got.tested).toMatchObject({ ok: true, latencyMs: expect.any(Number) });
    expect(got.listed).toContainEqual(expect.objectContaining({ id: got.id, backend: 'llamacpp', name: 'Second' }));
    expect(got.left.map(({ id }) => id)).not.toContain(got.id);
  });

  it('says in plain words what is wrong with a connection', async () => {
    const tested = await scene.stage.options.evaluate(async () => {
      const { switchboard } = globalThis;
      const id = await switchboard.connections.save({ backend: 'llamacpp', name: 'Nobody', config: { baseUrl: 'http://127.0.0.1:9' } });
      const result = await switchboard.connections.test(id);
      await switchboard.connections.remove(id);
      return result;
    });
    expect(tested).toMatchObject({ ok: false, error: { code: 'unreachable', message: expect.stringContaining('127.0.0.1:9') } });
  });

  it.each([['file:///etc/passwd'], ['http://user:word@127.0.0.1:8080'], ['not an address at all']])(
    'refuses the address %s and says why',
    async (baseUrl) => {
      const message = await scene.stage.options.evaluate(async (baseUrl) => {
        try {
          await globalThis.switchboard.connections.save({ backend: 'llamacpp', name: 'Wrong', config: { baseUrl } });
          return undefined;
        } catch (error) {
          return (error as Error).message;
        }
      }, baseUrl);
      expect(message).toMatch(/\w+ .*\.$/);
      expect(message).not.toContain('word@');
    },
  );

  it('grants, lists and revokes what a page may do, and shows what it did', async () => {
    const origin = scene.site.origin();
    await scene.stage.options.evaluate(
      async (origin) => void (await globalThis.switchboard.grants.set({ origin, models: ['*'], decision: 'always' })),
      origin,
    );
    const page = await openPage(scene);
    expect(await ask(page, 'Hello')).toMatchObject({ text: answerText });
    const grants = await scene.stage.options.evaluate(() => globalThis.switchboard.grants.list());
    expect(grants).toContainEqual(expect.objectContaining({ origin, decision: 'always' }));
    await untilNewestLine(scene, { origin, outcome: 'done' });
    const activity = await scene.stage.options.evaluate(() => globalThis.switchboard.activity.list());
    expect(JSON.stringify(activity)).not.toContain('Hello');
    await scene.stage.options.evaluate((origin) => globalThis.switchboard.grants.revoke(origin), origin);
    expect(await scene.stage.options.evaluate(() => globalThis.switchboard.grants.list())).toEqual([]);
    await page.close();
  });

  it('is there for the options page alone', async () => {
    const page = await openPage(scene);
    expect(await page.evaluate(() => 'switchboard' in globalThis)).toBe(false);
    await page.close();
  });
});
