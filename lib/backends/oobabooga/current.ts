import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest, CountRequest } from '../../protocol/request.ts';
import type { Engine, Resources, Service } from '../backend.ts';
import { closing } from '../closing.ts';
import { noModel } from '../no-model.ts';
import { openShape } from '../openai-shaped/engine.ts';
import { wireMessages } from '../openai-shaped/messages.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { toolList } from '../openai-shaped/tools.ts';
import type { OobaboogaConfig } from './config.ts';
import { explainingHost, explainingNoModel } from './refusals.ts';
import { inOobaboogaWords, knownSamplers, oobaboogaSamplers } from './samplers.ts';

export const oobaboogaService: Service = { label: 'text-generation-webui', startHint: 'Start text-generation-webui with --api.' };

const quirks: Quirks = {
  service: oobaboogaService,
  samplers: oobaboogaSamplers,
  prefill: { continue_: true },
  wholeTools: 'parameters',
  // Versions before 4.2 refuse a message without.
  callsWithText: true,
  thoughtField: 'reasoning_content',
  thinkTags: true,
  echo: true,
};

/** The OpenAI-shaped API (since November 2023) and the server's own `/v1/internal` routes. */
export function openCurrent(config: OobaboogaConfig, resources: Resources): Engine {
  const { baseUrl, mode, character, instructionTemplate, stopAll } = config;
  const { secret } = resources;
  const { host } = new URL(baseUrl);
  const shape = openShape({ ...resources, http: explainingHost(resources.http) }, { root: `${baseUrl}/v1`, quirks });
  const internal = `${baseUrl}/v1/internal`;
  const promptFields: JsonObject = {
    ...(mode && { mode }),
    ...(character && { character }),
    ...(instructionTemplate && { instruction_template: instructionTemplate }),
  };

  return {
    chat: (request, signal) => stoppable(signal, (own) => shape.chat(inOobaboogaWords(withPromptFields(request)), own)),
    text: (request, signal) => stoppable(signal, (own) => shape.text(inOobaboogaWords(request), own)),
    embed: shape.embed,
    models,
    countTokens,
    applyTemplate: promptOf,
    samplers: () => knownSamplers,

    async *load(model, signal) {
      yield [{ type: 'loading', what: model }];
      const answer = await admin('/model/load', signal, { model_name: model });
      // Versions 2 and 3 answer a failure with status 200.
      if (answer !== 'OK') throw new SwitchboardError('backend-error', `${host} could not load ${model}. Its own window says why.`);
    },

    async unload(_model, signal) {
      await admin('/model/unload', signal, {});
    },

    async test(signal) {
      const { loaded } = await info(signal);
      const files = secret('adminKey') ? await list(signal) : [];
      if (!loaded && files.length === 0) throw noModel('Load one in its Model tab, then try again.');
    },
  };

  /** Every version stops a stream whose connection closes; the route stops the answers of others too, so only on demand. */
  function stoppable(signal: AbortSignal, answer: (own: AbortSignal) => AsyncIterable<Part[]>): AsyncIterable<Part[]> {
    return closing(signal, async function* (own) {
      let isOver = false;
      try {
        yield* explainingNoModel(answer(own), async () => (await info(own)).loaded !== undefined);
        isOver = true;
      } catch (error) {
        isOver = !own.aborted;
        throw error;
      } finally {
        if (!isOver && stopAll)
          void shape.ask(`${internal}/stop-generation`, AbortSignal.timeout(stopMs), { method: 'POST' }).catch(() => undefined);
      }
    });
  }

  function withPromptFields(request: ChatRequest): ChatRequest {
    return Object.keys(promptFields).length > 0 ? { ...request, extra: { ...promptFields, ...request.extra } } : request;
  }

  /** The loaded model, and with the right key every file in the models folder. */
  async function models(signal: AbortSignal): Promise<ModelInfo[]> {
    const [{ loaded }, names] = await Promise.all([info(signal), list(signal).catch(nothingFor('unauthorized'))]);
    const others: ModelInfo[] = names.filter((id) => id !== loaded).map((id) => ({ id, loaded: false }));
    // Whether it sees pictures the server does not say.
    return loaded ? [{ id: loaded, loaded: true }, ...others] : others;
  }

  /** `/v1/models` shows two dummies before version 3.6, so the name comes from here; "None" is its word for none. */
  async function info(signal: AbortSignal): Promise<{ loaded?: string }> {
    const { model_name: name } = await shape.askJson(`${internal}/model/info`, signal);
    return typeof name === 'string' && name !== 'None' ? { loaded: name } : {};
  }

  async function list(signal: AbortSignal): Promise<string[]> {
    const { model_names: names } = await shape.askJson(`${internal}/model/list`, signal, { headers: adminHeaders() });
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string' && name !== 'None') : [];
  }

  async function countTokens(request: CountRequest, signal: AbortSignal): Promise<number> {
    const text = 'text' in request ? request.text : await promptOf(request, signal);
    const { length } = await shape.askJson(`${internal}/token-count`, signal, { json: { text } });
    if (typeof length === 'number') return length;
    throw new SwitchboardError('bad-response', `${host} did not count the tokens.`);
  }

  /** The conversation as the server will write it. */
  async function promptOf({ messages, tools }: Extract<CountRequest, { messages: unknown }>, signal: AbortSignal): Promise<string> {
    const json = { messages: wireMessages(messages, quirks), ...(tools?.length && { tools: toolList(tools) }), ...promptFields };
    const { prompt } = await shape.askJson(`${internal}/chat-prompt`, signal, { json });
    if (typeof prompt === 'string') return prompt;
    throw new SwitchboardError('bad-response', `${host} did not show its prompt.`);
  }

  async function admin(path: string, signal: AbortSignal, json: JsonObject): Promise<unknown> {
    const response = await shape.ask(internal + path, signal, { json, headers: adminHeaders(), headersTimeout: loadMs });
    return await response.json();
  }

  /** Each key opens its own routes only; without an admin key the ordinary one opens both. */
  function adminHeaders(): Record<string, string> {
    const key = secret('adminKey') ?? secret();
    return key ? { authorization: `Bearer ${key}` } : {};
  }
}

/** For lists that not every key may see. */
function nothingFor(code: SwitchboardError['code']) {
  return (error: unknown): string[] => {
    if (error instanceof SwitchboardError && error.code === code) return [];
    throw error;
  };
}

const loadMs = 900_000;
const stopMs = 5000;
