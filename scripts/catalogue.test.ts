import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cataloguePath, testFiles, testsOf, writeCatalogue } from './catalogue.ts';
import { groups } from './catalogue-lines.ts';
import { root } from './extension-folder.ts';
import { sourceFiles } from './imports.ts';

const files = testFiles();
const lines = groups.flatMap((group) => group.lines);

describe('the catalogue', () => {
  it('names tests that are there', () => {
    expect(lines.flatMap((line) => testsOf(line, files).missing)).toEqual([]);
  });

  it('has a test for each line, or a reason', () => {
    expect(lines.filter((line) => testsOf(line, files).found.length === 0 && !line.limit).map(({ id }) => id)).toEqual([]);
  });

  it('numbers its lines without a gap', () => {
    for (const { name, lines: own } of groups) expect(own.map(({ id }) => id)).toEqual(own.map((_, index) => `${name}-${index + 1}`));
  });

  it('is written as it is now (else: node scripts/catalogue.ts)', () => {
    expect(readFileSync(cataloguePath, 'utf8')).toBe(writeCatalogue(files));
  });
});

describe('the sources', () => {
  it('[H-14] have no field for a key or a passphrase that shows it, or that the browser remembers as a text', () => {
    const fields = globSync('components/**/*.tsx', { cwd: root }).flatMap((path) => {
      const inputs = readFileSync(resolve(root, path), 'utf8').match(/<input\b[\s\S]*?\/>/g) ?? [];
      return inputs.filter((input) => /value=\{[^}]*(?:key|secret|entered|passphrase)\b|type="password"/i.test(input));
    });
    expect(fields.length).toBeGreaterThan(4);
    expect(fields.filter((input) => !(/type="password"/.test(input) && /autocomplete=(?:"off"|\{isNew)/.test(input)))).toEqual([]);
  });

  it('nothing is kept in storage.sync', () => {
    const users = sourceFiles().filter((path) => /storage\.sync/.test(readFileSync(resolve(root, path), 'utf8')));
    // The one that shuts content scripts out of it.
    expect(users).toEqual(['lib/storage/access-levels.ts']);
  });
});
