import type { JsonObject } from '../../protocol/json.ts';
import type { GenerationOptions } from '../../protocol/request.ts';
import { formatGrammar } from '../format-grammar.ts';
import { commonSamplers, type SamplerNames } from '../openai-shaped/samplers.ts';
import { orderedBy } from '../sampler-order.ts';

/** text-generation-webui's names on its OpenAI-shaped routes. */
export const oobaboogaSamplers: SamplerNames = {
  ...commonSamplers,
  topK: 'top_k',
  minP: 'min_p',
  typicalP: 'typical_p',
  topA: 'top_a',
  tailFree: 'tfs',
  topNSigma: 'top_n_sigma',
  repetitionPenalty: 'repetition_penalty',
  repetitionRange: 'repetition_penalty_range',
  'mirostat.mode': 'mirostat_mode',
  'mirostat.tau': 'mirostat_tau',
  'mirostat.eta': 'mirostat_eta',
  'dry.multiplier': 'dry_multiplier',
  'dry.base': 'dry_base',
  'dry.allowedLength': 'dry_allowed_length',
  'xtc.threshold': 'xtc_threshold',
  'xtc.probability': 'xtc_probability',
  'smoothing.factor': 'smoothing_factor',
  'smoothing.curve': 'smoothing_curve',
  samplerOrder: 'sampler_priority',
  banEos: 'ban_eos_token',
};

/** With those that `inOobaboogaWords` puts otherwise than by a name. */
export const knownSamplers: SamplerNames = {
  ...oobaboogaSamplers,
  'dry.breakers': 'dry_sequence_breakers',
  'dynamicTemperature.range': 'dynatemp_low, dynatemp_high',
  'dynamicTemperature.exponent': 'dynatemp_exponent',
};

/** The legacy API's names, of before November 2023. */
export const legacySamplers: SamplerNames = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  minP: 'min_p',
  typicalP: 'typical_p',
  topA: 'top_a',
  tailFree: 'tfs',
  repetitionPenalty: 'repetition_penalty',
  repetitionRange: 'repetition_penalty_range',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  'mirostat.mode': 'mirostat_mode',
  'mirostat.tau': 'mirostat_tau',
  'mirostat.eta': 'mirostat_eta',
  banEos: 'ban_eos_token',
};

/**
 * A request with what this server says otherwise than all others: a form of the answer is a grammar, DRY breakers are
 * the text of a list without its brackets, dynamic temperature has two ends, and thinking has a switch.
 */
export function inOobaboogaWords<Request extends GenerationOptions>(request: Request): Request {
  const { responseFormat, thinking, ...rest } = orderedBy('string', request);
  const { dry, dynamicTemperature: dynamic, temperature = 1 } = rest.sampling ?? {};
  const own: JsonObject = {
    ...(responseFormat && { grammar_string: formatGrammar(responseFormat) }),
    ...(dry?.breakers && { dry_sequence_breakers: JSON.stringify(dry.breakers).slice(1, -1) }),
    ...(dynamic && {
      dynamic_temperature: true,
      dynatemp_low: Math.max(0, temperature - dynamic.range),
      dynatemp_high: temperature + dynamic.range,
      ...(dynamic.exponent !== undefined && { dynatemp_exponent: dynamic.exponent }),
    }),
    ...(thinking?.effort !== undefined && efforts[thinking.effort]),
    ...(request.contextWindow !== undefined && { truncation_length: request.contextWindow }),
  };
  return { ...rest, ...(Object.keys(own).length > 0 && { extra: { ...own, ...request.extra } }) } as Request;
}

/** It knows three efforts and a switch. */
const efforts: Record<string, JsonObject> = {
  none: { enable_thinking: false },
  minimal: { enable_thinking: true, reasoning_effort: 'low' },
  low: { enable_thinking: true, reasoning_effort: 'low' },
  medium: { enable_thinking: true, reasoning_effort: 'medium' },
  high: { enable_thinking: true, reasoning_effort: 'high' },
  max: { enable_thinking: true, reasoning_effort: 'high' },
};
