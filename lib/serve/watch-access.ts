import type { Caller } from '../router/caller.ts';
import type { Router } from '../router/router.ts';

export interface WatchAccessOptions {
  router: Router;
  caller: Caller;
  signal: AbortSignal;
  watchChanges(listener: () => void): () => void;
  emit(value: unknown): void;
}

/**
 * Emits what the site may do, now and each time it becomes different, until aborted. One question at a time: changes
 * that come while it is asked lead to one more.
 */
export async function watchAccess({ router, caller, signal, watchChanges, emit }: WatchAccessOptions): Promise<void> {
  let hasChanged = Promise.withResolvers<void>();
  const undo = watchChanges(() => hasChanged.resolve());
  const stop = () => hasChanged.resolve();
  signal.addEventListener('abort', stop);
  try {
    let last = '';
    while (!signal.aborted) {
      hasChanged = Promise.withResolvers();
      const state = await router.queryAccess(caller);
      const text = JSON.stringify(state);
      if (text !== last) emit(state);
      last = text;
      if (!signal.aborted) await hasChanged.promise;
    }
  } finally {
    undo();
    signal.removeEventListener('abort', stop);
  }
}
