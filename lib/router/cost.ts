import type { Place, Price } from '../protocol/model.ts';
import type { Usage } from '../protocol/part.ts';
import { isPrice } from '../usage/prices.ts';

/**
 * What a model costs: what the user says, else what its backend lists; nothing on this computer and its network. Undefined
 * where a company does not tell, or tells nonsense: that is unpriced, and not free.
 */
export function priceOf(own: Price | undefined, listed: Price | undefined, place: Place): Price | undefined {
  const known = own ?? (listed && isPrice(listed) ? listed : undefined);
  return known ?? (place === 'company' ? undefined : free);
}

const free: Price = { inputMicroUsdPerMillion: 0, outputMicroUsdPerMillion: 0 };

/** Millionths of a US dollar, rounded up; nothing where the model has no price, which is not the same as free. */
export function costOf(usage: Usage, price: Price | undefined): number | undefined {
  if (usage.costMicroUsd !== undefined) return usage.costMicroUsd;
  if (!price) return undefined;
  const { inputTokens, outputTokens, cachedInputTokens = 0 } = usage;
  const cachedPrice = price.cachedInputMicroUsdPerMillion ?? price.inputMicroUsdPerMillion;
  const cached = Math.min(cachedInputTokens, inputTokens);
  const perMillion =
    (inputTokens - cached) * price.inputMicroUsdPerMillion + cached * cachedPrice + outputTokens * price.outputMicroUsdPerMillion;
  return Math.ceil(perMillion / 1_000_000) + Math.ceil(price.requestMicroUsd ?? 0);
}

/** What the backend says it used, where that can be true; otherwise what we counted ourselves. */
export function trustedUsage(said: Usage | undefined, counted: { inputTokens: number; outputTokens: number }): Usage {
  const isPlausible =
    said &&
    isCount(said.inputTokens) &&
    isCount(said.outputTokens) &&
    isNear(said.inputTokens, counted.inputTokens, mostUnseenInput) &&
    isNear(said.outputTokens, counted.outputTokens, mostUnseenOutput);
  if (!isPlausible) return { ...counted, estimated: true };
  const { inputTokens, outputTokens } = said;
  const others = (['cachedInputTokens', 'cacheWriteTokens', 'reasoningTokens', 'costMicroUsd'] as const).flatMap((name) => {
    const value = said[name];
    return value !== undefined && isCount(value) ? [[name, value] as const] : [];
  });
  return { inputTokens, outputTokens, ...Object.fromEntries(others), ...(said.estimated && { estimated: true }) };
}

/** What a service may put before the prompt, and what a model may think before it answers, without our seeing it. */
const mostUnseenInput = 200_000;
const mostUnseenOutput = 1_000_000;

/**
 * No tokenizer needs so few tokens for so many characters: a budget must not be stretched by counting nothing. Nor used up
 * by a server that counts what cannot have been.
 */
function isNear(said: number, counted: number, mostUnseen: number): boolean {
  return (said * 10 >= counted || counted < 20) && said <= counted * 20 + mostUnseen;
}

/** No answer has a thousand million tokens. */
function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 1_000_000_000;
}
