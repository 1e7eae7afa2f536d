import { Script } from 'node:vm';
import { expect, test } from 'vitest';
import { actionFailed } from '../lib/engine/failures.ts';
import { engineFiles as paths } from '../lib/engine/packaged-worker.ts';
import { engineFiles } from './engine-files.ts';

function contentsOf(browser: string): Map<string, string> {
  return new Map(engineFiles(process.cwd(), browser).map((file) => [`/${file.relativeDest}`, 'contents' in file ? file.contents : '']));
}

test('the package holds every file the engine asks for, and Firefox none it cannot use', () => {
  expect([...contentsOf('chrome').keys()].sort()).toEqual(
    ['/engine.html', '/engine/LICENSE.txt', paths.threads, paths.wasm, paths.worker].sort(),
  );
  expect([...contentsOf('firefox').keys()].sort()).toEqual(['/engine/LICENSE.txt', paths.wasm, paths.worker].sort());
});

test('the worker made from the sources of wllama is a script, and says when llama.cpp refused', () => {
  const files = contentsOf('chrome');
  for (const path of [paths.worker, paths.threads]) {
    const source = files.get(path) ?? '';
    expect(() => new Script(source)).not.toThrow();
    expect(source).not.toMatch(/\beval\(|new Function\(/);
  }
  expect(files.get(paths.worker)).toContain(actionFailed);
});
