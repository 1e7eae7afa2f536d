import type { Price } from '../protocol/model.ts';
import type { Usage } from '../protocol/part.ts';

/** Millionths of a US dollar, rounded up; nothing where the model has no price, which is not the same as free. */
export function costOf(usage: Usage, price: Price | undefined): number | undefined {
  if (usage.costMicroUsd !== undefined) return usage.costMicroUsd;
  if (!price) return undefined;
  const { inputTokens, outputTokens, cachedInputTokens = 0 } = usage;
  const cachedPrice = price.cachedInputMicroUsdPerMillion ?? price.inputMicroUsdPerMillion;
  const cached = Math.min(cachedInputTokens, inputTokens);
  const perMillion =
    (inputTokens - cached) * price.inputMicroUsdPerMillion + cached * cachedPrice + outputTokens * price.outputMicroUsdPerMillion;
  return Math.ceil(perMillion / 1_000_000) + (price.requestMicroUsd ?? 0);
}

/** What the backend says it used, where that can be true; otherwise what we counted ourselves. */
export function trustedUsage(said: Usage | undefined, counted: { inputTokens: number; outputTokens: number }): Usage {
  const isPlausible =
    said && isCount(said.inputTokens) && isCount(said.outputTokens) && (said.outputTokens > 0 || counted.outputTokens === 0);
  if (!isPlausible) return { ...counted, estimated: true };
  const { costMicroUsd, ...usage } = said;
  return costMicroUsd !== undefined && isCount(costMicroUsd) ? { ...usage, costMicroUsd } : usage;
}

/** No answer has a thousand million tokens. */
function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 1_000_000_000;
}
