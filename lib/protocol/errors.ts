/** Every way a call can fail. Closed: a new failure is a new line here, with its HTTP status and its text for pages. */
export const errorCodes = [
  'denied',
  'needs-user',
  'locked',
  'unsupported-context',
  'not-configured',
  'bad-request',
  'too-large',
  'not-supported',
  'model-not-found',
  'unauthorized',
  'payment-required',
  'rate-limited',
  'budget-exceeded',
  'context-length',
  'content-filter',
  'overloaded',
  'loading',
  'unreachable',
  'timeout',
  'interrupted',
  'bad-response',
  'backend-error',
  'aborted',
  'gone',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** What crosses a boundary when a call fails. `message` is a whole sentence with the next step in it. */
export interface ErrorData {
  code: ErrorCode;
  message: string;
  /** Seconds to wait before trying again, where the backend or our own limit said so. */
  retryAfterSeconds?: number;
  /** HTTP status the backend answered with, for the extension's own pages. */
  status?: number;
}

/**
 * The one error class that leaves `lib`. The message names the host and the next step and never holds a key, a prompt
 * or an answer; pages are shown `pageError(error)` instead, which does not name the host either.
 */
export class SwitchboardError extends Error implements ErrorData {
  /** By name, because the background's scripts each carry this class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'SwitchboardError';
  }

  override readonly name = 'SwitchboardError';
  readonly code: ErrorCode;
  readonly retryAfterSeconds?: number;
  readonly status?: number;

  constructor(code: ErrorCode, message: string, more: { retryAfterSeconds?: number; status?: number; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    if (more.retryAfterSeconds !== undefined) this.retryAfterSeconds = more.retryAfterSeconds;
    if (more.status !== undefined) this.status = more.status;
  }
}

/** Any thrown value as a SwitchboardError. An abort is `aborted`; what nobody foresaw is `internal`, without its text. */
export function toSwitchboardError(thrown: unknown): SwitchboardError {
  if (thrown instanceof SwitchboardError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') return new SwitchboardError('aborted', 'The call was stopped.');
  return new SwitchboardError('internal', 'Something went wrong inside Switchboard. Try again; if it stays, report it.', { cause: thrown });
}

export function errorData(error: SwitchboardError): ErrorData {
  return {
    code: error.code,
    message: error.message,
    ...(error.retryAfterSeconds !== undefined && { retryAfterSeconds: error.retryAfterSeconds }),
    ...(error.status !== undefined && { status: error.status }),
  };
}
