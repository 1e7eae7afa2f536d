import type { Ability, ModelInfo, Price } from '../../protocol/model.ts';
import { isObject } from '../openai-shaped/wire.ts';

/** A model of OpenRouter's list, with price, context and abilities. */
export function openRouterModel(entry: Record<string, unknown>): ModelInfo | undefined {
  const { id, name, description, context_length: context, pricing, architecture, top_provider: provider } = entry;
  if (typeof id !== 'string') return undefined;
  const shape = isObject(architecture) ? architecture : {};
  if (Array.isArray(shape.output_modalities) && !shape.output_modalities.includes('text')) return undefined;
  const longest = isObject(provider) ? provider.max_completion_tokens : undefined;
  const price = priceOf(pricing);
  return {
    id,
    ...(typeof name === 'string' && { name }),
    ...(typeof description === 'string' && { description }),
    ...(typeof context === 'number' && { contextWindow: context }),
    ...(typeof longest === 'number' && { maxOutputTokens: longest }),
    abilities: abilitiesOf(entry.supported_parameters, shape.input_modalities),
    ...(price && { price }),
  };
}

function abilitiesOf(parameters: unknown, inputs: unknown): Ability[] {
  const has = (list: unknown, word: string) => Array.isArray(list) && list.includes(word);
  const abilities: Ability[] = ['chat'];
  if (has(parameters, 'tools')) abilities.push('tools');
  if (has(parameters, 'structured_outputs')) abilities.push('schema');
  if (has(parameters, 'reasoning')) abilities.push('thinking');
  if (has(inputs, 'image')) abilities.push('images');
  if (has(inputs, 'audio')) abilities.push('audio');
  if (has(inputs, 'file')) abilities.push('files');
  return abilities;
}

/** Prices come as text in dollars for one token; negative ones mean "depends", which is no price. */
function priceOf(pricing: unknown): Price | undefined {
  if (!isObject(pricing)) return undefined;
  const input = microUsd(pricing.prompt, 1e6);
  const output = microUsd(pricing.completion, 1e6);
  if (input === undefined || output === undefined) return undefined;
  const cached = microUsd(pricing.input_cache_read, 1e6);
  const request = microUsd(pricing.request, 1);
  return {
    inputMicroUsdPerMillion: input,
    outputMicroUsdPerMillion: output,
    ...(cached !== undefined && { cachedInputMicroUsdPerMillion: cached }),
    ...(request !== undefined && request > 0 && { requestMicroUsd: request }),
  };
}

function microUsd(dollars: unknown, times: number): number | undefined {
  const value = typeof dollars === 'string' && dollars.trim() !== '' ? Number(dollars) : Number.NaN;
  return value >= 0 && Number.isFinite(value) ? Math.round(value * times * 1e6) : undefined;
}
