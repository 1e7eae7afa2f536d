import { expect, it } from 'vitest';
import { retryAfterSeconds } from './retry-after.ts';

const now = Date.parse('Sun, 22 Nov 2026 10:00:00 GMT');

it.each<[Record<string, string>, number | undefined]>([
  [{}, undefined],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': '5' }, 5],
  [{ 'retry-after': '1.5' }, 1.5],
  [{ 'retry-after': '120' }, 120],
  [{ 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT' }, 30],
  [{ 'retry-after': 'Sun, 22 Nov 2026 09:00:00 GMT' }, 0],
  [{ 'retry-after': '-5' }, undefined],
  [{ 'retry-after': 'abc' }, undefined],
  [{ 'retry-after': '1e9' }, undefined],
  [{ 'retry-after': 'Infinity' }, undefined],
  [{ 'retry-after': '0x10' }, undefined],
  [{ 'retry-after': '' }, undefined],
  [{ 'retry-after': '2026-11-22' }, undefined],
  [{ 'retry-after-ms': '250', 'retry-after': '9' }, 0.25],
  [{ 'retry-after-ms': 'soon', 'retry-after': '9' }, 9],
])('reads %j as %s seconds', (headers, seconds) => {
  expect(retryAfterSeconds(new Headers(headers), now)).toBe(seconds);
});
