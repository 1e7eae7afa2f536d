import type { Calls } from '../calls.ts';
import { define, deleteProperty } from '../primordials.ts';
import { refuse } from './errors.ts';
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
    let late: Late | undefined;
    // It is there only while it is waited for.
    define(scope, lateKey, {
      set: (start: (scope: object, ground: Ground) => Late) => {
        late = start(scope, ground);
      },
    });
    try {
      await calls.request('prompt.load', '{}');
      return late ?? refuse('OperationError', 'The page has broken what its own scripts stand on.');
    } catch (error) {
      loading = undefined;
      const { name, message } = error as Error;
      return refuse(name === 'NotAllowedError' ? name : 'OperationError', message);
    } finally {
      deleteProperty(scope, lateKey);
    }
  }
}
