import type { Grant, GrantLimits } from '../../lib/permissions/grant.ts';
import { connectionNamed } from '../state/connections.ts';
import { modelNamed } from '../state/models.ts';
import { listed, money, wholeNumber } from '../text/format.ts';
import { t } from '../text/t.ts';

/** Which models a site may use, in words. */
export function grantedModelsText({ models }: Pick<Grant, 'models'>): string {
  const names = models.map(({ connectionId, model }) => {
    if (connectionId === '*') return t('anyModel');
    const connection = connectionNamed(connectionId);
    if (model === '*') return t('anyModelOf', { connection: connection?.name ?? t('removedConnection') });
    return modelNamed(connectionId, model)?.name ?? model;
  });
  return listed([...new Set(names)]);
}

/** The limits of a grant as short phrases: `200,000 tokens a day`. */
export function limitTexts({ tokensPerDay, microUsdPerDay, microUsdTotal, callsPerMinute, concurrent }: GrantLimits): string[] {
  return [
    tokensPerDay !== undefined && t('limitTokensDay', { tokens: wholeNumber(tokensPerDay) }),
    microUsdPerDay !== undefined && t('limitMoneyDay', { money: money(microUsdPerDay) }),
    microUsdTotal !== undefined && t('limitMoneyTotal', { money: money(microUsdTotal) }),
    callsPerMinute !== undefined && t('limitCallsMinute', { calls: wholeNumber(callsPerMinute) }),
    concurrent !== undefined && t('limitConcurrent', { calls: wholeNumber(concurrent) }),
  ].filter((text) => text !== false);
}

/** How long a grant lasts. */
export function decisionText(decision: Grant['decision']): string {
  return t(decisions[decision]);
}

const decisions = { once: 'grantOnce', session: 'grantSession', always: 'grantAlways', block: 'grantBlock' } as const;
