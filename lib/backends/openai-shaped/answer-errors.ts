import { SwitchboardError } from '../../protocol/errors.ts';
import type { ErrorContext } from '../backend-error.ts';

/** The connection ended before the answer did. */
export function interrupted({ host }: ErrorContext): SwitchboardError {
  return new SwitchboardError('interrupted', `${host} ended the answer before it was complete. Try again.`);
}

/** A body that is neither an answer nor an error. */
export function notAnAnswer({ host, service }: ErrorContext): SwitchboardError {
  const label = service?.label ?? 'a model server';
  return new SwitchboardError(
    'bad-response',
    `${host} sent something that is not an answer. Is it really ${label}, and is the address right?`,
  );
}

/** An answer without a word. LM Studio gives it to a prompt that does not fit, and no error. */
export function empty({ host }: ErrorContext, isTooLong = false): SwitchboardError {
  return isTooLong
    ? new SwitchboardError(
        'context-length',
        `${host} answered with nothing. The messages are probably longer than the context the model was loaded with: send less, or load it with a larger one.`,
      )
    : new SwitchboardError('bad-response', `${host} ended the answer without saying anything. Try again.`);
}
