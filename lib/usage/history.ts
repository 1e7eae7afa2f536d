import type { Change } from '../storage/database.ts';
import type { ActivityEntry } from './activity.ts';
import { announceUsage } from './changes.ts';
import { dropActivity } from './drop.ts';
import { activityKey, type UsageRows, usageDatabase } from './rows.ts';
import { dayOf, type Spent } from './spent.ts';
import { type CallText, textDatabase } from './texts.ts';

/** What was spent on one day by one asker over one connection with one model. */
export interface DayRow extends Spent {
  day: string;
  origin: string;
  connectionId: string;
  model: string;
}

/** The latest, newest first: what a screen shows before it has read the rest. */
export async function latestActivity(limit: number): Promise<ActivityEntry[]> {
  return (await usageDatabase.list('activity', { isDescending: true, limit })).map(([, entry]) => entry);
}

/** Everything, oldest first, a few thousand at a time, so that the page stays alive meanwhile. */
export async function* allActivity(): AsyncGenerator<ActivityEntry[]> {
  let after: string | undefined;
  while (true) {
    const rows = await usageDatabase.list('activity', { limit: 5_000, ...(after !== undefined && { after }) });
    after = rows.at(-1)?.[0];
    if (after === undefined) return;
    yield rows.map(([, entry]) => entry);
  }
}

/** The words that were kept of those calls (newest first, as lists are), by the keys of their entries, some hundreds at a time. */
export async function* textsOf(entries: readonly ActivityEntry[]): AsyncGenerator<[key: string, text: CallText][]> {
  const keys = entries.filter(({ hasText }) => hasText).map(activityKey);
  for (let at = 0; at < keys.length; at += 500) {
    const before = keys[at - 1];
    // The first of the next batch, which is older and not part of this one.
    const after = keys[at + 500];
    yield await textDatabase.list('texts', { ...(after !== undefined && { after }), ...(before !== undefined && { before }) });
  }
}

export async function textOf(entry: ActivityEntry): Promise<CallText | undefined> {
  return await textDatabase.get('texts', activityKey(entry));
}

/** The ledger's days since then, in the order of days. */
export async function spentSince(time: number): Promise<DayRow[]> {
  const rows = await usageDatabase.list('days', { after: dayOf(time) });
  return rows.map(([key, spent]) => {
    const [day = '', origin = '', connectionId = '', ...model] = key.split('|');
    return { ...spent, day, origin, connectionId, model: model.join('|') };
  });
}

/** Forgets every call, and what was spent before today; what counts for today's budgets stays. */
export async function wipeActivity(): Promise<void> {
  await dropActivity({});
  const past = await usageDatabase.list('days', { before: dayOf(Date.now()) });
  await usageDatabase.write(past.map(([key]): Change<UsageRows> => ({ store: 'days', key })));
  announceUsage();
}

/** Forgets the calls of one asker. */
export async function wipeActivityOf(origin: string): Promise<void> {
  await dropActivity({ isMeant: (entry) => entry.origin === origin || entry.topOrigin === origin });
  announceUsage();
}
