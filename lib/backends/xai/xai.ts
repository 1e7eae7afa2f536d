import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import type { Backend, Engine } from '../backend.ts';
import { closing } from '../closing.ts';
import { addressSchema, keyField, otherAddressField } from '../fields.ts';
import type { ResponsesDialect } from '../openai/responses/body.ts';
import { responsesParts } from '../openai/responses/responses.ts';
import { either, isForChat } from '../openai/route.ts';
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
    const { ask, errorContext } = shape;
    const responses = (request: ChatRequest, signal: AbortSignal) =>
      responsesParts({ root, ask, errorContext, dialect: responsesDialect }, request, signal);
    return {
      chat(request, signal) {
        if (!wantsResponses(request)) return shape.chat(request, signal);
        return closing(signal, (own) => either(responses(request, own), () => shape.chat(request, own)));
      },
      models,
      samplers: shape.samplers,
    };

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

/** Only there a model that reasons tells its thoughts, and gets them back with the results of tools. */
function wantsResponses({ model, tools, thinking, messages, logprobs }: ChatRequest): boolean {
  const thinks = thinking !== undefined && thinking.effort !== 'none';
  return isReasoningModel(model) && (thinks || Boolean(tools?.length)) && !logprobs && !messages.some(isForChat);
}

const responsesDialect: ResponsesDialect = {
  systemRole: 'system',
  reasoning(model, thinking) {
    const effort = thinking?.effort;
    return effort !== undefined && hasEffort(model) ? { effort: effortsOf(model)[effort] ?? effort } : undefined;
  },
  samplers: { temperature: 'temperature', topP: 'top_p' },
  takesSeed: true,
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
