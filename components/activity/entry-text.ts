import type { ActivityEntry } from '../../lib/usage/activity.ts';
import { subjectText } from '../sites/grant-text.ts';
import { connectionNamed } from '../state/connections.ts';
import { problemText } from '../text/problem-text.ts';
import { type PlainKey, t } from '../text/t.ts';

/** Of a site alone. */
export function originText(origin: string): string {
  return origin === 'extension' ? t('ownChat') : origin;
}

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

/** Everything that a search finds an entry by, in small letters. Made once: a search goes through fifty thousand of them. */
export function searchText(entry: ActivityEntry): string {
  const known = texts.get(entry);
  if (known !== undefined) return known;
  const { origin, topOrigin = '', model, connectionId, backend, outcome, limit = '' } = entry;
  const connection = connectionNamed(connectionId)?.name ?? '';
  const text = [origin, topOrigin, model, connection, backend, outcome, outcomeOf(entry, `${outcome} ${limit} ${origin === 'extension'}`)]
    .join(' ')
    .toLowerCase();
  texts.set(entry, text);
  return text;
}

const texts = new WeakMap<ActivityEntry, string>();
const outcomes = new Map<string, string>();

/** The browser takes its time with every text of the catalogue. */
function outcomeOf(entry: ActivityEntry, key: string): string {
  const text = outcomes.get(key) ?? `${outcomeText(entry)} ${entry.origin === 'extension' ? t('ownChat') : ''}`;
  outcomes.set(key, text);
  return text;
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
