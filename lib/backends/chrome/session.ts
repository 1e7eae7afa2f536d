import { SwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import type { NativeCreateOptions, NativeModel, NativeSession } from './native.ts';

/** A session, with `loading` parts while the browser downloads or loads its model. */
export async function* openSession(
  model: NativeModel,
  { signal, ...options }: NativeCreateOptions & { signal: AbortSignal },
): AsyncGenerator<Part[], NativeSession, void> {
  const { initialPrompts: _, ...asked } = options;
  const availability = await model.availability(asked);
  if (availability === 'unavailable') throw unavailable(options.expectedInputs);
  let progress: number | undefined;
  let wake = () => {};
  const creating = model.create({
    ...options,
    signal,
    monitor(monitor) {
      monitor.addEventListener('downloadprogress', (event) => {
        progress = (event as ProgressEvent).loaded;
        wake();
      });
    },
  });
  let isSettled = false;
  const settled = creating.then(
    () => undefined,
    () => undefined,
  );
  void settled.then(() => {
    isSettled = true;
    wake();
  });
  if (availability !== 'available') {
    yield [{ type: 'loading' }];
    while (!isSettled) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
      if (progress !== undefined && !isSettled) yield [{ type: 'loading', progress }];
    }
  }
  return await creating;
}

/** There is no model, or none for what is wanted. */
function unavailable(expected: NativeCreateOptions['expectedInputs'] = []): SwitchboardError {
  const media = expected.find(({ type }) => type !== 'text')?.type;
  if (media)
    return new SwitchboardError(
      'not-supported',
      `The model of the user's browser cannot ${media === 'image' ? 'see images' : 'hear'}. Choose another model for it.`,
    );
  return new SwitchboardError(
    'not-supported',
    "The user's browser has no model of its own ready: the device may be too small for it, or a setting keeps it away. Choose another model.",
  );
}
