import { expect, test } from 'vitest';
import { createInfo } from './info.ts';

test('[H-11] the provider has another id for each page, and nothing else that could tell two of them apart', () => {
  const infos = Array.from({ length: 50 }, () => createInfo('1.2.3'));
  expect(new Set(infos.map(({ uuid }) => uuid)).size).toBe(50);
  expect(new Set(infos.map(({ uuid: _, ...rest }) => JSON.stringify(rest))).size).toBe(1);
});
