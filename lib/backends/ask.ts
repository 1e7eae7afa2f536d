import { type ErrorCode, SwitchboardError } from '../protocol/errors.ts';
import type { Http, HttpInit, HttpResponse, Service } from './backend.ts';
import { backendError } from './backend-error.ts';
import { readErrorBody } from './error-body.ts';
import { readErrorResponse } from './error-response.ts';
import { placeOf } from './place.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { scrub } from './scrub.ts';
import { sleep } from './sleep.ts';

/** What a service means by a refusal, where its status and words would be read wrongly by the general rules. */
export interface Meaning {
  code: ErrorCode;
  /** A whole sentence with the next step; the service's own words are added behind it. */
  message: string;
  retryAfterSeconds?: number;
  /** The service's words repeat what the model wrote, and are left out. */
  isQuiet?: true;
}

/** `status` is absent for an error inside a stream. `words` is its message; `body` all of it, as JSON where it is JSON. */
export type Explain = (refusal: { status: number | undefined; words: string; body: unknown }) => Meaning | undefined;

export interface AskOptions {
  http: Http;
  service: Service;
  /** The user's key, empty where there is none. */
  key: string;
  explain: Explain;
  /** Statuses to explain; those that are only a matter of waiting are better left to `http`, which tries again. */
  explained: number[];
}

/** Requests to one service, whose refusals that service's own rules explain first. */
export interface Ask {
  request(url: string, init: HttpInit): Promise<HttpResponse>;
  /** The object that is answered. */
  json<Answer>(url: string, init: HttpInit): Promise<Answer>;
  /** The array that is answered. */
  list<Item>(url: string, init: HttpInit): Promise<Item[]>;
  /** The error a body means that came with a good status, or inside a stream. */
  failure(url: string, body: unknown, status?: number): SwitchboardError;
}

export function createAsk({ http, service, key, explain, explained }: AskOptions): Ask {
  const secrets = key === '' ? [] : [key];
  const ask: Ask = {
    async request(url, init) {
      for (let retries = maxRetries; ; retries--) {
        const response = await send(url, init);
        if (response.ok || init.accept?.includes(response.status)) return response;
        const body = parse(await readErrorResponse(response));
        const error = refusal(url, body, response.status, retryAfterSeconds(response.headers));
        const wait = error.code === 'rate-limited' ? error.retryAfterSeconds : undefined;
        if (retries === 0 || wait === undefined || wait > longestWaitSeconds) throw error;
        await sleep(wait * 1000, init.signal);
      }
    },
    async json<Answer>(url: string, init: HttpInit) {
      const answer = await read(url, init);
      if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) return answer as Answer;
      throw noAnswer(url);
    },
    async list<Item>(url: string, init: HttpInit) {
      const answer = await read(url, init);
      if (Array.isArray(answer)) return answer as Item[];
      throw noAnswer(url);
    },
    failure: (url, body, status) => (readErrorBody(body).message === undefined ? noAnswer(url) : refusal(url, body, status)),
  };
  return ask;

  async function read(url: string, init: HttpInit): Promise<unknown> {
    return parse(await (await ask.request(url, init)).text());
  }

  /** A longer clock for headers is for companies, where the usual one is short; near the user it is long already. */
  function send(url: string, { headersTimeout, ...init }: HttpInit): Promise<HttpResponse> {
    const isPatient = headersTimeout !== undefined && placeOf(url) === 'company';
    return http.request(url, { service, ...init, ...(isPatient && { headersTimeout }), accept: [...explained, ...(init.accept ?? [])] });
  }

  function noAnswer(url: string): SwitchboardError {
    const { host } = new URL(url);
    return new SwitchboardError(
      'bad-response',
      `${host} sent something that is not an answer. Is it really ${service.label}, and is the address right?`,
    );
  }

  function refusal(url: string, body: unknown, status?: number, wait?: number): SwitchboardError {
    const words = readErrorBody(body).message ?? '';
    const meaning = explain({ status, words, body });
    if (!meaning) {
      const context = { host: new URL(url).host, place: placeOf(url), service, secrets, keySent: secrets.length > 0 };
      return backendError(body, context, { ...(status !== undefined && { status }), retryAfterSeconds: wait });
    }
    const said = scrub(meaning.isQuiet ? '' : words, secrets)
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, longestWords);
    const seconds = wait ?? meaning.retryAfterSeconds;
    return new SwitchboardError(meaning.code, said ? `${meaning.message} It says: "${said}"` : meaning.message, {
      ...(seconds !== undefined && { retryAfterSeconds: seconds }),
      ...(status !== undefined && { status }),
    });
  }
}

/** As `http` does for statuses that need no explanation: somebody sits in front of it, a longer wait is told instead of made. */
const maxRetries = 2;
const longestWaitSeconds = 8;

const longestWords = 300;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
