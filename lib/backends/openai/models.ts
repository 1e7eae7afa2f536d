import type { Ability, ModelInfo } from '../../protocol/model.ts';

/** Models that reason before they answer and refuse samplers: `o…`, and `gpt-5` on, but not its first chat variant. */
export function isReasoningModel(id: string): boolean {
  const name = id.replace(/^ft:/, '');
  const major = Number(/^gpt-(\d+)/.exec(name)?.[1] ?? 0);
  return /^(o\d|codex-)/.test(name) || (major >= 5 && !/^gpt-5-chat/.test(name));
}

/** Models that Chat Completions does not know. */
export function isResponsesOnly(id: string): boolean {
  return /^(o\d-pro|codex-|computer-use)|^gpt-\d[\d.]*-(pro|codex)|deep-research/.test(id.replace(/^ft:/, ''));
}

/**
 * A model of OpenAI's list, which tells nothing but ids, with what is known of its family. Models that do not chat
 * (speech, pictures, research with tools of OpenAI's own) are left out.
 */
export function openAiModel({ id }: Record<string, unknown>): ModelInfo | undefined {
  if (typeof id !== 'string' || elsewhere.test(id)) return undefined;
  if (id.includes('embedding')) return { id, abilities: ['embed'] };
  if (/^(davinci|babbage)-002|-instruct/.test(id)) return { id, abilities: ['text'] };
  const family = families.find(([start]) => id.replace(/^ft:/, '').startsWith(start));
  if (!family) return { id };
  const [, contextWindow, maxOutputTokens, abilities] = family;
  return { id, contextWindow, maxOutputTokens, abilities };
}

const elsewhere = /whisper|tts|dall-e|image|sora|moderation|realtime|transcribe|-live|deep-research|computer-use|search-api|^chatgpt-image/;

const newest: Ability[] = ['chat', 'tools', 'images', 'files', 'schema', 'thinking'];
/** These answer only where there is something to hear. */
const listening: Ability[] = ['chat', 'tools', 'audio'];
const multimodal: Ability[] = ['chat', 'tools', 'images', 'files', 'schema'];

/** Beginning of the id, context window, longest answer, abilities; the first that fits. */
const families: [string, number, number, Ability[]][] = [
  ['gpt-5-chat', 128_000, 16_384, ['chat', 'images', 'files']],
  ['gpt-5.1-chat', 128_000, 16_384, newest],
  ['gpt-5.2-chat', 128_000, 16_384, newest],
  ['gpt-5.3-chat', 128_000, 16_384, newest],
  ['gpt-6', 1_050_000, 128_000, newest],
  ['gpt-5.4-mini', 400_000, 128_000, newest],
  ['gpt-5.4-nano', 400_000, 128_000, newest],
  ['gpt-5.4', 1_050_000, 128_000, newest],
  ['gpt-5.5', 1_050_000, 128_000, newest],
  ['gpt-5.6', 1_050_000, 128_000, newest],
  ['gpt-5', 400_000, 128_000, newest],
  ['gpt-4.1', 1_047_576, 32_768, multimodal],
  ['gpt-audio', 128_000, 16_384, listening],
  ['gpt-4o-audio', 128_000, 16_384, listening],
  ['gpt-4o-mini-audio', 128_000, 16_384, listening],
  ['gpt-4o', 128_000, 16_384, multimodal],
  ['chatgpt-4o', 128_000, 16_384, ['chat', 'images']],
  ['gpt-4-turbo', 128_000, 4_096, ['chat', 'tools', 'images']],
  ['gpt-4', 8_192, 8_192, ['chat', 'tools']],
  ['gpt-3.5-turbo', 16_385, 4_096, ['chat', 'tools']],
  ['o1', 200_000, 100_000, newest],
  ['o3', 200_000, 100_000, newest],
  ['o4-mini', 200_000, 100_000, newest],
  ['codex-', 200_000, 100_000, newest],
];
