import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../scripts/extension-folder.ts';
import { bundle } from './bundle.ts';
import { browsers } from './harness.ts';
import { allow, answerText, openPage, openScene, type Scene } from './scene.ts';

/** Every block of JavaScript in the README, with the heading or sentence that stands before it. */
const examples = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/\n([^\n]+)\n+```js\n([\s\S]*?)```/g)].map(
  ([, title = '', code = '']) => ({ title, code }),
);

describe.each(browsers)('the examples of the README, in %s', (name) => {
  let scene: Scene;
  beforeAll(async () => {
    const pages = await Promise.all(
      examples.map(async ({ code }, index) => [
        [`/example-${index}`, '<!doctype html><title>Example</title><button id="ask">Ask</button><p id="answer"></p>'],
        [`/example-${index}.js`, { type: 'text/javascript', body: await bundle(code) }],
      ]),
    );
    scene = await openScene(name, { routes: Object.fromEntries(pages.flat()) });
    await allow(scene, scene.site.origin());
  });
  afterAll(() => scene?.close());

  it('are four', () => {
    expect(examples).toHaveLength(4);
  });

  it.each(examples.map(({ title }, index) => [title, index] as const))('%s', async (_title, index) => {
    const page = await openPage(scene, `/example-${index}`);
    const printed = await page.evaluate(async (script) => {
      const lines: string[] = [];
      console.log = (...values: unknown[]) => lines.push(values.join(' '));
      await import(script);
      return lines.join('');
    }, `/example-${index}.js`);
    expect(printed).toContain(answerText);
    await page.close();
  });
});
