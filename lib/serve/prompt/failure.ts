import { type ErrorCode, toSwitchboardError } from '../../protocol/errors.ts';
import { pageError } from '../../protocol/page-errors.ts';

/** An end for which the platform has a name: of a DOMException, or TypeError, RangeError, QuotaExceededError. */
export interface FailureData {
  name: string;
  message: string;
  /** Of a QuotaExceededError: tokens that would have been needed, and that there are. */
  requested?: number;
  quota?: number;
}

/** A failure with the name that the Prompt API gives it. */
export class PromptFailure extends Error implements FailureData {
  readonly requested?: number;
  readonly quota?: number;

  constructor(name: string, message: string, tokens: { requested: number; quota: number } | undefined = undefined) {
    super(message);
    this.name = name;
    if (!tokens) return;
    this.requested = tokens.requested;
    this.quota = tokens.quota;
  }
}

/** More than fits, however much is dropped. A window nobody knows has no quota to tell. */
export function tooMuch(requested: number, window: number | undefined): PromptFailure {
  const message = 'The messages are longer than the context window of the model. Send fewer or shorter ones.';
  if (window === undefined) return new PromptFailure('QuotaExceededError', message);
  return new PromptFailure('QuotaExceededError', message, { requested: Math.max(requested, window + 1), quota: window });
}

/** Anything thrown, as a page sees it. `fallback` is the name of what has no other. */
export function failureOf(thrown: unknown, fallback: 'UnknownError' | 'OperationError'): FailureData {
  if (thrown instanceof PromptFailure) {
    const { name, message, requested, quota } = thrown;
    return { name, message, ...(requested !== undefined && { requested }), ...(quota !== undefined && { quota }) };
  }
  const { code, message } = pageError(toSwitchboardError(thrown));
  return { name: names[code] ?? fallback, message };
}

const names: Partial<Record<ErrorCode, string>> = {
  denied: 'NotAllowedError',
  'needs-user': 'NotAllowedError',
  'unsupported-context': 'NotAllowedError',
  'budget-exceeded': 'NotAllowedError',
  'not-configured': 'NotSupportedError',
  'not-supported': 'NotSupportedError',
  'context-length': 'QuotaExceededError',
  'too-large': 'QuotaExceededError',
  'content-filter': 'NotReadableError',
  aborted: 'AbortError',
};
