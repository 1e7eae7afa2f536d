import type { Change, Database } from '../storage/database.ts';
import type { ActivityEntry } from './activity.ts';
import { announceUsage } from './changes.ts';
import { dropActivity } from './drop.ts';
import { createRefusals } from './refusals.ts';
import { activityKey, type UsageRows, usageDatabase } from './rows.ts';
import { getUsageSettings } from './settings.ts';
import { dayOf } from './spent.ts';
import { type CallText, shortText, textDatabase } from './texts.ts';

/** Newest first. */
export async function listActivity({ origin, limit = 200 }: { origin?: string; limit?: number } = {}): Promise<ActivityEntry[]> {
  const rows = await usageDatabase.list('activity', { isDescending: true, ...(origin === undefined && { limit }) });
  const entries = rows.map(([, entry]) => entry);
  return (origin === undefined ? entries : entries.filter((entry) => entry.origin === origin)).slice(0, limit);
}

export interface ActivityLog {
  /** With the words only where the user wants them kept. */
  add(entry: ActivityEntry, text?: CallText): Promise<void>;
  /** A call that did not begin. Many of a kind are told in one line. */
  refuse(entry: ActivityEntry): Promise<void>;
  /** Drops what is too old or too much. It comes by itself, first with the first call after a start. */
  prune(): Promise<void>;
}

const pruneEvery = 500;
const dayMs = 24 * 3_600_000;
/** What was spent on a day, for the charts; no budget looks back further than today. */
const keptDaysMs = 400 * dayMs;

export function createActivityLog(database: Database<UsageRows>, clock: () => number = Date.now): ActivityLog {
  const refusals = createRefusals();
  let added = 0;

  async function prune(): Promise<void> {
    const { keepDays, keepEntries } = await getUsageSettings();
    await dropActivity({ before: activityKey({ startedAt: Math.max(0, clock() - keepDays * dayMs), id: '' }) }, database);
    await dropActivity({ atMost: (await database.count('activity')) - keepEntries }, database);
    const old = await database.list('days', { before: dayOf(clock() - keptDaysMs) });
    await database.write(old.map(([key]): Change<UsageRows> => ({ store: 'days', key })));
  }

  async function add(entry: ActivityEntry, text?: CallText): Promise<void> {
    const key = activityKey(entry);
    // Without an `await` before it, so that the line and the sums that count it are one transaction.
    const listed = database.write([{ store: 'activity', key, row: text ? { ...entry, hasText: true } : entry }]);
    await Promise.all([listed, text && textDatabase.write([{ store: 'texts', key, row: shortText(text) }])]);
    announceUsage();
    if (added++ % pruneEvery === 0) await prune();
  }

  return {
    prune,
    add,
    async refuse(entry) {
      const noted = refusals.note(entry);
      if (noted) await add(noted);
    },
  };
}
