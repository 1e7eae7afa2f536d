import * as z from 'zod/mini';
import { SwitchboardError } from '../protocol/errors.ts';
import type { ModelInfo } from '../protocol/model.ts';
import type { Part } from '../protocol/part.ts';
import type { CountRequest, TextRequest } from '../protocol/request.ts';
import type { Backend, Engine, Room } from './backend.ts';
import { closing } from './closing.ts';
import { addressField, addressSchema, optionalKeyField } from './fields.ts';
import { openShape } from './openai-shaped/engine.ts';
import { wireMessages } from './openai-shaped/messages.ts';
import { plainModel } from './openai-shaped/models.ts';
import type { Quirks } from './openai-shaped/quirks.ts';
import { commonSamplers } from './openai-shaped/samplers.ts';
import { toolList } from './openai-shaped/tools.ts';

const schema = z.object({ baseUrl: addressSchema });

/** vLLM: OpenAI-shaped throughout, with token counts and guided answers of its own. */
export const vllm: Backend<z.infer<typeof schema>> = {
  id: 'vllm',
  label: 'vLLM',
  group: 'local',
  schema,
  fields: [addressField('http://127.0.0.1:8000'), optionalKeyField],
  preset: { baseUrl: 'http://127.0.0.1:8000' },
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],

  open({ baseUrl }, resources): Engine {
    const { chat, text, embed, models, samplers, ask, askJson } = openShape(resources, {
      root: `${baseUrl}/v1`,
      quirks,
      toModel: vllmModel,
    });
    return {
      chat,
      text: (request, signal) => closing(signal, (own) => wholeText(request, own)),
      embed,
      models,
      samplers,
      countTokens,
      contextWindow,
      room,
    };

    /** Without a limit it would be cut after 16 tokens, so the room that is left is said. */
    async function* wholeText(request: TextRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
      const { model, prompt: given, maxOutputTokens = await roomFor(model, given, signal) } = request;
      yield* text({ ...request, ...(maxOutputTokens !== undefined && { maxOutputTokens }) }, signal);
    }

    async function roomFor(model: string, given: string, signal: AbortSignal): Promise<number | undefined> {
      const window = await contextWindow(model, signal).catch(() => undefined);
      if (window === undefined) return undefined;
      const tokens = await countTokens({ model, text: given }, signal).catch(() => undefined);
      // With the token in front that it adds itself.
      return tokens === undefined ? undefined : Math.max(1, window - tokens - 1);
    }

    async function countTokens(request: CountRequest, signal: AbortSignal): Promise<number> {
      const { model } = request;
      const json =
        'text' in request
          ? { model, prompt: request.text, add_special_tokens: false }
          : { model, messages: wireMessages(request.messages, quirks), ...(request.tools?.length && { tools: toolList(request.tools) }) };
      const { count } = await askJson(`${baseUrl}/tokenize`, signal, { json });
      if (typeof count !== 'number') throw new SwitchboardError('bad-response', `${new URL(baseUrl).host} did not count the tokens.`);
      return count;
    }

    /** Beside the API, open to all; it tells what runs and waits, not how much can. */
    async function room(_model: string, signal: AbortSignal): Promise<Room> {
      const response = await ask(`${baseUrl}/metrics`, signal, { accept: [401, 403, 404] });
      const gauges = response.ok ? [...(await response.text()).matchAll(/^vllm:num_requests_(?:running|waiting)\S*\s+(\S+)$/gm)] : [];
      return gauges.length === 0 ? {} : { busy: gauges.reduce((sum, [, value]) => sum + Number(value), 0) };
    }

    async function contextWindow(model: string, signal: AbortSignal): Promise<number | undefined> {
      return (await models(signal)).find(({ id }) => id === model)?.contextWindow;
    }
  },
};

function vllmModel(entry: Record<string, unknown>): ModelInfo | undefined {
  const model = plainModel(entry);
  return model && { ...model, ...(typeof entry.max_model_len === 'number' && { contextWindow: entry.max_model_len }) };
}

const quirks: Quirks = {
  service: { label: 'vLLM', startHint: 'Start it with `vllm serve MODEL`.' },
  samplers: {
    ...commonSamplers,
    topK: 'top_k',
    minP: 'min_p',
    repetitionPenalty: 'repetition_penalty',
    banEos: 'ignore_eos',
    bannedStrings: 'bad_words',
  },
  regex: 'structured_outputs.regex',
  grammar: 'structured_outputs.grammar',
  prefill: { continue_final_message: true, add_generation_prompt: false },
  files: true,
  toolResultName: true,
  thoughtField: 'reasoning',
  thinking: 'chat_template_kwargs',
  thinkingBudget: 'thinking_token_budget',
  thinkTags: true,
  echo: true,
};
