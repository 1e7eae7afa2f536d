import type { Ability, ModelInfo } from '../../protocol/model.ts';
import { claudeAbilities } from './abilities.ts';

/** A model as the service lists it; old snapshots come without limits and capabilities. */
export interface ClaudeModel {
  id: string;
  display_name?: string;
  max_input_tokens?: number | null;
  max_tokens?: number | null;
  capabilities?: Record<string, { supported?: boolean } | undefined> | null;
}

export function claudeModelInfo({
  id,
  display_name: name,
  max_input_tokens: input,
  max_tokens: output,
  capabilities,
}: ClaudeModel): ModelInfo {
  const known = claudeAbilities(id);
  const maxOutputTokens = output ?? known.maxOutputTokens;
  const has = (capability: string) => capabilities?.[capability]?.supported !== false;
  const abilities: Ability[] = ['chat', 'tools'];
  if (has('image_input')) abilities.push('images');
  if (has('pdf_input')) abilities.push('files');
  if (capabilities ? capabilities.structured_outputs?.supported : !known.noSchema) abilities.push('schema');
  if (has('thinking') && known.thinking !== 'none') abilities.push('thinking');
  return {
    id,
    ...(name && { name }),
    ...(input && { contextWindow: input }),
    ...(maxOutputTokens && { maxOutputTokens }),
    abilities,
  };
}
