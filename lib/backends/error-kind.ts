import type { ErrorCode } from '../protocol/errors.ts';
import type { ErrorBody } from './error-body.ts';

/** The one code of ours that a server's error means. `status` is absent for errors inside a stream. */
export function errorKind(status: number | undefined, body: ErrorBody): ErrorCode {
  const said = `${body.kind} ${body.message ?? ''}`;
  const isClientError = status === undefined || (status >= 400 && status < 500);
  for (const { code, pattern, anyStatus, except } of telling) {
    if ((anyStatus || isClientError) && (except === undefined || status !== except) && pattern.test(said)) return code;
  }
  if (body.moderated) return 'content-filter';
  if (isWrongPath(status, body)) return 'bad-response';
  if (status === undefined) return 'backend-error';
  return byStatus[status] ?? (status >= 500 ? 'backend-error' : 'bad-request');
}

/** The server has no such route: the address is wrong, not the request. LM Studio says so with a 200. */
export function isWrongPath(status: number | undefined, body: ErrorBody): boolean {
  return status === 404 || status === 405 || /unexpected endpoint or method/i.test(body.message ?? '');
}

/** Words that tell more than the status does; the first that fits decides. */
const telling: { code: ErrorCode; pattern: RegExp; anyStatus?: true; except?: number }[] = [
  // OpenRouter, of a model that exists.
  { code: 'not-supported', pattern: /no endpoints found that support/i },
  { code: 'loading', pattern: /loading model|model is (still |currently )?loading|is currently loading/i, anyStatus: true },
  {
    code: 'context-length',
    pattern:
      /context_length_exceeded|exceed_context|token_?overflow|(maximum|available|exceeds?( the)?|than the) (model'?s )?context|context (length|size|window)\b.{0,60}\b(exceed|overflow|too)|prompt is too long|tokens to keep from the initial prompt/i,
    anyStatus: true,
  },
  {
    code: 'payment-required',
    pattern:
      /insufficient[ _](quota|credit|balance|funds)|payment_required|billing_(error|hard|not)|credit balance|out of credits|any credits yet|all available credits|spending limit|specified (api|workspace api) usage limits|key limit exceeded|credit limit exceeded/i,
  },
  { code: 'unauthorized', pattern: /invalid_api_key|authentication_error|(invalid|incorrect|missing) api key/i },
  { code: 'content-filter', pattern: /content_filter|content_?policy|moderation|content management policy/i },
  {
    code: 'model-not-found',
    pattern:
      /model_not_(found|available)|unable to access (non-serverless )?model|\bmodels?\b.{0,160}\b(not found|not exist|not available|decommissioned|no longer (supported|available))|could not find (the )?model|no models? (is |are )?(currently )?loaded|not a (valid|chat) model|no endpoints found|(unknown|invalid) model\b|failed to load model/i,
    anyStatus: true,
  },
  { code: 'rate-limited', pattern: /rate_limit|rate limit|too many requests/i },
  {
    code: 'overloaded',
    pattern: /overloaded|provider_unavailable|service_unavailable|server busy|insufficient_system_resource/i,
    anyStatus: true,
  },
  {
    code: 'not-supported',
    pattern: /^(?!.*unsupported_(parameter|value)).*(does not support|not supported|only supported|requires --jinja|not_implemented)/is,
    anyStatus: true,
    // "Region not supported" is about who asks, not about what.
    except: 403,
  },
];

const byStatus: Record<number, ErrorCode> = {
  401: 'unauthorized',
  402: 'payment-required',
  403: 'unauthorized',
  407: 'unauthorized',
  408: 'timeout',
  413: 'too-large',
  425: 'overloaded',
  429: 'rate-limited',
  501: 'not-supported',
  502: 'overloaded',
  503: 'overloaded',
  504: 'timeout',
  524: 'timeout',
  529: 'overloaded',
};
