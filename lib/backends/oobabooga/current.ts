import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest, CountRequest, GenerationOptions } from '../../protocol/request.ts';
import type { Engine, Resources, Service } from '../backend.ts';
import { closing } from '../closing.ts';
import { openShape } from '../openai-shaped/engine.ts';
import { wireMessages } from '../openai-shaped/messages.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import type { OobaboogaConfig } from './oobabooga.ts';
import { oobaboogaSamplers } from './samplers.ts';

export const oobaboogaService: Service = { label: 'text-generation-webui', startHint: 'Start text-generation-webui with --api.' };

const quirks: Quirks = {
  service: oobaboogaService,
  samplers: oobaboogaSamplers,
  grammar: 'grammar_string',
  prefill: { continue_: true },
  thoughtField: 'reasoning_content',
  thinking: 'reasoning_effort',
  echo: true,
};

/** The OpenAI-shaped API (since November 2023) and the server's own `/v1/internal` routes. */
export function openCurrent(config: OobaboogaConfig, resources: Resources): Engine {
  const { baseUrl, mode, character, instructionTemplate, stopAll } = config;
  const { secret } = resources;
  const shape = openShape(resources, { root: `${baseUrl}/v1`, quirks });
  const internal = `${baseUrl}/v1/internal`;

  return {
    chat: (request, signal) => stoppable(signal, (own) => shape.chat(withOwn(withMode(request)), own)),
    text: (request, signal) => stoppable(signal, (own) => shape.text(withOwn(request), own)),
    embed: shape.embed,
    models,
    countTokens,

    async *load(model, signal) {
      yield [{ type: 'loading', what: model }];
      const answer = await admin('/model/load', signal, { model_name: model });
      // Versions 2 and 3 answer a failure with status 200.
      if (answer !== 'OK')
        throw new SwitchboardError('backend-error', `${new URL(baseUrl).host} could not load ${model}. Its own window says why.`);
    },

    async unload(_model, signal) {
      await admin('/model/unload', signal, {});
    },

    async test(signal) {
      const { loaded } = await info(signal);
      if (!loaded) throw noModel();
    },
  };

  /** Every version stops a stream whose connection closes; the route stops the others' answers too, so only on demand. */
  function stoppable(signal: AbortSignal, run: (own: AbortSignal) => AsyncIterable<Part[]>): AsyncIterable<Part[]> {
    return closing(signal, async function* (own) {
      let isOver = false;
      try {
        yield* run(own);
        isOver = true;
      } catch (error) {
        isOver ||= !own.aborted;
        throw error;
      } finally {
        if (!isOver && stopAll)
          void shape.ask(`${internal}/stop-generation`, AbortSignal.timeout(5000), { method: 'POST' }).catch(() => undefined);
      }
    });
  }

  function withMode(request: ChatRequest): ChatRequest {
    const extra: JsonObject = {
      ...(mode && { mode }),
      ...(character && { character }),
      ...(instructionTemplate && { instruction_template: instructionTemplate }),
      ...request.extra,
    };
    return Object.keys(extra).length > 0 ? { ...request, extra } : request;
  }

  /** The loaded model, and with the admin key every file in the models folder. */
  async function models(signal: AbortSignal): Promise<ModelInfo[]> {
    const [{ loaded }, names] = await Promise.all([info(signal), fileNames(signal)]);
    const others: ModelInfo[] = names.filter((id) => id !== loaded).map((id) => ({ id, loaded: false }));
    return loaded ? [{ id: loaded, loaded: true, abilities: ['chat', 'text', 'tools'] }, ...others] : others;
  }

  /** `/v1/models` shows two dummies before version 3.6, so the name comes from here; "None" is its word for none. */
  async function info(signal: AbortSignal): Promise<{ loaded?: string }> {
    const { model_name: name } = await shape.askJson(`${internal}/model/info`, signal);
    return typeof name === 'string' && name !== 'None' ? { loaded: name } : {};
  }

  async function fileNames(signal: AbortSignal): Promise<string[]> {
    const answer = await adminGet('/model/list', signal).catch((error: unknown) => {
      if (error instanceof SwitchboardError && error.code === 'unauthorized') return {};
      throw error;
    });
    const { model_names: names } = answer as { model_names?: unknown };
    return Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string' && name !== 'None') : [];
  }

  async function countTokens(request: CountRequest, signal: AbortSignal): Promise<number> {
    const text = 'text' in request ? request.text : await promptOf(request, signal);
    const { length } = await shape.askJson(`${internal}/token-count`, signal, { json: { text } });
    return typeof length === 'number' ? length : 0;
  }

  async function promptOf({ messages }: Extract<CountRequest, { messages: unknown }>, signal: AbortSignal): Promise<string> {
    const json = { messages: wireMessages(messages, quirks), ...(mode && { mode }) };
    const { prompt } = await shape.askJson(`${internal}/chat-prompt`, signal, { json });
    return typeof prompt === 'string' ? prompt : '';
  }

  async function admin(path: string, signal: AbortSignal, json: JsonObject): Promise<unknown> {
    const response = await shape.ask(internal + path, signal, { json, headers: adminHeaders(), headersTimeout: loadMs });
    return await response.json();
  }

  async function adminGet(path: string, signal: AbortSignal): Promise<unknown> {
    return await (await shape.ask(internal + path, signal, { headers: adminHeaders() })).json();
  }

  /** Each key opens its own routes only; without an admin key the ordinary one opens both. */
  function adminHeaders(): Record<string, string> {
    const key = secret('adminKey') ?? secret();
    return key ? { authorization: `Bearer ${key}` } : {};
  }
}

/** DRY breakers travel as the text of a JSON list without its brackets, and dynamic temperature as two ends. */
function withOwn<Request extends GenerationOptions>(request: Request): Request {
  const { dry, dynamicTemperature: dynamic, temperature = 1 } = request.sampling ?? {};
  const own: JsonObject = {
    ...(dry?.breakers && { dry_sequence_breakers: JSON.stringify(dry.breakers).slice(1, -1) }),
    ...(dynamic && {
      dynamic_temperature: true,
      dynatemp_low: Math.max(0, temperature - dynamic.range),
      dynatemp_high: temperature + dynamic.range,
      ...(dynamic.exponent !== undefined && { dynatemp_exponent: dynamic.exponent }),
    }),
  };
  return Object.keys(own).length > 0 ? { ...request, extra: { ...own, ...request.extra } } : request;
}

function noModel(): SwitchboardError {
  return new SwitchboardError('model-not-found', 'text-generation-webui has no model loaded. Load one in its Model tab, then try again.');
}

const loadMs = 900_000;
