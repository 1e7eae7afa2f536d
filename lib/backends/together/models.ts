import type { Ability, ModelInfo, Price } from '../../protocol/model.ts';
import { byName } from '../by-name.ts';
import { isObject } from '../openai-shaped/wire.ts';

/**
 * A model of Together's list, which is a bare array. Models for pictures, sound, ranking and moderation are left out.
 * What a chat model can do beside chatting is not told.
 */
export function togetherModel({
  id,
  type,
  display_name: name,
  context_length: window,
  pricing,
}: Record<string, unknown>): ModelInfo | undefined {
  if (typeof id !== 'string' || typeof type !== 'string' || !(type === 'chat' || type in abilitiesOf)) return undefined;
  const price = priceOf(id, pricing);
  const abilities = abilitiesOf[type];
  return {
    id,
    ...(typeof name === 'string' && { name }),
    ...(typeof window === 'number' && window > 0 && { contextWindow: window }),
    ...(abilities && { abilities }),
    ...(price && { price }),
  };
}

const abilitiesOf = byName<Ability[]>({ language: ['text'], code: ['text'], embedding: ['embed'] });

/** Dollars for a million tokens. Zero is also said of models that are paid by the hour, so that alone is no price. */
function priceOf(id: string, pricing: unknown): Price | undefined {
  if (!isObject(pricing)) return undefined;
  const { input, output } = pricing;
  if (typeof input !== 'number' || typeof output !== 'number') return undefined;
  if (input === 0 && output === 0 && !/-free$/i.test(id)) return undefined;
  return { inputMicroUsdPerMillion: Math.round(input * 1e6), outputMicroUsdPerMillion: Math.round(output * 1e6) };
}
