import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { Sampling } from '../../protocol/request.ts';

/** A server's names for our samplers; those of a group are written `dry.multiplier`. What is missing is not sent. */
export type SamplerNames = Partial<Record<SamplerPath, string>>;

type SamplerPath = Exclude<keyof Sampling, Group> | `${Group}.${string}`;
type Group = 'mirostat' | 'dry' | 'xtc' | 'dynamicTemperature' | 'smoothing';

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
