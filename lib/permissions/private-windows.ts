import { browser } from 'wxt/browser';
import { createItem } from '../storage/item.ts';
import { forgetPrivateAsking } from './asking.ts';
import { forgetPrivateGrants } from './grant-use.ts';

/**
 * Forgets what private windows were granted once the last of them has closed, and tells whoever keeps more. Windows are
 * known by having been seen: a list of those that are open leaves out what the browser holds apart.
 */
export function watchPrivateWindows(onLastClosed: () => void): void {
  // Absent on Android, where the browser forgets its session itself.
  const { windows } = browser as Partial<typeof browser>;
  if (!windows) return;

  windows.onCreated.addListener(({ id, incognito }) => {
    if (incognito && id !== undefined) void see([id]).catch(() => {});
  });
  windows.onRemoved.addListener((id) => void leave(id).catch(() => {}));
  // Those that were open before.
  void windows
    .getAll()
    .then((all) => see(all.flatMap((each) => (each.incognito && each.id !== undefined ? [each.id] : []))))
    .catch(() => {});

  async function leave(id: number): Promise<void> {
    let isLast = false;
    await seen.update((ids) => {
      const left = ids.filter((each) => each !== id);
      isLast = left.length === 0 && ids.length > 0;
      return left.length === ids.length ? ids : left;
    });
    if (!isLast) return;
    onLastClosed();
    await Promise.all([forgetPrivateGrants(), forgetPrivateAsking()]);
  }
}

async function see(added: number[]): Promise<void> {
  await seen.update((ids) => (added.every((id) => ids.includes(id)) ? ids : [...new Set([...ids, ...added])]));
}

const seen = createItem<number[]>({ area: 'session', key: 'private-windows', fallback: [], parse: (stored) => [...(stored as number[])] });
