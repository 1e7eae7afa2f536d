import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOllama } from '../lib/testing/emulators/ollama.ts';
import type { Emulator } from '../lib/testing/kit/start-emulator.ts';
import { browsers } from './harness.ts';
import { allow, ask, openPage, openScene, type Scene } from './scene.ts';

describe.each(browsers)('Ollama, which refuses requests of extensions, in %s', (name) => {
  let scene: Scene;
  let ollama: Emulator;
  beforeAll(async () => {
    ollama = await startOllama({ scenario: { tokens: ['It ', 'works'] } });
    scene = await openScene(name);
    await scene.stage.options.evaluate(async (baseUrl) => {
      const { switchboard } = globalThis;
      const connectionId = await switchboard.connections.save({ backend: 'ollama', name: 'Ollama', config: { baseUrl } });
      await switchboard.defaults.set({ connectionId });
    }, ollama.url);
    await allow(scene, scene.site.origin());
  });
  afterAll(async () => {
    await scene?.close();
    await ollama?.close();
  });

  it('answers a page through Switchboard, which asks without an Origin', async () => {
    const page = await openPage(scene);
    expect(await ask(page, 'Hello')).toMatchObject({ text: 'It works' });
    const posts = ollama.requests.filter(({ method }) => method === 'POST');
    expect(posts.length).toBeGreaterThan(0);
    expect(posts.filter(({ headers }) => 'origin' in headers)).toEqual([]);
    await page.close();
  });

  it('still sees the Origin of a page that asks it directly', async () => {
    const page = await openPage(scene, '/', 'stranger.localhost');
    ollama.reset();
    await page.evaluate((url) => fetch(`${url}/api/chat`, { method: 'POST', body: '{}' }).catch(() => {}), ollama.url);
    expect(ollama.requests.map(({ headers }) => headers.origin)).toContain(scene.site.origin('stranger.localhost'));
    await page.close();
  });
});
