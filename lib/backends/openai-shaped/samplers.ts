import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { Sampling } from '../../protocol/request.ts';

/** A server's names for our samplers; those of a group are written `dry.multiplier`. What is missing is not sent. */
export type SamplerNames = Partial<Record<SamplerPath, string>>;

/** Every sampler there is, those of a group by their members. */
export const samplerPaths = [
  'temperature',
  'topP',
  'topK',
  'minP',
  'typicalP',
  'topA',
  'tailFree',
  'topNSigma',
  'repetitionPenalty',
  'repetitionRange',
  'repetitionSlope',
  'presencePenalty',
  'frequencyPenalty',
  'mirostat.mode',
  'mirostat.tau',
  'mirostat.eta',
  'dry.multiplier',
  'dry.base',
  'dry.allowedLength',
  'dry.range',
  'dry.breakers',
  'xtc.threshold',
  'xtc.probability',
  'dynamicTemperature.range',
  'dynamicTemperature.exponent',
  'smoothing.factor',
  'smoothing.curve',
  'samplerOrder',
  'banEos',
  'bannedStrings',
  'logitBias',
] as const;

export type SamplerPath = (typeof samplerPaths)[number];

/** The samplers a caller gave, under the names of the server; unknown ones are left out. */
export function samplerFields(sampling: Sampling | undefined, names: SamplerNames): JsonObject {
  const fields: JsonObject = {};
  for (const [path, value] of Object.entries(sampling ?? {})) {
    if (value === undefined) continue;
    const isGroup = typeof value === 'object' && !Array.isArray(value) && path !== 'logitBias';
    const members: [string, JsonValue | undefined][] = isGroup
      ? Object.entries(value).map(([member, each]) => [`${path}.${member}`, each as JsonValue | undefined])
      : [[path, value as JsonValue]];
    for (const [member, each] of members) {
      const name = names[member as SamplerPath];
      if (name !== undefined && each !== undefined) fields[name] = each;
    }
  }
  return fields;
}

/** What every OpenAI-shaped server has. */
export const commonSamplers: SamplerNames = {
  temperature: 'temperature',
  topP: 'top_p',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  logitBias: 'logit_bias',
};
