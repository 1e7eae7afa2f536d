import type { Change, Database } from '../storage/database.ts';
import type { ActivityEntry } from './activity.ts';
import { announceUsage } from './changes.ts';
import { activityKey, type UsageRows, usageDatabase } from './rows.ts';

/** Newest first. Metadata only: prompts and answers never get here. */
export async function listActivity({ origin, limit = 200 }: { origin?: string; limit?: number } = {}): Promise<ActivityEntry[]> {
  const rows = await usageDatabase.list('activity', { isDescending: true, ...(origin === undefined && { limit }) });
  const entries = rows.map(([, entry]) => entry);
  return (origin === undefined ? entries : entries.filter((entry) => entry.origin === origin)).slice(0, limit);
}

/** Forgets every call; what was spent stays in the ledger. */
export async function wipeActivity(): Promise<void> {
  const rows = await usageDatabase.list('activity');
  await usageDatabase.write(rows.map(([key]): Change<UsageRows> => ({ store: 'activity', key })));
  announceUsage();
}

export interface ActivityLog {
  add(entry: ActivityEntry): Promise<void>;
  /** Drops what is too old or too much. For the start of the browser; many calls later it comes by itself. */
  prune(): Promise<void>;
}

const pruneEvery = 200;
const maxEntries = 5_000;
const maxAgeMs = 30 * 24 * 3_600_000;

export function createActivityLog(database: Database<UsageRows>, clock: () => number = Date.now): ActivityLog {
  let added = 0;

  async function prune(): Promise<void> {
    const rows = await database.list('activity');
    const tooMany = rows.length - maxEntries;
    const oldest = clock() - maxAgeMs;
    const dropped = rows.filter(([, entry], index) => index < tooMany || entry.startedAt < oldest);
    await database.write(dropped.map(([key]): Change<UsageRows> => ({ store: 'activity', key })));
  }

  return {
    prune,
    async add(entry) {
      await database.write([{ store: 'activity', key: activityKey(entry), row: entry }]);
      announceUsage();
      added += 1;
      if (added % pruneEvery === 0) await prune();
    },
  };
}
