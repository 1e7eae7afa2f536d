import { browser } from 'wxt/browser';
import { type Database, openDatabase } from './database.ts';

/** What cannot be made again, a second time: a browser that finds its extension storage damaged empties it without a word. */
export type Copies = Database<{ values: unknown }>;

/** In IndexedDB, which is another file on the disk. Absent where there is none, as in unit tests. */
export const copies: Copies | undefined =
  typeof indexedDB === 'undefined' ? undefined : openDatabase<{ values: unknown }>('switchboard-copies', ['values']);

/** Beside everything that has a copy: where it is missing, storage is new or was emptied. */
export const markKey = 'copied';

/** Puts back all that was lost, before the first new value would look as if nothing had been. Throws what storage throws. */
export async function restoreLost(from: Copies | undefined): Promise<void> {
  await navigator.locks.request('switchboard:copies', async () => {
    const stored = await browser.storage.local.get(null);
    if (stored[markKey] !== undefined) return;
    const rows = (await from?.list('values').catch(() => undefined)) ?? [];
    const lost = rows.filter(([key]) => stored[key] == null);
    await browser.storage.local.set({ ...Object.fromEntries(lost), [markKey]: true });
  });
}
