import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest, CountRequest } from '../../protocol/request.ts';
import type { Backend, Engine, Room } from '../backend.ts';
import { closing } from '../closing.ts';
import { addressField, addressSchema, optionalKeyField } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import { wireMessages } from '../openai-shaped/messages.ts';
import { toolList } from '../openai-shaped/tools.ts';
import { isObject } from '../openai-shaped/wire.ts';
import { whileLoading } from '../while-loading.ts';
import { llamaCppModel, withProps } from './models.ts';
import { cannotContinue, goingOn, refusesToStream } from './old-versions.ts';
import { llamaCppQuirks as quirks } from './quirks.ts';
import { roomOf } from './room.ts';
import { routerModels } from './router-models.ts';
import { inLlamaCppWords } from './words.ts';

const schema = z.object({ baseUrl: addressSchema });

/** llama.cpp's `llama-server`: one model, or several in router mode. */
export const llamacpp: Backend<z.infer<typeof schema>> = {
  id: 'llamacpp',
  label: 'llama.cpp',
  group: 'local',
  schema,
  fields: [addressField('http://127.0.0.1:8080'), optionalKeyField],
  preset: { baseUrl: 'http://127.0.0.1:8080' },
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],

  open({ baseUrl }, resources): Engine {
    const shape = openShape(resources, {
      root: `${baseUrl}/v1`,
      quirks,
      toModel: llamaCppModel,
      asking: (send, signal) => whileLoading(send, isReady, signal),
    });
    const { embed, samplers, ask, askJson } = shape;

    return {
      chat,
      text: (request, signal) => shape.text(inLlamaCppWords(request), signal),
      embed,
      models,
      samplers,
      countTokens,
      applyTemplate: promptOf,
      chatTemplate: async (model, signal) => textIn((await props(signal, model)).chat_template),
      contextWindow: async (model, signal) => withProps({ id: model }, await props(signal, model)).contextWindow,
      ...routerModels(shape, baseUrl, isReady),
      room,
      async test(signal) {
        // The list of models was open to all until August 2026; this one asks for the key.
        await props(signal);
        await models(signal);
      },
    };

    /** Only what old versions do otherwise takes more than one request. */
    function chat(request: ChatRequest, signal: AbortSignal): AsyncIterable<Part[]> {
      const asked = inLlamaCppWords(request);
      if (request.messages.at(-1)?.role === 'assistant') return closing(signal, (own) => continuation(asked, own));
      return request.tools?.length ? closing(signal, (own) => withTools(asked, own)) : shape.chat(asked, signal);
    }

    async function* withTools(request: ChatRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
      try {
        yield* shape.chat(request, signal);
      } catch (error) {
        if (!refusesToStream(error)) throw error;
        yield* shape.chat({ ...request, extra: { ...request.extra, stream: false } }, signal);
      }
    }

    async function* continuation(request: ChatRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
      const { model, messages } = request;
      const last = messages.at(-1);
      const isBegun = last?.role === 'assistant' && last.prefix === true;
      if (!isBegun || !cannotContinue((await props(signal, model)).build_info)) return yield* withTools(request, signal);
      const prompt = await promptOf({ model, messages: messages.slice(0, -1) }, signal);
      yield* shape.text(goingOn(request, prompt), signal);
    }

    async function models(signal: AbortSignal): Promise<ModelInfo[]> {
      const [listed, about] = await Promise.all([shape.models(signal), props(signal)]);
      // A router lists what it could load; only a server with one model has properties of its own.
      return listed.map((model) => (listed.length === 1 ? withProps(model, about) : model));
    }

    async function props(signal: AbortSignal, model?: string): Promise<Record<string, unknown>> {
      const response = await ask(`${baseUrl}/props${queryOf(model)}`, signal, { accept: [400, 404, 501] });
      const answer: unknown = await response.json().catch(() => undefined);
      return response.ok && isObject(answer) ? answer : {};
    }

    async function room(model: string, signal: AbortSignal): Promise<Room> {
      const response = await ask(`${baseUrl}/slots${queryOf(model)}`, signal, {
        accept: [400, 404, 501],
      });
      const slots: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
      return roomOf(slots, slots === undefined ? await props(signal) : {});
    }

    async function countTokens(request: CountRequest, signal: AbortSignal): Promise<number> {
      const { model } = request;
      const content = 'text' in request ? request.text : await promptOf(request, signal);
      const special = !('text' in request);
      const json = { model, content, add_special: special, parse_special: special };
      const { tokens } = await askJson(`${baseUrl}/tokenize`, signal, { json });
      if (!Array.isArray(tokens)) throw new SwitchboardError('bad-response', `${new URL(baseUrl).host} did not count the tokens.`);
      return tokens.length;
    }

    async function promptOf(
      { model, messages, tools }: Extract<CountRequest, { messages: unknown }>,
      signal: AbortSignal,
    ): Promise<string> {
      const json = { model, messages: wireMessages(messages, quirks), ...(tools?.length && { tools: toolList(tools) }) };
      const { prompt } = await askJson(`${baseUrl}/apply-template`, signal, { json });
      return typeof prompt === 'string' ? prompt : '';
    }

    async function isReady(signal: AbortSignal): Promise<boolean> {
      return (await ask(`${baseUrl}/health`, signal, { accept: [503] })).ok;
    }
  },
};

/** A router asks the model of that name, which it would load for every question, were it not told otherwise. */
function queryOf(model = ''): string {
  return model === '' ? '' : `?model=${encodeURIComponent(model)}&autoload=false`;
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
