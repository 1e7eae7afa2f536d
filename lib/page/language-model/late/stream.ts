import { platform } from './platform.ts';

/** Characters that wait for the page before no more are taken from the model. */
const enough = 65_536;

/**
 * A stream of what `produce` says, which waits while the page does not read. `signal` ends it early; cancelling calls
 * `cancel` and is no failure.
 */
export function createStream(
  signal: AbortSignal,
  cancel: () => void,
  produce: (say: (chunk: unknown) => unknown) => Promise<void>,
): ReadableStream {
  const { abortReason, addListener, closeOn, enqueueOn, failOn, SafePromise, SafeReadableStream, roomIn } = platform;
  let controller!: ReadableStreamDefaultController;
  let resume = () => {};
  const pull = () => resume();
  const stream = new SafeReadableStream(
    {
      __proto__: null,
      start(given: ReadableStreamDefaultController) {
        controller = given;
      },
      pull,
      cancel: () => cancel(),
    } as object,
    { __proto__: null, highWaterMark: enough, size: (chunk: string | object) => (typeof chunk === 'string' ? chunk.length : 1) } as object,
  );
  // What waits for the page is dropped; a stream that has ended stays as it is.
  addListener(signal, 'abort', () => {
    failOn(controller, abortReason(signal));
    resume();
  });
  run();
  return stream;

  async function run(): Promise<void> {
    try {
      await produce(say);
      closeOn(controller);
    } catch (error) {
      failOn(controller, error);
    }
  }

  function say(chunk: unknown): Promise<void> | undefined {
    enqueueOn(controller, chunk);
    if (roomIn(controller) > 0) return undefined;
    return new SafePromise<void>((resolve) => {
      resume = resolve;
    });
  }
}
