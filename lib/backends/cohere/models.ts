import type { Ability, ModelInfo } from '../../protocol/model.ts';
import { byName } from '../by-name.ts';

/** A model as the service lists it. */
export interface CohereModel {
  name: string;
  endpoints?: string[];
  context_length?: number;
  features?: string[] | null;
  is_deprecated?: boolean;
}

/** What cannot chat or embed, and what is on its way out, is left out. */
export function cohereModelInfo({
  name,
  endpoints = [],
  context_length: contextWindow,
  features,
  is_deprecated,
}: CohereModel): ModelInfo[] {
  const kinds = (['chat', 'embed'] as const).filter((kind) => endpoints.includes(kind));
  if (is_deprecated || kinds.length === 0) return [];
  const more = (features ?? []).flatMap((feature) => featureAbilities[feature] ?? []);
  return [{ id: name, ...(contextWindow && { contextWindow }), abilities: [...kinds, ...more] }];
}

const featureAbilities = byName<Ability>({ tools: 'tools', vision: 'images', json_schema: 'schema', reasoning: 'thinking' });
