import { usageDatabase } from './rows.ts';
import { dayOf, nothing, plus, tokensOf } from './spent.ts';

export interface UsedToday {
  tokens: number;
  microUsd: number;
  calls: number;
}

/** What a site has used since midnight, the user's own time. */
export async function today(name: string): Promise<UsedToday> {
  const found = await usageDatabase.list('days', { prefix: `${dayOf(Date.now())}|${name}|` });
  const sum = found.reduce((spent, [, row]) => plus(spent, row), nothing);
  return { tokens: tokensOf(sum), microUsd: sum.microUsd, calls: sum.calls };
}

/** The same, and since ever. Of private windows nothing is known here. */
export async function spentOf(name: string): Promise<{ today: UsedToday; ever: { microUsd: number } }> {
  const [used, total = nothing] = await Promise.all([today(name), usageDatabase.get('totals', name)]);
  return { today: used, ever: { microUsd: total.microUsd } };
}
