import type { Ability, ModelInfo } from '../../protocol/model.ts';

/** A model of Groq's list with its window; models for speech and moderation, and those taken out of service, are left out. */
export function groqModel(entry: Record<string, unknown>): ModelInfo | undefined {
  const { id, active, context_window: window, max_completion_tokens: longest } = entry;
  if (typeof id !== 'string' || active === false || elsewhere.test(id)) return undefined;
  const abilities = abilitiesOf(id);
  return {
    id,
    ...(typeof window === 'number' && { contextWindow: window }),
    ...(typeof longest === 'number' && { maxOutputTokens: longest }),
    ...(abilities && { abilities }),
  };
}

/** The family of a model that thinks. */
export function familyOf(id: string): 'gpt-oss' | 'qwen' | undefined {
  if (/\bgpt-oss\b/.test(id)) return 'gpt-oss';
  return /\bqwen-?3/i.test(id) ? 'qwen' : undefined;
}

/** The server holds its answers to a schema; all others write JSON at best. Models nobody knows are tried. */
export function hasSchema(id: string): boolean {
  return abilitiesOf(id)?.includes('schema') ?? true;
}

const elsewhere = /whisper|tts|orpheus|guard|safeguard/i;

/** The list tells no abilities; these are known of the families. */
function abilitiesOf(id: string): Ability[] | undefined {
  return families.find(([pattern]) => pattern.test(id))?.[1];
}

const families: [RegExp, Ability[]][] = [
  [/\bgpt-oss\b/, ['chat', 'tools', 'schema', 'thinking']],
  [/\bqwen-?3/i, ['chat', 'tools', 'thinking']],
  [/llama-4/, ['chat', 'tools', 'images', 'schema']],
  [/kimi-k2/, ['chat', 'tools', 'schema']],
  [/llama-3/, ['chat', 'tools']],
];
