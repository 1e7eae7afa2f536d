import { expect, test } from 'vitest';
import { furtherSamplers, isInUse, mainSamplers, samplerAt, withSampler } from './sampler-table.ts';

test('a sampler is set and taken away, one of a group in its group', () => {
  const one = withSampler(undefined, 'temperature', 0.7);
  const two = withSampler(one, 'dry.multiplier', 0.8);
  expect(two).toEqual({ temperature: 0.7, dry: { multiplier: 0.8 } });
  expect(samplerAt(two, 'dry.multiplier')).toBe(0.8);
  expect(isInUse(two, 'dry.base')).toBe(true);
  expect(withSampler(two, 'dry.multiplier', undefined)).toEqual({ temperature: 0.7 });
  expect(withSampler(one, 'temperature', undefined)).toBeUndefined();
});

test('what a form shows is never changed in place', () => {
  const before = { dry: { multiplier: 1 } };
  withSampler(before, 'dry.base', 2);
  expect(before).toEqual({ dry: { multiplier: 1 } });
});

test('no sampler is there twice', () => {
  const paths = [...mainSamplers, ...furtherSamplers].map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
});
