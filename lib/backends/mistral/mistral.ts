import * as z from 'zod/mini';
import type { ChatRequest } from '../../protocol/request.ts';
import type { Backend, Engine } from '../backend.ts';
import { closing } from '../closing.ts';
import { addressSchema, keyField, otherAddressField } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { mistralModel } from './models.ts';
import { withoutPrefix } from './repeated-prefix.ts';

const preset = { baseUrl: 'https://api.mistral.ai' };

const schema = z.object({ baseUrl: z._default(addressSchema, preset.baseUrl) });

/** Mistral: OpenAI-shaped, and strict: a field it does not know is refused. */
export const mistral: Backend<z.infer<typeof schema>> = {
  id: 'mistral',
  label: 'Mistral',
  group: 'cloud',
  schema,
  fields: [keyField, otherAddressField],
  preset,
  keyUrl: 'https://console.mistral.ai/api-keys',
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],

  open({ baseUrl }, resources): Engine {
    const { chat, embed, models, samplers } = openShape(resources, { root: `${baseUrl}/v1`, quirks: quirksOf, toModel: mistralModel });
    return {
      chat(request, signal) {
        const prefix = prefixOf(request);
        return prefix === '' ? chat(request, signal) : closing(signal, (own) => withoutPrefix(chat(request, own), prefix));
      },
      embed,
      models,
      samplers,
    };
  },
};

function prefixOf({ messages }: ChatRequest): string {
  const last = messages.at(-1);
  if (last?.role !== 'assistant' || !last.prefix) return '';
  return last.content.map((item) => (item.type === 'text' ? item.text : '')).join('');
}

const plain: Quirks = {
  service: { label: 'Mistral' },
  samplers: {
    temperature: 'temperature',
    topP: 'top_p',
    presencePenalty: 'presence_penalty',
    frequencyPenalty: 'frequency_penalty',
  },
  seed: 'random_seed',
  // Usage comes with the last piece of every answer.
  noUsageOption: true,
  prefill: {},
  marksPrefix: true,
  noNames: true,
  requiredTool: 'any',
  shortCallIds: true,
  toolResultName: true,
  toolImages: true,
  plainAudio: true,
  files: 'document_url',
  noLogprobs: true,
  wholeTools: 'parameters',
  jsonMention: true,
  dimensions: 'output_dimension',
};

/** Some models do not think; those that do have words of their own for how much. */
function quirksOf(model: string): Quirks {
  if (/^(codestral|ministral|mistral-code|mistral-large-(latest|2)|voxtral|pixtral|open-)/.test(model)) return plain;
  return { ...plain, thinking: 'reasoning_effort', thoughtField: 'content', efforts: effortsOf(model) };
}

function effortsOf(model: string): NonNullable<Quirks['efforts']> {
  if (/^mistral-large-[4-9]/.test(model)) return { none: 'low', minimal: 'low', max: 'high' };
  if (/^zai-glm-(5(-[3-9].*)?|latest)$/.test(model)) return { none: 'low', minimal: 'low', medium: 'low' };
  return { minimal: 'high', low: 'high', medium: 'high', max: 'high' };
}
