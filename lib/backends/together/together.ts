import * as z from 'zod/mini';
import type { Backend } from '../backend.ts';
import { addressSchema, keyField, otherAddressField } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { commonSamplers } from '../openai-shaped/samplers.ts';
import { togetherModel } from './models.ts';

const preset = { baseUrl: 'https://api.together.xyz' };

const schema = z.object({ baseUrl: z._default(addressSchema, preset.baseUrl) });

/** Together AI: open models of every kind, with prices. */
export const together: Backend<z.infer<typeof schema>> = {
  id: 'together',
  label: 'Together AI',
  group: 'cloud',
  schema,
  fields: [keyField, otherAddressField],
  preset,
  keyUrl: 'https://api.together.ai/settings/api-keys',
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],

  open({ baseUrl }, resources) {
    const { chat, text, embed, models, samplers } = openShape(resources, { root: `${baseUrl}/v1`, quirks, toModel: togetherModel });
    return { chat, text, embed, models, samplers };
  },
};

const quirks: Quirks = {
  service: { label: 'Together AI' },
  samplers: { ...commonSamplers, topK: 'top_k', minP: 'min_p', repetitionPenalty: 'repetition_penalty' },
  thinking: 'reasoning_effort',
  thinkingOff: { reasoning: { enabled: false } },
  efforts: { minimal: 'low', max: 'high' },
  thinkTags: true,
  logprobsNumber: true,
  minTopLogprobs: 1,
  echo: true,
};
