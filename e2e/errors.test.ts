import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../lib/protocol/errors.ts';
import type { Scenario } from '../lib/testing/kit/scenario.ts';
import { browsers } from './harness.ts';
import { allow, answerText, ask, openPage, openScene, type Scene } from './scene.ts';

const faults: [string, Scenario, ErrorCode][] = [
  ['answers with a web page', { raw: 'html-200' }, 'bad-response'],
  ['refuses the key', { failure: 'unauthorized' }, 'unauthorized'],
  ['does not know the model', { failure: 'model-not-found' }, 'model-not-found'],
  ['has had too many requests', { failure: 'rate-limited', retryAfter: '120' }, 'rate-limited'],
  ['breaks', { failure: 'server' }, 'backend-error'],
  ['is reset in the middle', { failAt: 2, failMode: 'reset' }, 'interrupted'],
  ['stops inside a character', { failAt: 2, failMode: 'half-character' }, 'interrupted'],
  ['ends without its end', { failAt: 2, failMode: 'fin' }, 'interrupted'],
];

describe.each(browsers)('a server that fails, in %s', (name) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(name);
    await allow(scene, scene.site.origin());
  });
  beforeEach(() => scene.server.reset());
  afterAll(() => scene?.close());

  it('is a clear error of its own for the page, whatever it does, and the next call works', async () => {
    const page = await openPage(scene);
    const got: Record<string, unknown> = {};
    const messages: string[] = [];
    for (const [what, scenario] of faults) {
      scene.server.scenario = { ...scenario, tokens: ['one ', 'two ', 'three '] };
      const asked = await ask(page, 'Try');
      got[what] = 'error' in asked ? asked.error.code : asked;
      if ('error' in asked) messages.push(asked.error.message);
      scene.server.reset();
    }
    expect(got).toEqual(Object.fromEntries(faults.map(([what, , code]) => [what, code])));
    expect(new Set(messages).size).toBeGreaterThan(5);
    const isFit = (message: string) =>
      /^[A-Z].*\.$/.test(message) && !message.includes(String(scene.server.port)) && !message.includes('It says');
    expect(messages.filter((message) => !isFit(message))).toEqual([]);
    expect(await ask(page, 'And now?')).toMatchObject({ text: answerText });
    await page.close();
  });

  it('says how long to wait where the server said so', async () => {
    const page = await openPage(scene);
    scene.server.scenario = { failure: 'rate-limited', retryAfter: '120' };
    expect(await ask(page, 'Try')).toMatchObject({ error: { code: 'rate-limited', retryAfter: 120 } });
    await page.close();
  });

  it('is unreachable where nothing listens', async () => {
    const page = await openPage(scene);
    await scene.stage.options.evaluate(async () => {
      const { switchboard } = globalThis;
      const connectionId = await switchboard.connections.save({
        backend: 'custom',
        name: 'Nobody',
        config: { baseUrl: 'http://127.0.0.1:9/v1' },
        model: 'none',
      });
      await switchboard.defaults.set({ connectionId, model: 'none' });
    });
    expect(await ask(page, 'Anyone?')).toMatchObject({ error: { code: 'unreachable' } });
    await scene.stage.options.evaluate((connectionId) => globalThis.switchboard.defaults.set({ connectionId }), scene.connectionId);
    await page.close();
  });
});
