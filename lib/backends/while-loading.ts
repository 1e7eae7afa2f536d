import { SwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import type { HttpResponse } from './backend.ts';
import { sleep } from './sleep.ts';

type IsReady = (signal: AbortSignal) => Promise<boolean>;

/**
 * The response of a server that may still be loading its model: says `loading`, waits until `isReady`, and asks again. A
 * model of tens of gigabytes takes minutes, and a person would rather see that than an error.
 */
export async function* whileLoading(
  send: () => Promise<HttpResponse>,
  isReady: IsReady,
  signal: AbortSignal,
): AsyncGenerator<Part[], HttpResponse, void> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof SwitchboardError) || error.code !== 'loading') throw error;
  }
  yield* waiting(signal, isReady);
  return await send();
}

/** `loading` until the server is ready; throws `loading` where that takes longer than ten minutes. */
export async function* waiting(signal: AbortSignal, isReady: IsReady): AsyncGenerator<Part[], void> {
  yield [{ type: 'loading' }];
  for (let tries = 0; !(await isReady(signal)); tries++) {
    if (tries >= maxTries)
      throw new SwitchboardError('loading', 'The model has been loading for ten minutes. Look at the server: is it stuck?');
    await sleep(pollMs, signal);
  }
}

const pollMs = 1000;
const maxTries = 600;
