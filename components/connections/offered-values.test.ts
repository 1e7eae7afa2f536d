import { expect, test } from 'vitest';
import { listedValues, toggledValue } from './offered-values.ts';

test('a value is added at the end and taken out where it is, whatever stands between the others', () => {
  expect(toggledValue('', 'a')).toBe('a');
  expect(toggledValue('a,b\n c ,', 'd')).toBe('a, b, c, d');
  expect(toggledValue('a, b, c', 'b')).toBe('a, c');
  expect(listedValues(' , ')).toEqual([]);
});
