import type { JsonObject } from '../../protocol/json.ts';
import type { GenerationOptions, Thinking } from '../../protocol/request.ts';
import { within } from '../body.ts';
import { commonSamplers, type SamplerNames } from '../openai-shaped/samplers.ts';

/** TabbyAPI's names. Versions on exllamav3 accept the lower half and ignore it. */
export const tabbySamplers: SamplerNames = {
  ...commonSamplers,
  topK: 'top_k',
  minP: 'min_p',
  repetitionPenalty: 'repetition_penalty',
  repetitionRange: 'penalty_range',
  'xtc.threshold': 'xtc_threshold',
  'xtc.probability': 'xtc_probability',
  bannedStrings: 'banned_strings',
  typicalP: 'typical',
  tailFree: 'tfs',
  topA: 'top_a',
  banEos: 'ban_eos_token',
  'mirostat.mode': 'mirostat_mode',
  'mirostat.tau': 'mirostat_tau',
  'mirostat.eta': 'mirostat_eta',
  'dry.multiplier': 'dry_multiplier',
  'dry.base': 'dry_base',
  'dry.allowedLength': 'dry_allowed_length',
  'dry.range': 'dry_range',
  'dry.breakers': 'dry_sequence_breakers',
  'smoothing.factor': 'smoothing_factor',
};

/** With those that `inTabbyWords` puts otherwise than by a name. */
export const knownSamplers: SamplerNames = {
  ...tabbySamplers,
  'dynamicTemperature.range': 'min_temp, max_temp',
  'dynamicTemperature.exponent': 'temp_exponent',
};

/**
 * A request with what TabbyAPI says otherwise than all others: JSON is a schema at the top of the body, in every
 * version; dynamic temperature has two ends; the wish to think is a variable of the template. Values it refuses with
 * 422 move to the nearest it takes.
 */
export function inTabbyWords<Request extends GenerationOptions>(request: Request): Request {
  const { responseFormat, thinking, sampling, seed: _unknownToIt, ...rest } = request;
  const { dynamicTemperature: dynamic, temperature = 1 } = sampling ?? {};
  const isJson = responseFormat?.type === 'json' || responseFormat?.type === 'json-schema';
  const own: JsonObject = {
    ...(responseFormat?.type === 'json' && { json_schema: { type: 'object' } }),
    ...(responseFormat?.type === 'json-schema' && { json_schema: responseFormat.schema }),
    ...(dynamic && {
      min_temp: Math.max(0, temperature - dynamic.range),
      max_temp: temperature + dynamic.range,
      ...(dynamic.exponent !== undefined && { temp_exponent: dynamic.exponent }),
    }),
    ...thinkingFields(thinking),
  };
  return {
    ...rest,
    ...(!isJson && responseFormat && { responseFormat }),
    ...(sampling && { sampling: inRange(sampling) }),
    ...(Object.keys(own).length > 0 && { extra: { ...own, ...request.extra } }),
  } as Request;
}

function inRange(sampling: NonNullable<GenerationOptions['sampling']>): NonNullable<GenerationOptions['sampling']> {
  const ranged = { ...sampling };
  for (const [name, [least, most]] of Object.entries(ranges) as [keyof typeof ranges, [number, number]][]) {
    const value = within(sampling[name], least, most);
    if (value !== undefined) ranged[name] = value;
  }
  return ranged;
}

const ranges = {
  temperature: [0, 10],
  topP: [0, 1],
  topK: [0, Number.MAX_SAFE_INTEGER],
  typicalP: [0.001, 1],
  repetitionPenalty: [0.001, Number.MAX_VALUE],
  presencePenalty: [0, Number.MAX_VALUE],
  frequencyPenalty: [0, Number.MAX_VALUE],
} as const satisfies Partial<Record<keyof NonNullable<GenerationOptions['sampling']>, readonly [number, number]>>;

function thinkingFields({ effort, budgetTokens }: Thinking = {}): JsonObject {
  return {
    ...(effort !== undefined && {
      template_vars: { enable_thinking: effort !== 'none', ...(effort !== 'none' && { reasoning_effort: effort }) },
    }),
    ...(budgetTokens !== undefined && { reasoning_budget_tokens: budgetTokens }),
  };
}
