import { expect, it } from 'vitest';
import { createNativeModel } from '../testing/native-model.ts';
import { findNativeModel } from './native-model.ts';

it('finds the model of the browser where there is one, and nothing that only has its name', () => {
  const native = createNativeModel();
  expect(findNativeModel({ LanguageModel: native })).toBe(native);
  expect(findNativeModel({})).toBeUndefined();
  expect(findNativeModel({ LanguageModel: class {} })).toBeUndefined();
});
