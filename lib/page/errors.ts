import type { ErrorData } from '../protocol/errors.ts';
import type { LossCode } from '../protocol/handover.ts';
import { define, SafeDOMException, SafeError } from './primordials.ts';

/** What a page catches: `name` as the platform would call it, `code` from the closed list, `status` as HTTP would say it. */
export interface PageError extends Error {
  code: string;
  status?: number;
  /** Seconds. */
  retryAfter?: number;
}

/** What ends calls on this side of the background. */
export const losses: Record<LossCode, ErrorData> = {
  interrupted: { code: 'interrupted', message: 'The answer was cut off before its end.', status: 502 },
  gone: { code: 'gone', message: 'Switchboard was updated or switched off. Reload the page.', status: 503 },
  'too-large': { code: 'too-large', message: 'The request is larger than 8 MiB. Send less text or smaller images.', status: 413 },
};

/** The error of a failed call, an object of the page's own realm. Its stack names none of our files: in Firefox their address identifies the user. */
export function toPageError(data: ErrorData): PageError {
  const { code, message, status, retryAfterSeconds } = data;
  const name = platformNames(code);
  const error = (name === undefined ? new SafeError(message) : new SafeDOMException(message, name)) as PageError;
  // A DOMException has its message on the prototype, where a page may have put another.
  set(error, 'message', message);
  if (name === undefined) set(error, 'name', 'SwitchboardError');
  set(error, 'code', code);
  set(error, 'stack', `${name ?? 'SwitchboardError'}: ${message}`);
  if (status !== undefined) set(error, 'status', status);
  if (retryAfterSeconds !== undefined) set(error, 'retryAfter', retryAfterSeconds);
  return error;
}

function platformNames(code: ErrorData['code']): string | undefined {
  if (code === 'aborted') return 'AbortError';
  if (code === 'denied' || code === 'needs-user' || code === 'unsupported-context') return 'NotAllowedError';
  return undefined;
}

function set(error: object, name: string, value: unknown): void {
  define(error, name, { value, writable: true });
}
