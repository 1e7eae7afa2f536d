import type { AccountInfo } from '../backend.ts';
import { isObject } from '../openai-shaped/wire.ts';

/** What is left on the account, in the currencies it has. */
export function balanceOf({ is_available: isEnough, balance_infos: infos }: Record<string, unknown>): AccountInfo {
  const balances = (Array.isArray(infos) ? infos : []).filter(isObject);
  const dollars = balances.find(({ currency }) => currency === 'USD')?.total_balance;
  const others = balances
    .filter(({ currency, total_balance: total }) => currency !== 'USD' && Number(total) > 0)
    .map(({ currency, total_balance: total }) => `${total} ${currency}`);
  const note = [
    others.length > 0 ? `${others.join(' and ')} left.` : '',
    isEnough === false ? 'That is too little for an answer: add some at platform.deepseek.com.' : '',
  ]
    .filter(Boolean)
    .join(' ');
  const left = typeof dollars === 'string' && dollars.trim() !== '' ? Number(dollars) : Number.NaN;
  return {
    ...(Number.isFinite(left) && { creditMicroUsd: Math.round(left * 1e6) }),
    ...(note !== '' && { note }),
  };
}
