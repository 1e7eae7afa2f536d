import { creditWindow, type WirePart } from '../protocol/wire.ts';
import type { Reader, Running } from './calls.ts';
import { SafePromise } from './primordials.ts';
import { createQueue } from './queue.ts';

/** The answer to a streaming call, a batch for each network read. Pulling is what returns credit; returning early stops the call. */
export interface PartStream<Item = WirePart> extends AsyncIterableIterator<Item[], undefined> {
  next(): Promise<IteratorResult<Item[], undefined>>;
  return(): Promise<IteratorResult<Item[], undefined>>;
}

interface Batch<Item> {
  parts: Item[];
  size: number;
}

interface Waiter<Item> {
  resolve(result: IteratorResult<Item[], undefined>): void;
  reject(error: unknown): void;
}

/** Credit is returned in steps, so that a stream of small batches does not pay a message for each. */
const creditStep = creditWindow / 4;

export function createPartStream<Item>(start: (reader: Reader) => Running): PartStream<Item> {
  type Result = IteratorResult<Item[], undefined>;
  const batches = createQueue<Batch<Item>>();
  const waiters = createQueue<Waiter<Item>>();
  let isOpen = true;
  let failure: { error: unknown } | undefined;
  let consumed = 0;

  const call = start({
    parts(parts, size) {
      batches.push({ parts: parts as Item[], size });
      serve();
    },
    done() {
      isOpen = false;
      serve();
    },
    failed(error, isAbort) {
      isOpen = false;
      if (isAbort) batches.clear();
      failure = { error };
      serve();
    },
  });

  return {
    next: () =>
      new SafePromise<Result>((resolve, reject) => {
        waiters.push({ resolve, reject });
        serve();
      }),
    return: () =>
      new SafePromise<Result>((resolve) => {
        isOpen = false;
        failure = undefined;
        batches.clear();
        call.stop();
        serve();
        resolve({ done: true, value: undefined });
      }),
    [Symbol.asyncIterator]() {
      return this;
    },
  };

  /** Gives each waiting reader the next batch; after the last one the failure, once; then the end. */
  function serve(): void {
    while (!waiters.isEmpty() && !(isOpen && batches.isEmpty())) {
      const waiter = waiters.shift() as Waiter<Item>;
      const batch = batches.shift();
      if (batch !== undefined) {
        consumed += batch.size;
        if (consumed >= creditStep && isOpen) {
          call.credit(consumed);
          consumed = 0;
        }
        waiter.resolve({ done: false, value: batch.parts });
      } else if (failure !== undefined) {
        const { error } = failure;
        failure = undefined;
        waiter.reject(error);
      } else waiter.resolve({ done: true, value: undefined });
    }
  }
}
