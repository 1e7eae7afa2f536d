import { expect, test } from 'vitest';
import { threadCount } from './threads.ts';

test.each([
  [1, 1],
  [2, 1],
  [3, 2],
  [4, 2],
  [8, 4],
  [16, 8],
])('of %i processors llama.cpp gets %i', (processors, threads) => {
  expect(threadCount(true, processors)).toBe(threads);
});

test('without cross-origin isolation there is one thread, whatever the machine has', () => {
  expect(threadCount(false, 16)).toBe(1);
});
