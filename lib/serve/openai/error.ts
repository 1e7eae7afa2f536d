import { toSwitchboardError } from '../../protocol/errors.ts';
import { pageError } from '../../protocol/page-errors.ts';

/** A failure as OpenAI's server would tell it. */
export interface OpenAiError {
  status: number;
  headers: Record<string, string>;
  body: { error: { message: string; type: string; param: string | null; code: string } };
}

/** Clients are told not to try again by themselves: more often than not the user has to do something first. */
export function toOpenAiError(thrown: unknown): OpenAiError {
  const { code, message, status, retryAfterSeconds } = pageError(toSwitchboardError(thrown));
  return errorOf(status, code, message, retryAfterSeconds);
}

export function errorOf(status: number, code: string, message: string, retryAfterSeconds?: number): OpenAiError {
  return {
    status,
    headers: { 'x-should-retry': 'false', ...(retryAfterSeconds !== undefined && { 'retry-after': String(Math.ceil(retryAfterSeconds)) }) },
    body: {
      error: { message, type: typeOf(status), param: code === 'bad-request' || code === 'not-supported' ? paramOf(message) : null, code },
    },
  };
}

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

/** Refusals of a field begin with its name: `messages[0].role: should be …` (lib/serve/params/read-params.ts). */
function paramOf(message: string): string | null {
  return /^(\S+): /.exec(message)?.[1] ?? null;
}
