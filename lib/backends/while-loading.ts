import { SwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import { closing } from './closing.ts';
import { sleep } from './sleep.ts';

/**
 * An answer of a server that may still be loading its model: says `loading` and waits until `isReady`, then asks. A
 * model of tens of gigabytes takes minutes, and a person would rather see that than an error.
 */
export function whileLoading(
  signal: AbortSignal,
  isReady: (signal: AbortSignal) => Promise<boolean>,
  answer: (signal: AbortSignal) => AsyncIterable<Part[]>,
): AsyncIterable<Part[]> {
  return closing(signal, async function* (own) {
    try {
      yield* answer(own);
      return;
    } catch (error) {
      if (!(error instanceof SwitchboardError) || error.code !== 'loading') throw error;
    }
    yield* waiting(own, isReady);
    yield* answer(own);
  });
}

/** `loading` parts until the server is ready; throws `loading` where that takes longer than ten minutes. */
export async function* waiting(signal: AbortSignal, isReady: (signal: AbortSignal) => Promise<boolean>): AsyncGenerator<Part[], void> {
  yield [{ type: 'loading' }];
  for (let tries = 0; !(await isReady(signal)); tries++) {
    if (tries >= maxTries)
      throw new SwitchboardError('loading', 'The model has been loading for ten minutes. Look at the server: is it stuck?');
    await sleep(pollMs, signal);
  }
}

const pollMs = 1000;
const maxTries = 600;
