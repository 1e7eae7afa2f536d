import { SwitchboardError, toSwitchboardError } from '../../protocol/errors.ts';
import { aborted } from '../sleep.ts';

/** What the browser's model threw, as ours: it tells by the name of the error alone. */
export function nativeError(thrown: unknown, signal: AbortSignal): SwitchboardError {
  if (signal.aborted) return aborted();
  if (thrown instanceof SwitchboardError) return thrown;
  const name = typeof thrown === 'object' && thrown !== null && 'name' in thrown ? String(thrown.name) : '';
  const meaning = meanings[name];
  return meaning ? new SwitchboardError(...meaning, { cause: thrown }) : toSwitchboardError(thrown);
}

/** Messages of codes that pages are shown name no browser. */
const meanings: Record<string, [ConstructorParameters<typeof SwitchboardError>[0], string]> = {
  QuotaExceededError: [
    'context-length',
    "The messages are longer than the context window of the browser's own model. Send fewer or shorter ones.",
  ],
  NotSupportedError: ['not-supported', "The model of the user's browser cannot do that. Choose another model for it."],
  NotAllowedError: [
    'unauthorized',
    "The browser does not let its own model be used. Look at the browser's settings for built-in AI: a policy may switch it off.",
  ],
  NotReadableError: ['content-filter', "The browser's own model refused the content."],
  NetworkError: ['unreachable', 'The browser could not download its model. Is there a connection, and enough space on the disk?'],
  SyntaxError: ['bad-response', "The browser's own model could not hold its answer to the format. Try again, or choose another model."],
  InvalidStateError: ['interrupted', 'The browser ended the session with its own model. Try again.'],
  OperationError: ['backend-error', "The browser's own model failed. Try again; if it stays, restart the browser."],
  UnknownError: ['backend-error', "The browser's own model failed. Try again; if it stays, restart the browser."],
};
