import type { Calls } from '../calls.ts';
import { define, deleteProperty, SafePromise } from '../primordials.ts';
import { exception } from './errors.ts';
import { type Ground, ground } from './ground.ts';
import type { Late } from './late/late.ts';
import { lateKey } from './late-key.ts';

/** Reads the late part of LanguageModel into this window, once. Rejects where that cannot be. */
export function createLoader(scope: object, calls: Calls): () => Promise<Late> {
  let loading: Promise<Late> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };

  async function load(): Promise<Late> {
    // It is there only while it is waited for.
    const late = new SafePromise<Late>((resolve) => {
      define(scope, lateKey, { set: (start: (scope: object, ground: Ground) => Late) => resolve(start(scope, ground)) });
    });
    try {
      await calls.request('prompt.load', '{}');
      return await late;
    } catch (error) {
      loading = undefined;
      const { name, message } = error as Error;
      throw exception({ name: name === 'NotAllowedError' ? name : 'OperationError', message });
    } finally {
      deleteProperty(scope, lateKey);
    }
  }
}
