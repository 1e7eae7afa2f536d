import type { PageEvent } from '../protocol/wire.ts';
import type { Caller } from '../router/caller.ts';
import type { Router } from '../router/router.ts';

export interface WatchAccessOptions {
  router: Router;
  caller: Caller;
  signal: AbortSignal;
  watchChanges(listener: () => void): () => void;
  emit(value: unknown): void;
}

/** The value of each event a page can listen to, as JSON text: pages compare it with what they know. */
export type AccessTexts = Record<PageEvent, string>;

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
      const texts: AccessTexts = {
        accesschanged: JSON.stringify(state),
        modelchanged: JSON.stringify(state.models.find(({ isDefault }) => isDefault) ?? null),
      };
      const text = JSON.stringify(texts);
      if (text !== last) emit(texts);
      last = text;
      if (!signal.aborted) await hasChanged.promise;
    }
  } finally {
    undo();
    signal.removeEventListener('abort', stop);
  }
}
