import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { examplePackages, readExamples } from './doc-examples.ts';
import { root } from './extension-folder.ts';
import { type Consumer, packClient } from './pack-client.ts';

const examples = readExamples().filter(({ language }) => language === 'ts');
let consumer: Consumer;

beforeAll(() => {
  consumer = packClient(examplePackages);
}, 60_000);
afterAll(() => consumer?.remove());

it('the examples in TypeScript are right about the types', () => {
  const options = { target: 'es2023', module: 'esnext', moduleResolution: 'bundler', strict: true, noEmit: true, skipLibCheck: true };
  const compilerOptions = { ...options, lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'], types: [] };
  const files = examples.map(({ place, code }) => {
    const file = `${place.replace(/\W+/g, '-')}.ts`;
    // A module of its own, whether it imports or not.
    writeFileSync(join(consumer.folder, file), `${code}\nexport {};\n`);
    return file;
  });
  writeFileSync(join(consumer.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  expect(files.length).toBeGreaterThan(5);
  expect(compile('tsconfig.json')).toBe('');
}, 60_000);

function compile(project: string): string {
  try {
    const typescript = join(root, 'node_modules/typescript/bin/tsc');
    return execFileSync(process.execPath, [typescript, '-p', project], { cwd: consumer.folder, encoding: 'utf8' });
  } catch (error) {
    return String((error as { stdout?: string }).stdout);
  }
}
