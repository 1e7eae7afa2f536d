import { platform } from './platform.ts';

/** Where the calls of a session wait for one another. */
export interface Queue {
  /** Resolves when all calls so far have ended. */
  idle: Promise<void> | undefined;
}

/**
 * Runs work when all before it has ended and what it needs is there. Rejects at once when that fails or the signal
 * aborts, whether the work has begun or not.
 */
export function enqueue<Need, Result>(
  queue: Queue,
  signal: AbortSignal,
  needed: Promise<Need>,
  work: (need: Need) => Promise<Result>,
): Promise<Result> {
  const { abortReason, addListener, isAborted, SafePromise } = platform;
  return new SafePromise((resolve, reject) => {
    const { idle } = queue;
    addListener(signal, 'abort', () => reject(abortReason(signal)));
    queue.idle = run();

    async function run(): Promise<void> {
      try {
        const need = await needed;
        await idle;
        if (!isAborted(signal)) resolve(await work(need));
      } catch (error) {
        reject(error);
        // The place in the queue is kept until those before have ended too.
        await idle;
      }
    }
  });
}
