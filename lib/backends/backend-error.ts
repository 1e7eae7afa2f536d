import { type ErrorCode, SwitchboardError } from '../protocol/errors.ts';
import type { Place } from '../protocol/model.ts';
import type { Service } from './backend.ts';
import { readErrorBody } from './error-body.ts';
import { errorKind, isWrongPath } from './error-kind.ts';
import { scrub } from './scrub.ts';

/** Who was asked, for the words of an error. */
export interface ErrorContext {
  host: string;
  place: Place;
  service?: Service | undefined;
  /** What must not appear in a message. */
  secrets: string[];
  /** The request carried a key. */
  keySent?: boolean;
}

/** What a caller may want to act on; the `cause` of every error made here. */
export interface ErrorDetail {
  kind: string;
  param?: string;
  /** No such route: another base path may be right. */
  wrongPath?: true;
}

/** A server's error, from a status or from inside a stream, as ours: one code, the host, the reason, the next step. */
export function backendError(
  body: unknown,
  context: ErrorContext,
  { status, retryAfterSeconds }: { status?: number; retryAfterSeconds?: number | undefined } = {},
): SwitchboardError {
  const read = readErrorBody(body);
  const meant = status ?? read.status;
  const code = errorKind(meant, read);
  const wait = retryAfterSeconds ?? read.retryAfterSeconds;
  const detail: ErrorDetail = {
    kind: read.kind,
    ...(read.param !== undefined && { param: scrub(read.param, context.secrets) }),
    ...(code === 'bad-response' && isWrongPath(meant, read) && { wrongPath: true }),
  };
  const reason = read.message === undefined ? '' : reasonOf(read.message, code, context);
  return new SwitchboardError(code, `${sentence(code, { ...context, status: meant, reason, wait })}${reason}`, {
    cause: detail,
    ...(wait !== undefined && { retryAfterSeconds: wait }),
    ...(meant !== undefined && { status: meant }),
  });
}

/** The detail of an error made by `backendError`. */
export function errorDetail(error: unknown): ErrorDetail | undefined {
  const cause = error instanceof SwitchboardError ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'kind' in cause ? (cause as ErrorDetail) : undefined;
}

/** Codes whose message a page is shown (lib/protocol/page-errors.ts): they name neither host nor service. */
const shownToPages = new Set<ErrorCode>(['bad-request', 'too-large', 'not-supported', 'model-not-found', 'rate-limited']);

function sentence(
  code: ErrorCode,
  {
    host,
    place,
    service,
    keySent,
    status,
    reason,
    wait,
  }: ErrorContext & { status?: number | undefined; reason: string; wait?: number | undefined },
): string {
  const answer = status === undefined ? '' : ` (${status})`;
  const later = wait === undefined ? 'Wait a moment and try again.' : `Try again in ${Math.ceil(wait)} seconds.`;
  switch (code) {
    case 'unauthorized':
      if (status === 403) return forbidden(host, place, service, reason);
      return keySent
        ? `${host} refused the key${answer}. Check it in the connection's settings.`
        : `${host} asks for a key${answer}. Enter one in the connection's settings.`;
    case 'payment-required':
      return `The account at ${host} has no credit left. Add credit there, or choose another model.`;
    case 'rate-limited':
      return `The model's service is limiting requests. ${later}`;
    case 'context-length':
      return `The messages are longer than the context window of the model at ${host}. Send fewer or shorter ones, or load the model with a larger one.`;
    case 'content-filter':
      return `${host} refused the content.`;
    case 'model-not-found':
      return "The model's server does not have that model ready. Choose one from its list, or load it there first.";
    case 'not-supported':
      return "The user's model or its server cannot do that.";
    case 'too-large':
      return "The request is larger than the model's server accepts. Send less text or smaller images.";
    case 'bad-request':
      return `The model's server did not accept the request${answer}.`;
    case 'overloaded':
      return `${host} is busy or its model is not available${answer}. ${later}`;
    case 'loading':
      return `${host} is still loading the model. ${later}`;
    case 'timeout':
      return `${host} gave up waiting for its model${answer}. Try again, or send a shorter request.`;
    case 'bad-response':
      return `${host} answers, but not at this path${answer}. Check the address: is it ${service?.label ?? 'the API of a model server'}, and is the part after the host right?`;
    default:
      return `${host} reported an error${answer}.`;
  }
}

/** Ollama refuses extensions with an empty 403, and only for POST: the commonest of all set-up problems. */
function forbidden(host: string, place: Place, service: Service | undefined, reason: string): string {
  if (reason === '' && service?.originHint) return `${host} refuses requests from browser extensions (403). ${service.originHint}`;
  if (reason === '' && place !== 'company')
    return `${host} refuses this request (403) without saying why. If the server has a list of allowed origins, add chrome-extension://* and moz-extension://* to it.`;
  return `${host} does not allow this (403). Check what the key and the account may use.`;
}

function reasonOf(message: string, code: ErrorCode, { host, secrets }: ErrorContext): string {
  // Validation errors repeat the input, which is the user's prompt.
  const safe = scrub(message.replace(/["']?input["']?\s*[:=][\s\S]*/, ''), secrets);
  const line = (shownToPages.has(code) ? withoutAddresses(safe, host) : safe).replace(/\s+/g, ' ').trim();
  const short = line.length > longestReason ? `${line.slice(0, longestReason)}…` : line;
  return short === '' ? '' : ` It says: "${short}"`;
}

const longestReason = 300;

function withoutAddresses(text: string, host: string): string {
  return text
    .replaceAll(host, '(address)')
    .replace(/\b[a-z]{2,8}:\/\/\S+/gi, '(address)')
    .replace(/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b|\blocalhost(:\d+)?\b/gi, '(address)')
    .replace(/(?<![\w.-])([a-z]:)?([\\/][\w.@-]+){2,}/gi, '(path)');
}
