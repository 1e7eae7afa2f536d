import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { Part } from '../../protocol/part.ts';
import type { CountRequest, TextRequest } from '../../protocol/request.ts';
import { askedOnce } from '../asked-once.ts';
import type { Engine, Resources } from '../backend.ts';
import { defined } from '../body.ts';
import { closing } from '../closing.ts';
import { formatGrammar } from '../format-grammar.ts';
import { jsonAnswer } from '../json-answer.ts';
import { noModel } from '../no-model.ts';
import { openShape } from '../openai-shaped/engine.ts';
import { samplerFields } from '../openai-shaped/samplers.ts';
import { isObject } from '../openai-shaped/wire.ts';
import { stoppedParts } from '../stopped-parts.ts';
import { guessTemplate, renderChat } from '../templates.ts';
import { type OobaboogaConfig, streamAddress } from './config.ts';
import { oobaboogaService as service } from './current.ts';
import { legacyStream } from './legacy-stream.ts';
import { legacySamplers } from './samplers.ts';

/** The API of before November 2023: text only, over HTTP without a stream and over a WebSocket with one. */
export function openLegacy(config: OobaboogaConfig, resources: Resources): Engine {
  const { baseUrl } = config;
  const { ask, askJson } = openShape(resources, { root: baseUrl, quirks: { service, samplers: legacySamplers } });
  const { host } = new URL(baseUrl);
  const window = askedOnce(askWindow);

  return {
    text: (request, signal) => closing(signal, (own) => text(request, own)),
    models,
    countTokens,
    samplers: () => legacySamplers,
    contextWindow: (_model, signal) => askWindow(signal),

    async *load(model, signal) {
      yield [{ type: 'loading', what: model }];
      await post('/model', { action: 'load', model_name: model, args: {} }, signal);
      window.forget();
    },

    async unload(_model, signal) {
      await post('/model', { action: 'unload' }, signal);
    },

    async test(signal) {
      if ((await models(signal)).length === 0) throw noModel('Load one in its Model tab, then try again.');
    },
  };

  async function* text(request: TextRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const body = { ...legacyBody(request), ...(await truncation(request, signal)), ...request.extra };
    if (request.echo) yield [{ type: 'text', text: request.prompt }];
    let isOver = false;
    try {
      // A closed stream port is no failure: the same answer comes whole over HTTP.
      const frames = await legacyStream(`${streamAddress(config)}/api/v1/stream`, body, signal);
      yield* stoppedParts(frames ?? whole(body, signal), request.stop ?? [], true);
      isOver = true;
    } catch (error) {
      isOver = !signal.aborted;
      throw error;
    } finally {
      // The server generates on after the connection is gone, until its next word at the earliest.
      if (!isOver) void post('/stop-stream', {}, AbortSignal.timeout(stopMs)).catch(() => undefined);
    }
  }

  /** Without it the server cuts every prompt to 2048 tokens, whatever the model was loaded with. */
  async function truncation({ contextWindow }: TextRequest, signal: AbortSignal): Promise<JsonObject> {
    const length = contextWindow ?? (await window.get(signal).catch(() => undefined));
    return length === undefined ? {} : { truncation_length: length };
  }

  async function* whole(body: JsonObject, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const response = await ask(`${baseUrl}/api/v1/generate`, signal, { json: body });
    const { results } = await jsonAnswer(response, host, 'the legacy API');
    const [first]: unknown[] = Array.isArray(results) ? results : [];
    if (!isObject(first) || typeof first.text !== 'string') throw notLegacy();
    yield [...(first.text === '' ? [] : [{ type: 'text' as const, text: first.text }]), { type: 'end', reason: 'other' }];
  }

  async function models(signal: AbortSignal): Promise<ModelInfo[]> {
    const [{ result: name }, { result: names }] = await Promise.all([
      askJson(`${baseUrl}/api/v1/model`, signal),
      post('/model', { action: 'list' }, signal),
    ]);
    const files = Array.isArray(names) ? names.filter((each) => typeof each === 'string' && each !== name && each !== 'None') : [];
    const others: ModelInfo[] = files.map((id) => ({ id, loaded: false }));
    if (typeof name !== 'string' || name === 'None' || name === '') return others;
    const contextWindow = await askWindow(signal).catch(() => undefined);
    return [{ id: name, loaded: true, abilities: ['text', 'schema'], ...(contextWindow && { contextWindow }) }, ...others];
  }

  /** What the server's own settings say for the loaded model. */
  async function askWindow(signal: AbortSignal): Promise<number | undefined> {
    const { result } = await post('/model', { action: 'info' }, signal);
    const settings = isObject(result) ? result['shared.settings'] : undefined;
    const length = isObject(settings) ? settings.truncation_length : undefined;
    return typeof length === 'number' && length > 0 ? length : undefined;
  }

  async function countTokens(request: CountRequest, signal: AbortSignal): Promise<number> {
    const prompt = 'text' in request ? request.text : renderChat(request.messages, guessTemplate(request.model)).prompt;
    const { results } = await post('/token-count', { prompt }, signal);
    const [first]: unknown[] = Array.isArray(results) ? results : [];
    if (isObject(first) && typeof first.tokens === 'number') return first.tokens;
    throw notLegacy();
  }

  function post(path: string, json: JsonObject, signal: AbortSignal): Promise<Record<string, unknown>> {
    return askJson(`${baseUrl}/api/v1${path}`, signal, { json });
  }

  function notLegacy(): SwitchboardError {
    return new SwitchboardError('bad-response', `${host} did not answer as the legacy API does. Check the address.`);
  }
}

function legacyBody({ prompt, suffix, maxOutputTokens, seed, stop, responseFormat, sampling }: TextRequest): JsonObject {
  if (suffix !== undefined) throw new SwitchboardError('not-supported', "The user's model server cannot fill in the middle of a text.");
  return {
    ...defined({
      prompt,
      max_new_tokens: maxOutputTokens,
      seed,
      stopping_strings: stop?.length ? stop : undefined,
      grammar_string: responseFormat && formatGrammar(responseFormat),
    }),
    ...samplerFields(sampling, legacySamplers),
  };
}

const stopMs = 5000;
