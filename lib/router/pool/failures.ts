import { whereabouts } from '../../connections/whereabouts.ts';
import { type ErrorCode, SwitchboardError } from '../../protocol/errors.ts';
import type { Candidate } from './candidates.ts';

export interface Failure {
  /** Of the member, for the user. */
  name: string;
  error: SwitchboardError;
}

/**
 * Whether another member may be asked after this failure. Never after what concerns the call itself; and not after one
 * with which a paid service may have done its work, and will charge for it.
 */
export function mayAskNext({ code, status }: SwitchboardError, { connection }: Candidate): boolean {
  if (ownAffairs.has(code)) return false;
  if (!afterWork.has(code) || whereabouts(connection).place !== 'company') return true;
  return status !== undefined && (unprocessed.has(status) || (status >= 400 && status < 500));
}

/** `locked` too: the user need only unlock, and would not expect another model instead. */
const ownAffairs = new Set<ErrorCode>(['aborted', 'denied', 'needs-user', 'gone', 'internal', 'locked']);
const afterWork = new Set<ErrorCode>(['timeout', 'interrupted', 'backend-error', 'bad-response']);
const unprocessed = new Set([502, 503, 504, 529]);

/** Every member was asked: what is wrong with each, under the code that leaves most hope. */
export function allFailed(poolName: string, failures: Failure[], isSite: boolean): SwitchboardError {
  const [likeliest] = failures.toSorted((one, other) => hope(one.error) - hope(other.error));
  if (!likeliest || failures.every(({ error }) => error.code === 'not-configured'))
    return new SwitchboardError('not-configured', `The pool "${poolName}" has no connection left. Open it and add one.`);
  const { error } = likeliest;
  if (isSite) return error;
  const waits = failures.flatMap((failure) => failure.error.retryAfterSeconds ?? []);
  const each = failures.map((failure) => `${failure.name}: ${failure.error.message}`);
  return new SwitchboardError(error.code, `No member of the pool "${poolName}" answered. ${each.join(' ')}`, {
    cause: error,
    ...(waits.length > 0 && { retryAfterSeconds: Math.min(...waits) }),
    ...(error.status !== undefined && { status: error.status }),
  });
}

function hope({ code }: SwitchboardError): number {
  const place = hopeful.indexOf(code);
  return place < 0 ? hopeful.length : place;
}

const hopeful: ErrorCode[] = [
  'rate-limited',
  'overloaded',
  'loading',
  'timeout',
  'interrupted',
  'unreachable',
  'backend-error',
  'bad-response',
  'payment-required',
  'unauthorized',
  'budget-exceeded',
  'model-not-found',
  'context-length',
  'too-large',
  'content-filter',
  'not-supported',
  'bad-request',
];
