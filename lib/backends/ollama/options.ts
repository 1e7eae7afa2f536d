import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { GenerationOptions, ResponseFormat } from '../../protocol/request.ts';
import { type SamplerNames, samplerFields } from '../openai-shaped/samplers.ts';

/** What `/api/chat` and `/api/generate` share: samplers and limits under `options`, format, log probabilities. */
export function generationFields(request: GenerationOptions, numCtx: number | undefined, connection: JsonObject): JsonObject {
  const { maxOutputTokens, seed, stop, sampling, responseFormat, logprobs } = request;
  const extra = sorted(request.extra ?? {});
  const options = {
    ...samplerFields(sampling, ollamaSamplers),
    ...(numCtx !== undefined && { num_ctx: numCtx }),
    ...(maxOutputTokens !== undefined && { num_predict: maxOutputTokens }),
    ...(seed !== undefined && { seed }),
    ...(stop?.length && { stop }),
    ...extra.options,
  };
  return {
    ...connection,
    ...(Object.keys(options).length > 0 && { options }),
    ...(responseFormat && { format: formatOf(responseFormat) }),
    ...(logprobs && { logprobs: true, top_logprobs: logprobs.top }),
    ...extra.fields,
  };
}

/** Ollama's names under `options`; it has only these. */
export const ollamaSamplers: SamplerNames = {
  temperature: 'temperature',
  topP: 'top_p',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  topK: 'top_k',
  minP: 'min_p',
  typicalP: 'typical_p',
  repetitionPenalty: 'repeat_penalty',
  repetitionRange: 'repeat_last_n',
};

/** The user's own fields: those of a request stand where they are, all others are options of the model. */
function sorted(extra: JsonObject): { fields: JsonObject; options: JsonObject } {
  const { options: own, ...rest } = extra;
  const fields: JsonObject = {};
  const options: JsonObject = {};
  for (const [name, value] of Object.entries(rest)) (ofRequest.has(name) ? fields : options)[name] = value;
  const isObject = typeof own === 'object' && own !== null && !Array.isArray(own);
  return { fields, options: isObject ? { ...options, ...own } : options };
}

const ofRequest = new Set(['keep_alive', 'think', 'format', 'truncate', 'shift', 'template', 'system', 'raw', 'logprobs', 'top_logprobs']);

function formatOf(format: ResponseFormat): JsonValue {
  if (format.type === 'json') return 'json';
  if (format.type === 'json-schema') return format.schema;
  throw new SwitchboardError(
    'not-supported',
    "The user's model server can hold an answer to a JSON schema, not to a regular expression or a grammar.",
  );
}
