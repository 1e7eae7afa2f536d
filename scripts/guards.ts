import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './extension-folder.ts';
import { type Guard, guards } from './guards-table.ts';

/**
 * `npm run guards [part of a name]`: switches one guard after another off, in a copy of the sources, and runs the tests
 * that should notice. A guard without which every test passes is a hole in the tests; so is one that cannot be found.
 */
const wanted = process.argv[2]?.toLowerCase() ?? '';
const chosen = guards.filter(({ name }) => name.toLowerCase().includes(wanted));
const copy = copySources();
let failures = 0;
/** Files of tests, and whether they pass with every guard on. */
const sound = new Map<string, boolean>();
try {
  for (const guard of chosen) await tryWithout(guard);
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`${chosen.length - failures} of ${chosen.length} guards bite`);
process.exitCode = failures === 0 && chosen.length > 0 ? 0 : 1;

async function tryWithout({ name, file, on, off, tests }: Guard): Promise<void> {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  const places = source.split(on).length - 1;
  if (places !== 1) return report(false, name, `is not found once in ${file}, but ${places} times`);
  const key = tests.join();
  if (!sound.has(key)) sound.set(key, (await passes(tests)) || (await passes(tests)));
  if (!sound.get(key)) return report(false, name, `nothing can be said: with the guard on, ${tests.join(', ')} fail`);
  const startedAt = performance.now();
  writeFileSync(
    path,
    source.replace(on, () => off),
  );
  const survived = await passes(tests);
  writeFileSync(path, source);
  report(
    !survived,
    name,
    survived ? `nothing failed without it: ${tests.join(', ')}` : `${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
  );
}

function report(isOk: boolean, name: string, detail: string): void {
  if (!isOk) failures += 1;
  console.log(`${isOk ? '✓' : '✗'} ${name.padEnd(60)} ${detail}`);
}

function copySources(): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-guards-'));
  for (const name of [
    'components',
    'entrypoints',
    'lib',
    'public',
    'scripts',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
    'wxt.config.ts',
    '.wxt',
  ]) {
    cpSync(join(root, name), join(folder, name), { recursive: true, errorOnExist: false, force: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return folder;
}

/** Whether the tests pass. One that hangs without its guard has noticed too. */
function passes(tests: string[]): Promise<boolean> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--project', 'unit', '--bail', '1', '--reporter', 'dot', ...tests], {
    cwd: copy,
    stdio: 'ignore',
  });
  const tooLong = setTimeout(() => child.kill('SIGKILL'), 120_000);
  return new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(tooLong);
      resolve(code === 0);
    });
  });
}
