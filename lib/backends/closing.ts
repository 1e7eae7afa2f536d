/**
 * A stream whose `return` does not wait for a step under way, as that of an async generator would: it aborts the signal
 * it gave to `run`, so that the connection closes at once, and the step ends without an item.
 */
export function closing<Item>(
  signal: AbortSignal,
  run: (signal: AbortSignal) => AsyncGenerator<Item, void>,
): AsyncIterableIterator<Item, void, undefined> {
  const stop = new AbortController();
  const steps = run(AbortSignal.any([signal, stop.signal]));
  let isWaiting = false;
  return {
    async next() {
      isWaiting = true;
      try {
        return await steps.next();
      } catch (error) {
        if (stop.signal.aborted) return finished;
        throw error;
      } finally {
        isWaiting = false;
      }
    },
    async return() {
      if (isWaiting) stop.abort();
      await steps.return().catch(() => undefined);
      return finished;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const finished = { done: true, value: undefined } as const;
