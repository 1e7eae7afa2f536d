/** What was spent, in whole tokens and millionths of a US dollar. */
export interface Spent {
  calls: number;
  inputTokens: number;
  outputTokens: number;
  microUsd: number;
}

export const nothing: Spent = { calls: 0, inputTokens: 0, outputTokens: 0, microUsd: 0 };

export function plus(one: Spent, other: Spent): Spent {
  return {
    calls: one.calls + other.calls,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    microUsd: one.microUsd + other.microUsd,
  };
}

/** `2026-01-31` in the user's own time. */
export function dayOf(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
