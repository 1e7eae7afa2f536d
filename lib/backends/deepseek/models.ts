import type { Ability, ModelInfo } from '../../protocol/model.ts';

/** Of version 4, also under the names that go with the newest. */
function isVersion4(id: string): boolean {
  return /^deepseek-(v4|flash|pro)/.test(id);
}

/** `deepseek-chat` and `deepseek-reasoner`, which stood for versions before 4. */
export function isOldModel(id: string): boolean {
  return /^deepseek-(chat|reasoner)$/.test(id);
}

/** A model of DeepSeek's list, which tells nothing but ids, with what is known of its version. */
export function deepSeekModel({ id }: Record<string, unknown>): ModelInfo | undefined {
  if (typeof id !== 'string') return undefined;
  if (id === 'deepseek-chat') return { id, contextWindow: 131_072, abilities: ['chat', 'tools'] };
  if (id === 'deepseek-reasoner') return { id, contextWindow: 131_072, abilities: ['chat', 'thinking'] };
  if (!isVersion4(id)) return { id };
  const sees: Ability[] = id.includes('vision') ? ['images'] : [];
  return { id, contextWindow: 1_000_000, maxOutputTokens: 384_000, abilities: ['chat', 'tools', 'thinking', ...sees] };
}
