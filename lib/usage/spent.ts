/** What was spent, in whole tokens and millionths of a US dollar. */
export interface Spent {
  calls: number;
  inputTokens: number;
  outputTokens: number;
  microUsd: number;
  /** Calls among them whose price nobody knows; absent means none. */
  unpriced?: number;
}

export const nothing: Spent = { calls: 0, inputTokens: 0, outputTokens: 0, microUsd: 0 };

/** Sums stay whole numbers, however large. */
export function plus(one: Spent, other: Spent): Spent {
  const unpriced = sum(one.unpriced ?? 0, other.unpriced ?? 0);
  return {
    calls: sum(one.calls, other.calls),
    inputTokens: sum(one.inputTokens, other.inputTokens),
    outputTokens: sum(one.outputTokens, other.outputTokens),
    microUsd: sum(one.microUsd, other.microUsd),
    ...(unpriced > 0 && { unpriced }),
  };
}

export function tokensOf({ inputTokens, outputTokens }: Pick<Spent, 'inputTokens' | 'outputTokens'>): number {
  return inputTokens + outputTokens;
}

/** `2026-01-31` in the user's own time. */
export function dayOf(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Until the user's next midnight, which is not always 24 hours after the last. */
export function secondsLeftOfDay(time: number): number {
  const date = new Date(time);
  const midnight = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
  return Math.max(1, Math.ceil((midnight - time) / 1000));
}

function sum(one: number, other: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, one + other);
}
