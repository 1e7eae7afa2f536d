import type { ActivityEntry } from '../../lib/usage/activity.ts';
import { subjectText } from '../sites/grant-text.ts';
import { connectionNamed } from '../state/connections.ts';
import { problemText } from '../text/problem-text.ts';
import { type PlainKey, t } from '../text/t.ts';

/** Who asked. */
export function siteText(entry: ActivityEntry): string {
  return entry.origin === 'extension' ? t('ownChat') : subjectText(entry);
}

/** How it ended; of a limit, which. */
export function outcomeText({ outcome, limit }: ActivityEntry): string {
  if (outcome === 'done') return t('outcomeDone');
  const limitKey = limit === undefined || !Object.hasOwn(limitKeys, limit) ? undefined : limitKeys[limit];
  return limitKey ? t('outcomeLimit', { limit: t(limitKey) }) : t(problemText[outcome].what);
}

/** Everything that a search finds an entry by. */
export function searchText(entry: ActivityEntry): string {
  return [
    siteText(entry),
    entry.origin,
    entry.model,
    connectionNamed(entry.connectionId)?.name,
    entry.backend,
    outcomeText(entry),
    entry.outcome,
  ].join(' ');
}

const limitKeys: Record<string, PlainKey> = {
  callsPerMinute: 'limitsCallsMinute',
  callsPerDay: 'limitsCallsDay',
  concurrent: 'limitsConcurrent',
  inputTokensPerCall: 'limitsInput',
  tokensPerDay: 'limitsTokensDay',
  microUsdPerDay: 'limitsMoneyDay',
  microUsdTotal: 'limitsMoneyTotal',
  microUsdOfAll: 'capLabel',
  microUsdOfConnection: 'limitOfConnection',
  unpriced: 'limitUnpriced',
  whenHidden: 'ruleHidden',
  gesture: 'ruleGesture',
};
