import { SwitchboardError } from '../../protocol/errors.ts';
import type { Ask } from '../ask.ts';
import type { AccountInfo } from '../backend.ts';
import { type NovelSubscription, tierNames } from './models.ts';

/** What the service tells of an account. */
export interface NovelAccount {
  /** Kept for ten minutes: it decides little, and changes about once a month. */
  subscription(signal: AbortSignal): Promise<NovelSubscription>;
  /** Throws `payment-required` where neither a subscription nor a trial is left. */
  test(signal: AbortSignal): Promise<void>;
  info(signal: AbortSignal): Promise<AccountInfo>;
}

export function createNovelAccount(ask: Ask, url: string, headers: Record<string, string>): NovelAccount {
  let known: { at: number; subscription: NovelSubscription } | undefined;

  async function subscription(signal: AbortSignal): Promise<NovelSubscription> {
    if (known && Date.now() - known.at < keptMs) return known.subscription;
    const {
      tier = 0,
      active = false,
      expiresAt,
      perks,
    } = await ask.json<WireSubscription>(`${url}/user/subscription`, { headers, signal });
    const contextTokens = perks?.contextTokens;
    const found = { tier, isActive: active, ...(expiresAt && { expiresAt }), ...(contextTokens && { contextTokens }) };
    known = { at: Date.now(), subscription: found };
    return found;
  }

  async function trialActions(signal: AbortSignal): Promise<number> {
    const { trialActionsLeft = 0 } = await ask.json<{ trialActionsLeft?: number }>(`${url}/user/information`, { headers, signal });
    return trialActionsLeft;
  }

  return {
    subscription,
    async test(signal) {
      known = undefined;
      const { isActive } = await subscription(signal);
      if (isActive || (await trialActions(signal)) > 0) return;
      throw new SwitchboardError('payment-required', `${noSubscription} Renew it at novelai.net, then try again.`);
    },
    async info(signal) {
      const { tier, isActive, expiresAt } = await subscription(signal);
      if (!isActive) return { note: `${noSubscription} ${await trialActions(signal)} actions of a trial are left.` };
      const until = expiresAt ? ` until ${new Date(expiresAt * 1000).toISOString().slice(0, 10)}` : '';
      return { note: `${tierNames[tier] ?? 'A subscription'}, active${until}.` };
    },
  };
}

interface WireSubscription {
  tier?: number;
  active?: boolean;
  expiresAt?: number;
  perks?: { contextTokens?: number };
}

const keptMs = 600_000;
const noSubscription = 'This NovelAI account has no active subscription.';
