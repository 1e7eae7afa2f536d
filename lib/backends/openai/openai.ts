import * as z from 'zod/mini';
import type { Backend } from '../backend.ts';
import { addressSchema, keyField, otherAddressField } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { commonSamplers } from '../openai-shaped/samplers.ts';
import { isReasoningModel, openAiModel } from './models.ts';

const preset = { baseUrl: 'https://api.openai.com' };

const schema = z.object({
  baseUrl: z._default(addressSchema, preset.baseUrl),
  organisation: z.optional(z.string()),
  project: z.optional(z.string()),
});

/** OpenAI, by Chat Completions. */
export const openai: Backend<z.infer<typeof schema>> = {
  id: 'openai',
  label: 'OpenAI',
  group: 'cloud',
  schema,
  fields: [
    { ...keyField, placeholder: 'sk-…' },
    otherAddressField,
    { name: 'organisation', kind: 'text', label: 'field_organisation', placeholder: 'org-…', advanced: true },
    { name: 'project', kind: 'text', label: 'field_project', placeholder: 'proj_…', advanced: true },
  ],
  preset,
  keyUrl: 'https://platform.openai.com/api-keys',
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],

  open({ baseUrl, organisation, project }, resources) {
    const { chat, text, embed, models } = openShape(resources, {
      root: `${baseUrl}/v1`,
      quirks: (model) => (isReasoningModel(model) ? reasoning : plain),
      headers: { ...(organisation && { 'openai-organization': organisation }), ...(project && { 'openai-project': project }) },
      toModel: openAiModel,
    });
    return { chat, text, embed, models, contextWindow: async (model) => openAiModel({ id: model })?.contextWindow };
  },
};

const plain: Quirks = {
  service: { label: 'OpenAI' },
  samplers: commonSamplers,
  maxTokens: 'max_completion_tokens',
  audioFormats: ['wav', 'mp3'],
  files: true,
  echo: true,
  suffix: true,
};

/** Models that reason refuse samplers and stop texts, and call instructions `developer`. */
const reasoning: Quirks = {
  ...plain,
  samplers: {},
  stopsHere: true,
  systemRole: 'developer',
  thinking: 'reasoning_effort',
  noLogprobs: true,
};
