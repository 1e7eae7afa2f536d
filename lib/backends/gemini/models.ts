import type { Ability, ModelInfo } from '../../protocol/model.ts';

/** A model as the service lists it. */
export interface GeminiModel {
  name: string;
  displayName?: string;
  description?: string;
  inputTokenLimit?: number;
  outputTokenLimit?: number;
  supportedGenerationMethods?: string[];
  thinking?: boolean;
}

/** What cannot chat or embed (images, speech, answers about documents) is left out. */
export function geminiModelInfo({
  name,
  displayName,
  description,
  inputTokenLimit,
  outputTokenLimit,
  supportedGenerationMethods = [],
  thinking,
}: GeminiModel): ModelInfo[] {
  const abilities: Ability[] = [];
  if (supportedGenerationMethods.includes('generateContent')) abilities.push('chat');
  if (supportedGenerationMethods.some((method) => method.startsWith('embed') || method === 'batchEmbedContents')) abilities.push('embed');
  if (abilities.length === 0 || elsewhere.test(name)) return [];
  if (abilities[0] === 'chat')
    abilities.push(...(name.includes('gemma') ? (['images'] as const) : (['tools', 'images', 'audio', 'files', 'schema'] as const)));
  if (thinking) abilities.push('thinking');
  return [
    {
      id: bareName(name),
      ...(displayName && { name: displayName }),
      ...(description && { description }),
      ...(inputTokenLimit && { contextWindow: inputTokenLimit }),
      ...(outputTokenLimit && { maxOutputTokens: outputTokenLimit }),
      abilities,
    },
  ];
}

/** Models that speak, write down what is said, or paint: they have the method and refuse to answer in text alone. */
const elsewhere = /-tts\b|transcribe|-image\b|nano-banana|-decision-|native-audio|computer-use|deep-research/;

/** The id of a model as people know it. */
export function bareName(model: string): string {
  return model.replace(/^models\//, '');
}

/** Its name as the service wants it; tuned models have a folder of their own. */
export function fullName(model: string): string {
  return model.includes('/') ? model : `models/${model}`;
}

export function modelPath(model: string): string {
  return fullName(model).split('/').map(encodeURIComponent).join('/');
}
