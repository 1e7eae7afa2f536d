import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './extension-folder.ts';
import { guards } from './guards-table.ts';

it.each(guards)('the guard "$name" is where the table says, once', ({ file, on }) => {
  expect(readFileSync(resolve(root, file), 'utf8').split(on)).toHaveLength(2);
});
