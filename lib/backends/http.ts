import { SwitchboardError, toSwitchboardError } from '../protocol/errors.ts';
import type { Place } from '../protocol/model.ts';
import type { Http, HttpInit, HttpResponse } from './backend.ts';
import { backendError, type ErrorContext } from './backend-error.ts';
import { pageInsteadOfAnswer, unreachable } from './connection-errors.ts';
import { readErrorResponse } from './error-response.ts';
import { isMetadataHost } from './place.ts';
import { carriesKey, requestHeaders } from './request-headers.ts';
import { retryDelay } from './retry.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { aborted, sleep } from './sleep.ts';
import { watchBody } from './watch-body.ts';

export interface HttpOptions {
  /** Exact origins this connection may contact. */
  allowedOrigins: string[];
  /** The user's secrets for this connection, which no error text may hold. */
  secrets(): string[];
  place: Place;
  fetch?: typeof fetch;
  clocks?: Partial<Clocks>;
}

/** Milliseconds, all measured with timers, which a change of the wall clock does not touch. */
export interface Clocks {
  /** Until status and headers arrive. Long near the user: some servers load a model or read the prompt before they answer. */
  headers: number;
  firstByte: number;
  /** Between bytes. */
  silence: number;
  /** Waiting for retries, all together: somebody sits in front of it, so a longer wait is told instead of made. */
  patience: number;
}

/**
 * The one way out for every backend: fixed fetch options, no origin but the allowed, clocks, a cap on size, retries
 * where the server said it did not process the request, and errors in words.
 */
export function createHttp({ allowedOrigins, secrets, place, fetch: send = fetch, clocks: given }: HttpOptions): Http {
  const clocks = { ...(place === 'company' ? companyClocks : nearClocks), ...given };

  return {
    async request(address, init) {
      const url = allowed(address, allowedOrigins);
      const headers = requestHeaders(init.headers, url, secrets(), place === 'company');
      if (init.json !== undefined) headers.set('content-type', 'application/json');
      const context = { host: url.host, place, service: init.service, secrets: secrets(), keySent: carriesKey(headers) };
      const body = init.json === undefined ? undefined : JSON.stringify(init.json);
      for (let attempt = 0, waited = 0; ; attempt++) {
        const response = await sendOnce(url, init, headers, body, context);
        if (response.ok ? !isHtml(response) : init.accept?.includes(response.status)) return response;
        if (response.ok) throw pageInsteadOfAnswer(response, context);
        const error = await failure(response, context);
        const delay = retryDelay(error, response.headers, attempt);
        if (delay === undefined || waited + delay > clocks.patience) throw error;
        await sleep(delay, init.signal);
        waited += delay;
      }
    },
  };

  async function sendOnce(
    url: URL,
    init: HttpInit,
    headers: Headers,
    body: string | undefined,
    context: ErrorContext,
  ): Promise<HttpResponse> {
    if (init.signal.aborted) throw aborted();
    const stop = new AbortController();
    const headersMs = init.headersTimeout ?? clocks.headers;
    let late: SwitchboardError | undefined;
    const timer = setTimeout(() => {
      late = new SwitchboardError(
        'timeout',
        `${url.host} did not answer for ${Math.round(headersMs / 1000)} seconds. Is it overloaded? Try again.`,
      );
      stop.abort();
    }, headersMs);
    const translate = (thrown: unknown) => {
      if (thrown instanceof SwitchboardError) return thrown;
      return init.signal.aborted
        ? aborted()
        : new SwitchboardError('interrupted', `${url.host} closed the connection before the answer was complete. Try again.`);
    };
    try {
      const response = await send(url.href, {
        ...fixedOptions,
        method: init.method ?? (body === undefined ? 'GET' : 'POST'),
        headers,
        signal: AbortSignal.any([init.signal, stop.signal]),
        ...(body !== undefined && { body }),
      });
      const { firstByte: firstByteMs, silence: silenceMs } = clocks;
      return watchBody(response, { host: url.host, firstByteMs, silenceMs, maxBytes, close: () => stop.abort(), translate });
    } catch (thrown) {
      if (init.signal.aborted) throw aborted();
      throw late ?? (thrown instanceof TypeError ? unreachable(url, context) : toSwitchboardError(thrown));
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Redirects would carry keys to other hosts, cookies are sent to granted hosts by default, and no server needs to know the rest. */
const fixedOptions = {
  redirect: 'error',
  credentials: 'omit',
  referrerPolicy: 'no-referrer',
  cache: 'no-store',
  mode: 'cors',
} as const satisfies RequestInit;

const companyClocks: Clocks = { headers: 15_000, firstByte: 60_000, silence: 60_000, patience: 8_000 };
const nearClocks: Clocks = { headers: 600_000, firstByte: 600_000, silence: 600_000, patience: 8_000 };

/** Of a decoded body: a small compressed one can unfold into gigabytes. */
const maxBytes = 64 * 1024 * 1024;

function allowed(address: string, origins: string[]): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password;
  if (!isPlain || !origins.includes(url.origin) || isMetadataHost(url.hostname))
    throw new SwitchboardError(
      'internal',
      `This connection may not contact ${url?.host || 'that address'}. Check its address in the settings.`,
    );
  return url;
}

async function failure(response: HttpResponse, context: ErrorContext): Promise<SwitchboardError> {
  return backendError(await readErrorResponse(response), context, {
    status: response.status,
    retryAfterSeconds: retryAfterSeconds(response.headers),
  });
}

function isHtml(response: HttpResponse): boolean {
  return response.headers.get('content-type')?.startsWith('text/html') ?? false;
}
