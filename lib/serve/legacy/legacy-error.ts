import { type ErrorCode, toSwitchboardError } from '../../protocol/errors.ts';
import { pageError } from '../../protocol/page-errors.ts';

/** What Window AI called it; the rest was the model's refusal, with a status and a text. */
const names: Partial<Record<ErrorCode, string>> = {
  denied: 'PERMISSION_DENIED',
  'needs-user': 'PERMISSION_DENIED',
  'unsupported-context': 'PERMISSION_DENIED',
  'not-configured': 'NOT_AUTHENTICATED',
  unauthorized: 'NOT_AUTHENTICATED',
  'payment-required': 'PAYMENT_REQUIRED',
  'budget-exceeded': 'PAYMENT_REQUIRED',
  'bad-request': 'INVALID_REQUEST',
  'too-large': 'INVALID_REQUEST',
  aborted: 'REQUEST_NOT_FOUND',
  gone: 'REQUEST_NOT_FOUND',
};

/** The bare string a call rejects with. */
export function toLegacyError(thrown: unknown): string {
  const { code, status, message } = pageError(toSwitchboardError(thrown));
  return names[code] ?? `MODEL_REJECTED_REQUEST: ${status}: ${message}`;
}
