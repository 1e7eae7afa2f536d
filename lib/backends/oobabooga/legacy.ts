import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { Part } from '../../protocol/part.ts';
import type { CountRequest, TextRequest } from '../../protocol/request.ts';
import type { Engine, Resources } from '../backend.ts';
import { countedMessages, defined } from '../body.ts';
import { closing } from '../closing.ts';
import { openShape } from '../openai-shaped/engine.ts';
import { samplerFields } from '../openai-shaped/samplers.ts';
import { renderChat } from '../templates.ts';
import { oobaboogaService as service } from './current.ts';
import { legacyStream } from './legacy-stream.ts';
import type { OobaboogaConfig } from './oobabooga.ts';
import { legacySamplers } from './samplers.ts';

/** The API of before November 2023: text only, over HTTP without a stream and over a WebSocket with one. */
export function openLegacy({ baseUrl, streamUrl }: OobaboogaConfig, resources: Resources): Engine {
  const { askJson } = openShape(resources, { root: baseUrl, quirks: { service, samplers: legacySamplers } });
  const { hostname } = new URL(baseUrl);
  const socketUrl = `${streamUrl ?? `ws://${hostname}:5005`}/api/v1/stream`;

  return {
    text: (request, signal) => closing(signal, (own) => text(request, own)),
    models,
    countTokens,

    async *load(model, signal) {
      yield [{ type: 'loading', what: model }];
      await post('/model', { action: 'load', model_name: model, args: {} }, signal, loadMs);
    },

    async unload(_model, signal) {
      await post('/model', { action: 'unload' }, signal);
    },
  };

  async function* text(request: TextRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
    if (request.responseFormat && request.responseFormat.type !== 'grammar')
      throw new SwitchboardError('not-supported', "The user's model server cannot hold an answer to a form.");
    if (request.echo) yield [{ type: 'text', text: request.prompt }];
    const body = legacyBody(request);
    let isOver = false;
    try {
      // A closed stream port is no failure: the same answer comes whole over HTTP.
      const frames = await legacyStream(socketUrl, body, signal);
      yield* frames ?? whole(body, signal);
      isOver = true;
    } catch (error) {
      isOver ||= !signal.aborted;
      throw error;
    } finally {
      // The server generates on after the connection is gone.
      if (!isOver) void post('/stop-stream', {}, AbortSignal.timeout(5000)).catch(() => undefined);
    }
  }

  async function* whole(body: JsonObject, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const { results } = await post('/generate', body, signal, answerMs);
    const answer: unknown = Array.isArray(results) ? results[0]?.text : undefined;
    if (typeof answer !== 'string')
      throw new SwitchboardError(
        'bad-response',
        `${new URL(baseUrl).host} did not answer in the way of the legacy API. Check the address.`,
      );
    yield [
      { type: 'text', text: answer },
      { type: 'end', reason: 'other' },
    ];
  }

  async function models(signal: AbortSignal): Promise<ModelInfo[]> {
    const [{ result: name }, { result: names }] = await Promise.all([
      askJson(`${baseUrl}/api/v1/model`, signal),
      post('/model', { action: 'list' }, signal).catch(() => ({ result: [] })),
    ]);
    const files = Array.isArray(names) ? names.filter((each): each is string => typeof each === 'string' && each !== name) : [];
    const others: ModelInfo[] = files.map((id) => ({ id, loaded: false }));
    return typeof name === 'string' && name !== 'None' ? [{ id: name, loaded: true, abilities: ['text'] }, ...others] : others;
  }

  async function countTokens(request: CountRequest, signal: AbortSignal): Promise<number> {
    const prompt = 'text' in request ? request.text : renderChat(countedMessages(request), 'chatml').prompt;
    const { results } = await post('/token-count', { prompt }, signal);
    const count: unknown = Array.isArray(results) ? results[0]?.tokens : undefined;
    return typeof count === 'number' ? count : 0;
  }

  function post(path: string, json: JsonObject, signal: AbortSignal, headersTimeout?: number): Promise<Record<string, unknown>> {
    return askJson(`${baseUrl}/api/v1${path}`, signal, { json, ...(headersTimeout && { headersTimeout }) });
  }
}

function legacyBody(request: TextRequest): JsonObject {
  return {
    ...defined({
      prompt: request.prompt,
      max_new_tokens: request.maxOutputTokens,
      seed: request.seed,
      stopping_strings: request.stop?.length ? request.stop : undefined,
      grammar_string: request.responseFormat?.type === 'grammar' ? request.responseFormat.grammar : undefined,
    }),
    ...samplerFields(request.sampling, legacySamplers),
    ...request.extra,
  };
}

const answerMs = 900_000;
const loadMs = 900_000;
