import type { NativeModel } from '../backends/chrome/native.ts';

/** The `LanguageModel` that the browser gives its extensions, also in the background; undefined where there is none. */
export function findNativeModel(scope: object = globalThis): NativeModel | undefined {
  const found = (scope as { LanguageModel?: Partial<NativeModel> }).LanguageModel;
  return typeof found?.create === 'function' && typeof found.availability === 'function' ? (found as NativeModel) : undefined;
}
