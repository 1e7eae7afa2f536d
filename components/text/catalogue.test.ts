import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { availableBackends } from '../../lib/backends/all.ts';

type Catalogue = Record<string, { message: string; placeholders?: Record<string, { content: string }> }>;

const root = new URL('../../', import.meta.url).pathname;
const english = read('public/_locales/en/messages.json');
const fieldKeys = new Set(
  availableBackends.flatMap(({ fields }) =>
    fields.flatMap(({ label, hint, choices = [] }) => [label, ...(hint ? [hint] : []), ...choices.map((choice) => choice.label)]),
  ),
);
const languages = globSync('public/_locales/*/messages.json', { cwd: root });

test('every language has every text, with the same gaps', () => {
  expect(languages.length).toBeGreaterThan(1);
  for (const language of languages) {
    const catalogue = read(language);
    expect(Object.keys(catalogue), language).toEqual(Object.keys(english));
    for (const [key, { message, placeholders = {} }] of Object.entries(catalogue)) {
      expect(message.trim(), `${language} ${key}`).not.toBe('');
      expect(Object.keys(placeholders).sort(), `${language} ${key}`).toEqual(Object.keys(english[key]?.placeholders ?? {}).sort());
      expect(gapsIn(message), `${language} ${key}`).toEqual(Object.keys(placeholders).sort());
    }
  }
});

test('gaps are numbered by the alphabet of their names, as t() passes them', () => {
  for (const language of languages) {
    for (const [key, { placeholders = {} }] of Object.entries(read(language))) {
      const contents = Object.keys(placeholders)
        .sort()
        .map((name) => placeholders[name]?.content);
      expect(contents, `${language} ${key}`).toEqual(contents.map((_, index) => `$${index + 1}`));
    }
  }
});

test('every text is used somewhere', () => {
  const sources = ['components', 'entrypoints', 'lib', 'scripts']
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root }))
    .filter((file) => !/\.test\.tsx?$/.test(file))
    .map((file) => readFileSync(root + file, 'utf8'))
    .join('\n');
  const words = new Set([...sources.replaceAll(/__MSG_(\w+?)__/g, '$1').matchAll(/'(\w+)'/g)].map(([, word]) => word));
  // Backends may make the keys of their fields from parts.
  const unused = Object.keys(english).filter((key) => !words.has(key) && !fieldKeys.has(key));
  expect(unused).toEqual([]);
});

test('every field of every backend has its texts', () => {
  expect([...fieldKeys].filter((key) => !Object.hasOwn(english, key))).toEqual([]);
});

function read(path: string): Catalogue {
  return JSON.parse(readFileSync(root + path, 'utf8')) as Catalogue;
}

function gapsIn(message: string): string[] {
  const names = [...message.replaceAll('$$', '').matchAll(/\$(\w+)\$/g)].map(([, name]) => name ?? '');
  return [...new Set(names)].sort();
}
