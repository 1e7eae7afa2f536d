import { aborted } from './sleep.ts';

/** A fact about the server that many calls need. */
export interface AskedOnce<Value> {
  get(signal: AbortSignal): Promise<Value>;
  /** Asks again next time: something changed. */
  forget(): void;
}

/**
 * Asks once for all callers. One caller who stops leaves the question to the others; with the last of them it is
 * dropped. What fails is asked again.
 */
export function askedOnce<Value>(ask: (signal: AbortSignal) => Promise<Value>): AskedOnce<Value> {
  let known: { answer: Promise<Value>; stop: AbortController; waiting: number; isDone: boolean } | undefined;

  function start() {
    const stop = new AbortController();
    const asked = { answer: ask(stop.signal), stop, waiting: 0, isDone: false };
    asked.answer.then(
      () => {
        asked.isDone = true;
      },
      () => {
        if (known === asked) known = undefined;
      },
    );
    return asked;
  }

  return {
    async get(signal) {
      if (signal.aborted) throw aborted();
      known ??= start();
      const asked = known;
      asked.waiting++;
      try {
        return await untilAborted(asked.answer, signal);
      } finally {
        asked.waiting--;
        if (asked.waiting === 0 && !asked.isDone) {
          asked.stop.abort();
          if (known === asked) known = undefined;
        }
      }
    },
    forget() {
      known = undefined;
    },
  };
}

function untilAborted<Value>(answer: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(aborted());
    signal.addEventListener('abort', stop, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
