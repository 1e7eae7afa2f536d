import type { Change, Database, Query } from '../storage/database.ts';
import type { ActivityEntry } from './activity.ts';
import { type UsageRows, usageDatabase } from './rows.ts';
import { type CallText, textDatabase } from './texts.ts';

export interface Dropped {
  /** Only those before this key. */
  before?: string;
  /** No more than so many, the oldest first. */
  atMost?: number;
  /** Only those. */
  isMeant?(entry: ActivityEntry): boolean;
}

const batch = 1_000;

/** Forgets entries with their words, oldest first, a batch at a time: there may be a hundred thousand. */
export async function dropActivity(
  { before, atMost = Number.POSITIVE_INFINITY, isMeant = () => true }: Dropped,
  database: Database<UsageRows> = usageDatabase,
): Promise<void> {
  let left = atMost;
  let after: string | undefined;
  while (left > 0) {
    const query: Query = { limit: Math.min(batch, left), ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
    const rows = await database.list('activity', query);
    const meant = rows.filter(([, entry]) => isMeant(entry)).map(([key]) => key);
    await database.write(meant.map((key): Change<UsageRows> => ({ store: 'activity', key })));
    await textDatabase.write(meant.map((key): Change<{ texts: CallText }> => ({ store: 'texts', key })));
    left -= rows.length;
    after = rows.at(-1)?.[0];
    if (rows.length < batch) return;
  }
}
