import { SwitchboardError } from '../protocol/errors.ts';
import { secondsLeftOfDay } from './spent.ts';

/** Absent means no limit of that kind. */
export interface Budget {
  callsPerDay?: number;
  tokensPerDay?: number;
  microUsdPerDay?: number;
  microUsdTotal?: number;
}

/** The safety net of the user or an organisation, over all sites and the extension's chats together. */
export interface Caps {
  microUsdPerDay?: number;
  tokensPerDay?: number;
  /** Of the connection the call goes to. */
  connectionMicroUsdPerDay?: number;
}

export type LimitName = keyof Budget | 'microUsdOfAll' | 'tokensOfAll' | 'microUsdOfConnection' | 'unpriced' | 'inputTokensPerCall';

/** The one limit that leaves least. */
export interface Left {
  amount: number;
  limit: LimitName;
}

export function least(lefts: Left[]): Left {
  return lefts.reduce((one, other) => (other.amount < one.amount ? other : one), {
    amount: Number.POSITIVE_INFINITY,
    limit: 'tokensPerDay',
  });
}

/**
 * The refusal of a limit: what a page may know in the message, which limit it was in the cause. Figures of budgets are
 * the user's business; the popup and the sites page show them.
 */
export function over(limit: LimitName, now: number): SwitchboardError {
  const isOfDay = limit !== 'microUsdTotal' && limit !== 'unpriced' && limit !== 'inputTokensPerCall';
  return new SwitchboardError('budget-exceeded', texts[limit], {
    cause: { limit },
    ...(isOfDay && { retryAfterSeconds: secondsLeftOfDay(now) }),
  });
}

const texts: Record<LimitName, string> = {
  callsPerDay: 'This site made all the calls it may make today. Wait for tomorrow, or ask the user to allow more.',
  tokensPerDay: 'This call may need more tokens than the user allows this site today. Ask for less, or wait for tomorrow.',
  microUsdPerDay: 'This call may cost more than the user allows this site today. Ask for less, or wait for tomorrow.',
  microUsdTotal: 'This call may cost more than is left of what the user allows this site. Ask for less, or ask the user to allow more.',
  microUsdOfAll: 'The user has set a daily limit for all spending, and this call may cross it. Ask for less, or wait for tomorrow.',
  tokensOfAll: 'There is a daily limit for all sites together, and this call may cross it. Ask for less, or wait for tomorrow.',
  microUsdOfConnection:
    'The user has set a daily limit for this model’s service, and this call may cross it. Ask for less, or wait for tomorrow.',
  unpriced: 'The budget of this site is in money, and nobody knows the price of this model. The user can set a price or a token limit.',
  inputTokensPerCall: 'This request is longer than the user allows this site. Send less.',
};
