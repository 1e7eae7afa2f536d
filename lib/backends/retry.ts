import type { SwitchboardError } from '../protocol/errors.ts';

/**
 * Milliseconds to wait before asking again, or undefined not to. Only where the status says that the request was not
 * processed: a 500 or a dropped connection may already have been billed, a missing model or an empty account stays so.
 */
export function retryDelay(error: SwitchboardError, headers: Headers, attempt: number): number | undefined {
  if (attempt >= maxRetries || headers.get('x-should-retry') === 'false') return undefined;
  if (!retriedStatuses.has(error.status ?? 0) || !retriedCodes.has(error.code)) return undefined;
  if (error.retryAfterSeconds !== undefined) return error.retryAfterSeconds * 1000;
  // Full jitter, so that many tabs do not come back in the same moment.
  return Math.random() * 500 * 2 ** attempt;
}

const maxRetries = 2;
const retriedStatuses = new Set([408, 425, 429, 502, 503, 504, 529]);
const retriedCodes = new Set(['rate-limited', 'overloaded', 'timeout']);
