import { type ErrorCode, type ErrorData, SwitchboardError } from './errors.ts';

/** What a page is told for each code: enough to act on, nothing about hosts, keys or other sites. */
const pageText: Record<ErrorCode, { status: number; text: string }> = {
  denied: { status: 403, text: 'The user did not allow this site to use their model.' },
  'needs-user': { status: 401, text: 'The user has to allow this first. Ask again from a click on the page.' },
  // Why the user has to do something is the user's business.
  locked: { status: 401, text: 'The user has to unlock Switchboard first. Ask again in a moment.' },
  'unsupported-context': {
    status: 403,
    text: 'Switchboard answers top-level pages and their same-origin frames on https or localhost only.',
  },
  // Not 503: clients of OpenAI's interface would go on trying for a minute before they tell the user.
  'not-configured': { status: 404, text: 'The user has not connected a model yet. Ask them to open Switchboard and connect one.' },
  'bad-request': { status: 400, text: 'The request is malformed.' },
  'too-large': { status: 413, text: 'The request is larger than 8 MiB. Send less text or smaller images.' },
  'not-supported': { status: 400, text: "The user's model cannot do that." },
  'model-not-found': { status: 404, text: 'This site has no access to a model of that name. Use "default" or one from models.list().' },
  unauthorized: { status: 401, text: "The model's service refused the user's key. The user can fix it in Switchboard." },
  'payment-required': { status: 402, text: "The user's account at the model's service has no credit left." },
  'rate-limited': { status: 429, text: 'Too many requests. Wait before asking again.' },
  'budget-exceeded': { status: 429, text: 'The budget the user gave this site is used up.' },
  'context-length': { status: 400, text: "The messages are longer than the model's context window. Send fewer or shorter ones." },
  'content-filter': { status: 400, text: "The model's service refused the content." },
  overloaded: { status: 503, text: "The model's server is busy. Try again in a moment." },
  loading: { status: 503, text: 'The model is still loading. Try again in a moment.' },
  unreachable: { status: 502, text: "The model's server could not be reached. The user can see why in Switchboard." },
  timeout: { status: 504, text: "The model's server did not answer in time." },
  interrupted: { status: 502, text: 'The answer was cut off before its end.' },
  'bad-response': { status: 502, text: "The model's server sent something that is not an answer. The user can see why in Switchboard." },
  'backend-error': { status: 502, text: "The model's server reported an error. The user can see it in Switchboard." },
  aborted: { status: 499, text: 'The call was stopped.' },
  gone: { status: 503, text: 'Switchboard was updated or switched off. Reload the page.' },
  internal: { status: 500, text: 'Something went wrong inside Switchboard.' },
};

/** Codes whose own message speaks of the page's request alone and so may be shown to it. */
const aboutTheRequest = new Set<ErrorCode>([
  'bad-request',
  'too-large',
  'not-supported',
  'model-not-found',
  'unsupported-context',
  'denied',
  'needs-user',
  'rate-limited',
  'budget-exceeded',
]);

/** The error as a page may see it. `status` is the HTTP status of the OpenAI-shaped door. */
export function pageError(error: SwitchboardError): ErrorData & { status: number } {
  const { status, text } = pageText[error.code];
  return {
    code: error.code === 'locked' ? 'needs-user' : error.code,
    message: aboutTheRequest.has(error.code) ? error.message : text,
    status,
    ...(error.retryAfterSeconds !== undefined && { retryAfterSeconds: error.retryAfterSeconds }),
  };
}

/** A SwitchboardError with the stock text of its code, for refusals that need no detail of their own. */
export function refusal(code: ErrorCode, retryAfterSeconds?: number): SwitchboardError {
  return new SwitchboardError(code, pageText[code].text, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
}
