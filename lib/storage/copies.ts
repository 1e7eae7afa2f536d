import { browser } from 'wxt/browser';
import { type Database, openDatabase } from './database.ts';

/**
 * What cannot be made again, a second time. A browser that finds its extension storage damaged empties it without a word,
 * and Chromium's forgets at its next start what it took after the disk had been full.
 */
export type Copies = Database<{ values: unknown }>;

/** In IndexedDB, which is another file on the disk. Absent where there is none, as in unit tests. */
export const copies: Copies | undefined =
  typeof indexedDB === 'undefined' ? undefined : openDatabase<{ values: unknown }>('switchboard-copies', ['values']);

/** Beside everything that has a copy: where it is missing, storage is new or was emptied. */
export const markKey = 'copied';
/** In session storage: the copies were looked at since the browser started. */
const seenKey = 'copies.seen';

/**
 * Puts back what was lost: at the first use after the browser started, and whenever storage was emptied. Before the first
 * new value would look as if nothing had been. Throws what storage throws.
 */
export async function restoreLost(from: Copies | undefined): Promise<void> {
  if (!from) return;
  await navigator.locks.request('switchboard:copies', async () => {
    const { local, session } = browser.storage;
    const [mark, seen] = await Promise.all([local.get(markKey), session.get(seenKey)]);
    if (mark[markKey] !== undefined && seen[seenKey] !== undefined) return;
    const rows = (await from.list('values').catch(() => undefined)) ?? [];
    const stored = await local.get(rows.map(([key]) => key));
    const lost = rows.filter(([key, copy]) => stored[key] == null || numberOf(stored[key]) < numberOf(copy));
    await local.set({ ...Object.fromEntries(lost), [markKey]: true });
    await session.set({ [seenKey]: true });
  });
}

/** How many times the value was written. Without it nobody knows which of two is older, and neither is. */
export function numberOf(stored: unknown): number {
  const { n } = (stored ?? {}) as { n?: unknown };
  return typeof n === 'number' ? n : Number.NaN;
}
