import { expect, it } from 'vitest';
import { withoutBlanks } from './blanks.ts';

it.each([
  ['', ['', '', '']],
  [' \n', [' \n', '', '']],
  ['a', ['', 'a', '']],
  [' a b\t\n', [' ', 'a b', '\t\n']],
])('%j comes apart', (text, parts) => {
  expect(Object.values(withoutBlanks(text))).toEqual(parts);
});

it('[F-19] a page’s text of blanks without end comes apart at once', () => {
  const text = `x${'\t'.repeat(1_000_000)}x`;
  expect(withoutBlanks(text).core).toBe(text);
});
