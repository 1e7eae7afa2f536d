import type { JsonObject } from '../../protocol/json.ts';
import type { Thinking } from '../../protocol/request.ts';

type Effort = NonNullable<Thinking['effort']>;

/** The generation a model is of, as in its name; names without one (`gemini-flash-latest`) go with the newest. */
export function generationOf(model: string): number {
  if (/^gemini-robotics-er-1/.test(model)) return 1;
  return Number(/gemini-(\d+(\.\d+)?)/.exec(model)?.[1] ?? newest);
}

const newest = 99;

/** The fields of `thinkingConfig`, or undefined for models that do not think. */
export function thinkingConfig(model: string, { effort, budgetTokens }: Thinking): JsonObject | undefined {
  const generation = generationOf(model);
  if (model.includes('gemma') || generation < 2.5) return undefined;
  const includeThoughts = effort !== 'none';
  if (generation >= 3) return { includeThoughts, ...(effort && { thinkingLevel: levelOf(model, effort) }) };
  const budget = budgetTokens ?? (effort && budgets[effort]);
  // The Pro model of 2.5 always thinks a little.
  const least = model.includes('pro') ? 128 : 0;
  return { includeThoughts, ...(budget !== undefined && { thinkingBudget: Math.max(budget, least) }) };
}

/** Budgets that the service itself takes for these efforts at its OpenAI-shaped door. */
const budgets: Record<Effort, number> = { none: 0, minimal: 1024, low: 1024, medium: 8192, high: 24_576, max: 24_576 };

/** Thinking of version 3 and later cannot be switched off, only made small, and by some models not that small. */
function levelOf(model: string, effort: Effort): string {
  const isHydrogen = model.includes('-hydrogen');
  if (effort === 'max') return isHydrogen ? 'xhigh' : 'high';
  if (effort !== 'none' && effort !== 'minimal') return effort;
  const version = /gemini-(\d+\.\d+)-flash(?!-lite)/.exec(model)?.[1];
  const isLow = isHydrogen || /-pro\b|gemini-flash-latest/.test(model) || (version !== undefined && Number(version) >= 3.7);
  return isLow ? 'low' : 'minimal';
}
