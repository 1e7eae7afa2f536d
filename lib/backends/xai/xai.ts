import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { Backend, Engine } from '../backend.ts';
import { addressSchema, keyField, otherAddressField } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import { listedModels } from '../openai-shaped/models.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { effortsOf, hasEffort, isReasoningModel, languageModel, withContext } from './models.ts';

const preset = { baseUrl: 'https://api.x.ai' };

const schema = z.object({ baseUrl: z._default(addressSchema, preset.baseUrl) });

/** xAI: Grok. */
export const xai: Backend<z.infer<typeof schema>> = {
  id: 'xai',
  label: 'xAI',
  group: 'cloud',
  schema,
  fields: [{ ...keyField, placeholder: 'xai-…' }, otherAddressField],
  preset,
  keyUrl: 'https://console.x.ai',
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],

  open({ baseUrl }, resources): Engine {
    const root = `${baseUrl}/v1`;
    const shape = openShape(resources, { root, quirks: quirksOf });
    return { chat: shape.chat, models, samplers: shape.samplers };

    /** One list has prices and abilities, the other windows; a key may be allowed the second alone. */
    async function models(signal: AbortSignal): Promise<ModelInfo[]> {
      const [priced, listed] = await Promise.all([
        shape.ask(`${root}/language-models`, signal).then((response) => response.text(), unlessForbidden),
        shape.ask(`${root}/models`, signal).then((response) => response.text()),
      ]);
      const context = shape.errorContext();
      return withContext(priced === undefined ? [] : listedModels(priced, context, languageModel), listed, context);
    }
  },
};

/** The list with prices is refused to keys that may only use certain models, and missing at gateways. */
function unlessForbidden(error: unknown): undefined {
  if (error instanceof SwitchboardError && (error.status === 403 || error.status === 404)) return undefined;
  throw error;
}

const plain: Quirks = {
  service: { label: 'xAI' },
  samplers: { temperature: 'temperature', topP: 'top_p', presencePenalty: 'presence_penalty', frequencyPenalty: 'frequency_penalty' },
  // Usage comes unasked.
  noUsageOption: true,
  maxStops: 4,
  reasoningBesideOutput: true,
  parallelTools: 'parallel_function_calling',
};

/** Models that reason refuse penalties and stop texts. */
function quirksOf(model: string): Quirks {
  if (!isReasoningModel(model)) return plain;
  return {
    ...plain,
    samplers: { temperature: 'temperature', topP: 'top_p' },
    stopsHere: true,
    ...(hasEffort(model) && { thinking: 'reasoning_effort', efforts: effortsOf(model) }),
  };
}
