import { usageDatabase } from './rows.ts';
import { dayOf, nothing, plus } from './spent.ts';

/** What a site has used since midnight, the user's own time. */
export async function today(origin: string): Promise<{ tokens: number; microUsd: number; calls: number }> {
  const found = await usageDatabase.list('days', { prefix: `${dayOf(Date.now())}|${origin}|` });
  const sum = found.reduce((spent, [, row]) => plus(spent, row), nothing);
  return { tokens: sum.inputTokens + sum.outputTokens, microUsd: sum.microUsd, calls: sum.calls };
}
