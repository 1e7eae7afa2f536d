import { reasonOf } from './checked.ts';

/** Does not wait for work that a stopped call has no use for any more. */
export async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  if (signal.aborted) throw reasonOf(signal);
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const onAbort = () => reject(reasonOf(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  work.then(resolve, reject);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
