import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../scripts/extension-folder.ts';
import { browsers } from './harness.ts';
import { allow, ask, openPage, openScene, type Scene } from './scene.ts';

/** Sure at temperature 0. */
const known: [string, RegExp][] = [
  ['Who are you?', /Pocket/],
  ['How do I connect KoboldCpp?', /127\.0\.0\.1:5001/],
  ['How do I connect Ollama?', /11434/],
  ['What is the capital of Norway?', /Oslo/],
  ['count to 5', /1, 2, 3, 4, 5\./],
  ['what is 7 + 5', /12/],
  ['你是谁？', /Pocket/],
];

describe.each(browsers)('a model inside the browser, in %s', (name) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(name, {
      routes: {
        '/model.gguf': (_request, response) =>
          void response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(readPocket()),
      },
    });
    await scene.stage.options.evaluate(async () => {
      const { switchboard } = globalThis;
      const connectionId = await switchboard.connections.save({
        backend: 'ondevice',
        name: 'Pocket (demo model)',
        config: {},
        model: 'pocket',
        generation: { sampling: { temperature: 0 } },
      });
      await switchboard.defaults.set({ connectionId, model: 'pocket' });
    });
    await allow(scene, scene.site.origin());
  });
  afterAll(() => scene?.close());

  it('answers what Pocket is known to answer', { timeout: 120_000 }, async () => {
    const page = await openPage(scene);
    for (const [question, answer] of known) expect(await ask(page, question)).toMatchObject({ text: expect.stringMatching(answer) });
    await page.close();
  });

  it('can be added from an address and survives a restart of the background', { timeout: 120_000 }, async () => {
    const id = await scene.stage.options.evaluate(
      (url) => globalThis.switchboard.ondevice.add(url, 'My own'),
      scene.site.url('/model.gguf'),
    );
    await scene.stage.stopBackground();
    const page = await openPage(scene);
    expect(await ask(page, 'Who are you?', id)).toMatchObject({ text: expect.stringContaining('Pocket') });
    await page.close();
  });

  it('stops when the page aborts, and answers the next', { timeout: 60_000 }, async () => {
    const page = await openPage(scene);
    const name = await page.evaluate(async () => {
      const stop = new AbortController();
      try {
        const stream = await window.ai.chat.completions.create(
          { messages: [{ role: 'user', content: 'Tell me a story' }], stream: true },
          { signal: stop.signal },
        );
        for await (const _ of stream) stop.abort();
        return undefined;
      } catch (error) {
        return (error as Error).name;
      }
    });
    expect(name).toBe('AbortError');
    expect(await ask(page, 'Who are you?')).toMatchObject({ text: expect.stringContaining('Pocket') });
    await page.close();
  });
});

function readPocket(): Buffer {
  return readFileSync(`${root}/public/models/pocket.gguf`);
}
