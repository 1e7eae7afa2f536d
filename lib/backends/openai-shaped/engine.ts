import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest, EmbedRequest, EmbedResult, GenerationOptions, TextRequest } from '../../protocol/request.ts';
import type { HttpInit, HttpResponse, Resources } from '../backend.ts';
import { backendError, type ErrorContext } from '../backend-error.ts';
import { closing } from '../closing.ts';
import { placeOf } from '../place.ts';
import { stoppedParts } from '../stopped-parts.ts';
import { chatBody, embedBody, textBody } from './body.ts';
import { createDecoder } from './decoder.ts';
import { embedResult } from './embed.ts';
import { listedModels } from './models.ts';
import type { Quirks } from './quirks.ts';
import { withoutRefused } from './refused-parameter.ts';
import { type Asking, streamParts } from './stream.ts';
import { isObject } from './wire.ts';

export interface Shape {
  /** Address in front of `/chat/completions`. */
  root: string;
  quirks: Quirks | ((model: string) => Quirks);
  headers?: Record<string, string>;
  /** A model of the list in our words; undefined leaves it out. */
  toModel?(entry: Record<string, unknown>): ModelInfo | undefined;
  /** Asks for an answer where one request may not be enough; `send` goes to the root unless told of another. */
  asking?(send: (root?: string) => Promise<HttpResponse>, signal: AbortSignal): Promise<HttpResponse> | Asking;
}

/** The engine of a server that speaks OpenAI's protocol; a backend adds to it or replaces what its server does otherwise. */
export function openShape(resources: Resources, { root, quirks, headers, toModel, asking }: Shape) {
  const { http } = resources;
  const quirksOf = typeof quirks === 'function' ? quirks : () => quirks;
  const place = placeOf(root);
  // Gateways send their headers with the first token, so for answers that clock is the one for first tokens.
  const patient = place === 'company' ? { headersTimeout: 60_000 } : {};

  const samplers = (model: string) => quirksOf(model).samplers;

  return { chat, text, embed, models, samplers, ask, askJson, errorContext };

  function chat(request: ChatRequest, signal: AbortSignal): AsyncIterable<Part[]> {
    const quirks = quirksOf(request.model);
    return cutHere(request, quirks, signal, (own) => answer('/chat/completions', () => chatBody(request, quirks), quirks, own));
  }

  function text(request: TextRequest, signal: AbortSignal): AsyncIterable<Part[]> {
    const quirks = quirksOf(request.model);
    const start: Part[] = request.echo && !quirks.echo ? [{ type: 'text', text: request.prompt }] : [];
    return cutHere(request, quirks, signal, (own) => answer('/completions', () => textBody(request, quirks), quirks, own, start));
  }

  /** Where the server takes no stop texts, or not so many. */
  function cutHere(
    { stop = [] }: GenerationOptions,
    { stopsHere, maxStops = Number.POSITIVE_INFINITY }: Quirks,
    signal: AbortSignal,
    asked: (signal: AbortSignal) => AsyncIterable<Part[]>,
  ): AsyncIterable<Part[]> {
    const isOurs = stop.length > (stopsHere ? 0 : maxStops);
    return isOurs ? closing(signal, (own) => stoppedParts(asked(own), stop)) : asked(signal);
  }

  /** Nothing is built, refused or sent before somebody reads. */
  function answer(path: string, body: () => JsonObject, quirks: Quirks, signal: AbortSignal, start?: Part[]): AsyncIterable<Part[]> {
    return closing(signal, (own) => {
      const open = () => {
        const built = body();
        const send = (at = root) => withoutRefused(built, (json) => ask(at + path, own, { json, ...patient }));
        return asking ? asking(send, own) : send();
      };
      return streamParts(open, createDecoder(quirks, errorContext()), new URL(root).host, start);
    });
  }

  async function embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedResult> {
    const context = errorContext();
    const response = await ask(`${root}/embeddings`, signal, { json: embedBody(request, quirksOf(request.model)), ...patient });
    return embedResult(await response.text(), request.input.length, context);
  }

  async function models(signal: AbortSignal): Promise<ModelInfo[]> {
    const response = await ask(`${root}/models`, signal);
    return listedModels(await response.text(), errorContext(), toModel);
  }

  /** A request to any address of the server, with the key and the headers of the connection. */
  function ask(address: string, signal: AbortSignal, init: Partial<HttpInit> = {}): Promise<HttpResponse> {
    return http.request(address, { headers: allHeaders(), signal, service: quirksOf('').service, ...init });
  }

  /** The JSON object at an address; a body that is an error in spite of its status is thrown as one. */
  async function askJson(address: string, signal: AbortSignal, init: Partial<HttpInit> = {}): Promise<Record<string, unknown>> {
    const context = errorContext();
    const answer = parseObject(await (await ask(address, signal, init)).text(), context);
    if (answer.error) throw backendError(answer, context);
    return answer;
  }

  function allHeaders(): Record<string, string> {
    const key = resources.secret();
    return { ...(key && { authorization: `Bearer ${key}` }), ...headers };
  }

  function errorContext(): ErrorContext {
    const key = resources.secret();
    const { service } = quirksOf('');
    return { host: new URL(root).host, place, service, secrets: key ? [key] : [], keySent: Boolean(key) };
  }
}

function parseObject(text: string, { host, service }: ErrorContext): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Told below.
  }
  throw new SwitchboardError('bad-response', `${host} did not answer as ${service?.label ?? 'a model server'} does. Check the address.`);
}
