import type { AccountInfo } from '../backend.ts';

/** What `/key` tells of the key. */
export interface KeyData {
  limit?: number | null;
  limit_remaining?: number | null;
  limit_reset?: string | null;
  usage_monthly?: number;
  is_free_tier?: boolean;
  expires_at?: string | null;
}

/** What `/credits` tells of the account, to keys that may ask. */
export interface CreditData {
  total_credits?: number;
  total_usage?: number;
}

/** What is left: the less of what the key may spend and what the account holds. */
export function accountOf(key: KeyData, { total_credits: bought, total_usage: used }: CreditData): AccountInfo {
  const { limit, limit_remaining: allowed, limit_reset: reset, usage_monthly: spent, is_free_tier: isFree, expires_at: end } = key;
  const held = typeof bought === 'number' && typeof used === 'number' ? bought - used : undefined;
  const left = [allowed, held].filter((amount) => typeof amount === 'number');
  const note = [
    typeof spent === 'number' && `This key spent ${dollars(spent)} this month.`,
    typeof limit === 'number' && `Its limit is ${dollars(limit)}${reset ? `, counted anew ${reset}` : ''}.`,
    held !== undefined && `The account holds ${dollars(held)}.`,
    isFree === true && 'The account has bought no credit, so only free models answer.',
    typeof end === 'string' && end !== '' && `The key ends on ${end.slice(0, 10)}.`,
  ];
  return {
    ...(left.length > 0 && { creditMicroUsd: Math.round(Math.min(...left) * 1e6) }),
    ...(note.some(Boolean) && { note: note.filter(Boolean).join(' ') }),
  };
}

function dollars(amount: number): string {
  return `${amount.toFixed(2)} $`;
}
