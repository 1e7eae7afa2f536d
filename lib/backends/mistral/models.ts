import type { Ability, ModelInfo } from '../../protocol/model.ts';
import { isObject } from '../openai-shaped/wire.ts';

/** A model of Mistral's list, which tells windows and abilities. Models for sound, scans and moderation are left out. */
export function mistralModel({
  id,
  name,
  description,
  max_context_length: window,
  capabilities,
}: Record<string, unknown>): ModelInfo | undefined {
  if (typeof id !== 'string') return undefined;
  const abilities = abilitiesOf(id, isObject(capabilities) ? capabilities : {});
  if (abilities.length === 0) return undefined;
  return {
    id,
    ...(typeof name === 'string' && name !== id && { name }),
    ...(typeof description === 'string' && { description }),
    ...(typeof window === 'number' && { contextWindow: window }),
    abilities,
  };
}

/** Models for embeddings are known by their names alone. */
function abilitiesOf(id: string, can: Record<string, unknown>): Ability[] {
  if (can.completion_chat !== true) return id.includes('embed') ? ['embed'] : [];
  const abilities: Ability[] = ['chat', 'schema'];
  if (can.function_calling === true) abilities.push('tools');
  if (can.vision === true) abilities.push('images', 'files');
  if (can.audio === true) abilities.push('audio');
  if (can.reasoning === true) abilities.push('thinking');
  return abilities;
}
