import { SwitchboardError } from '../protocol/errors.ts';

/** Waits, or throws `aborted` at once when the signal says so. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(aborted());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

export function aborted(): SwitchboardError {
  return new SwitchboardError('aborted', 'The call was stopped.');
}
