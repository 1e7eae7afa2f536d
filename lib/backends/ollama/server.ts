import { SwitchboardError } from '../../protocol/errors.ts';
import type { HttpInit, HttpResponse, Resources, Service } from '../backend.ts';
import { backendError, type ErrorContext } from '../backend-error.ts';
import { isObject } from '../openai-shaped/wire.ts';
import { placeOf } from '../place.ts';
import type { OllamaAnswer } from './facts.ts';

/** The ways to ask one Ollama. */
export interface OllamaServer {
  get(path: string, signal: AbortSignal): Promise<OllamaAnswer>;
  post(path: string, json: object, signal: AbortSignal): Promise<HttpResponse>;
  /** The object that a POST is answered with. */
  json(path: string, json: object, signal: AbortSignal): Promise<OllamaAnswer>;
  remove(path: string, json: object, signal: AbortSignal): Promise<void>;
  show(model: string, signal: AbortSignal): Promise<OllamaAnswer>;
  errorContext(): ErrorContext;
}

export function openServer(baseUrl: string, { http, secret }: Resources): OllamaServer {
  const { host } = new URL(baseUrl);
  const server: OllamaServer = {
    get: async (path, signal) => objectOf(await ask(path, { signal })),
    post: (path, json, signal) => ask(path, { json, signal }),
    json: async (path, json, signal) => objectOf(await ask(path, { json, signal })),
    remove: async (path, json, signal) => void (await ask(path, { method: 'DELETE', json, signal })),
    show: (model, signal) => server.json('/api/show', { model }, signal),
    errorContext() {
      const key = secret();
      return { host, place: placeOf(baseUrl), service, secrets: key ? [key] : [], keySent: Boolean(key) };
    },
  };
  return server;

  function ask(path: string, init: HttpInit): Promise<HttpResponse> {
    const key = secret();
    return http.request(baseUrl + path, { headers: key ? { authorization: `Bearer ${key}` } : {}, service, ...init });
  }

  async function objectOf(response: HttpResponse): Promise<OllamaAnswer> {
    const answer = parse(await response.text());
    if (!isObject(answer))
      throw new SwitchboardError('bad-response', `${host} did not answer as Ollama does. Check the address.`, {
        cause: { kind: 'no-ollama', wrongPath: true },
      });
    if (answer.error) throw backendError(answer, server.errorContext());
    return answer;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const service: Service = {
  label: 'Ollama',
  startHint: 'Start it with `ollama serve`.',
  originHint:
    'Set the environment variable OLLAMA_ORIGINS=chrome-extension://*,moz-extension://* for Ollama and start it again, or allow Switchboard to reach this address.',
};
