import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browsers, until } from './harness.ts';
import { allow, answerText, openScene, type Scene } from './scene.ts';

/** A frame reports to its top document what a call brought. Those without `window.ai` say so. */
const asker = `<!doctype html><script>
  (async () => {
    let outcome;
    try {
      if (!window.ai) outcome = 'no ai';
      else {
        const answer = await window.ai.chat.completions.create({ messages: [{ role: 'user', content: 'From a frame' }] });
        outcome = answer.choices[0].message.content;
      }
    } catch (error) { outcome = error.code ?? error.name; }
    top.postMessage({ kind: new URLSearchParams(location.search).get('kind') ?? window.kind, outcome }, '*');
  })();
</script>`;

const top = `<!doctype html><title>Frames</title><button id="ask">Ask</button><script>
  window.outcomes = {};
  addEventListener('message', ({ data }) => { outcomes[data.kind] = data.outcome; });
  window.addFrames = (kinds) => {
    for (const [kind, attributes] of Object.entries(kinds)) {
      const frame = document.createElement('iframe');
      for (const [name, value] of Object.entries(attributes)) frame.setAttribute(name, value);
      document.body.append(frame);
    }
  };
</script>`;

describe.each(browsers)('a call from a frame, in %s', (name) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(name, { routes: { '/top': top, '/asker': asker } });
    await allow(scene, scene.site.origin());
    await allow(scene, scene.site.origin('localhost'));
  });
  afterAll(() => scene?.close());

  it('is answered for the same origin and refused for every other kind', async () => {
    const { site, stage } = scene;
    const page = await stage.newPage(site.url('/top'));
    await page.click('#ask');
    const inline = (kind: string) => asker.replace('<script>', `<script>window.kind = '${kind}';`);
    const kinds: Record<string, Record<string, string>> = {
      same: { src: '/asker?kind=same' },
      cross: { src: `${site.url('/asker', 'localhost')}?kind=cross` },
      sandboxed: { src: '/asker?kind=sandboxed', sandbox: 'allow-scripts' },
      sandboxedSame: { src: '/asker?kind=sandboxedSame', sandbox: 'allow-scripts allow-same-origin' },
      srcdoc: { srcdoc: inline('srcdoc') },
      sandboxedSrcdoc: { srcdoc: inline('sandboxedSrcdoc'), sandbox: 'allow-scripts' },
      data: { src: `data:text/html,${encodeURIComponent(inline('data'))}` },
    };
    await page.evaluate((kinds) => (window as unknown as { addFrames(kinds: unknown): void }).addFrames(kinds), kinds);
    const read = () => page.evaluate(() => (window as unknown as { outcomes: Record<string, string> }).outcomes);
    await until(async () => Object.keys(await read()).length === Object.keys(kinds).length, 'every frame to report', 20_000);
    const outcomes = await read();
    const refused = expect.stringMatching(/^(unsupported-context|no ai)$/);
    expect(outcomes).toEqual({
      same: answerText,
      sandboxedSame: answerText,
      srcdoc: answerText,
      cross: refused,
      sandboxed: refused,
      sandboxedSrcdoc: refused,
      data: refused,
    });
    await page.close();
  });
});
