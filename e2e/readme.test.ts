import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBrowser } from '../scripts/browsers.ts';
import { extensionFolder, root } from '../scripts/extension-folder.ts';
import { bundle } from './bundle.ts';
import { browsers } from './harness.ts';
import { allow, answerText, openPage, openScene, type Scene } from './scene.ts';

const run = promisify(execFile);

/** Every block of JavaScript in the README, by the heading or sentence that stands before it. */
const examples = [...read('README.md').matchAll(/\n([^\n]+)\n+```js\n([\s\S]*?)```/g)].map(([, title = '', code = '']) => ({
  title,
  code,
}));

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
    // As text, because Vitest rewrites an import() that it sees.
    const printed = await page.evaluate(`(async () => {
      const lines = [];
      console.log = (...values) => lines.push(values.join(' '));
      await import('/example-${index}.js');
      return lines.join('');
    })()`);
    expect(printed).toContain(answerText);
    await page.close();
  });
});

describe.each(browsers)('docs/testing-your-app.md, in %s', (name) => {
  it('holds a complete test that passes', { timeout: 60_000 }, async () => {
    const code = /```js\n([\s\S]*?)```/.exec(read('docs/testing-your-app.md'))?.[1] ?? '';
    const folder = join(root, 'test-results');
    const file = join(folder, `app-${name}.test.mjs`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, code);
    const { executablePath } = await ensureBrowser(name);
    const env = { ...process.env, CI: 'true', SWITCHBOARD: dirname(extensionFolder(name)), PUPPETEER_EXECUTABLE_PATH: executablePath };
    const { stdout } = await run(process.execPath, [file, name], { cwd: folder, env, timeout: 50_000 });
    expect(stdout).toBe('passed\n');
  });
});

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
