import * as z from 'zod/mini';
import type { ChatRequest } from '../../protocol/request.ts';
import type { Backend, Engine } from '../backend.ts';
import { addressSchema, keyField, otherAddressField } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { commonSamplers } from '../openai-shaped/samplers.ts';
import { balanceOf } from './balance.ts';
import { deepSeekModel, isOldModel } from './models.ts';

const preset = { baseUrl: 'https://api.deepseek.com' };

const schema = z.object({ baseUrl: z._default(addressSchema, preset.baseUrl) });

/** DeepSeek: thinks unless told not to, and wants its thoughts back in the next turn. */
export const deepseek: Backend<z.infer<typeof schema>> = {
  id: 'deepseek',
  label: 'DeepSeek',
  group: 'cloud',
  schema,
  fields: [keyField, otherAddressField],
  preset,
  keyUrl: 'https://platform.deepseek.com/api_keys',
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],

  open({ baseUrl: address }, resources): Engine {
    const baseUrl = address.replace(/\/beta$/, '');
    const open = (root: string) => openShape(resources, { root, quirks: quirksOf, toModel: deepSeekModel });
    const { chat, models, samplers, askJson } = open(baseUrl);
    // An answer is continued only here, and calls of tools are held to their schemas.
    const beta = open(`${baseUrl}/beta`);
    return {
      chat(request, signal) {
        const last = request.messages.at(-1);
        const isStrict = request.tools?.length && request.tools.every(({ strict }) => strict);
        return ((last?.role === 'assistant' && last.prefix) || isStrict ? beta.chat : chat)(isStrict ? request : unstrict(request), signal);
      },
      models,
      samplers,
      account: async (signal) => balanceOf(await askJson(`${baseUrl}/user/balance`, signal)),
      contextWindow: async (model) => deepSeekModel({ id: model })?.contextWindow,
    };
  },
};

/** It holds all tools to their schemas or none. */
function unstrict(request: ChatRequest): ChatRequest {
  if (!request.tools?.some(({ strict }) => strict)) return request;
  return { ...request, tools: request.tools.map(({ strict: _, ...tool }) => tool) };
}

const plain: Quirks = {
  service: { label: 'DeepSeek' },
  samplers: commonSamplers,
  seed: 'none',
  maxStops: 16,
  jsonOnly: true,
  prefill: {},
  marksPrefix: true,
};

/** Models before version 4 refuse their own thoughts; those since refuse turns without. */
function quirksOf(model: string): Quirks {
  return isOldModel(model)
    ? plain
    : {
        ...plain,
        // Its penalties are gone.
        samplers: { temperature: 'temperature', topP: 'top_p', logitBias: 'logit_bias' },
        toolImages: true,
        thoughtField: 'reasoning_content',
        thoughtAlways: true,
        thinking: 'reasoning_effort',
        thinkingOn: { thinking: { type: 'enabled' } },
        thinkingOff: { thinking: { type: 'disabled' } },
        efforts: { minimal: 'low', medium: 'high' },
      };
}
