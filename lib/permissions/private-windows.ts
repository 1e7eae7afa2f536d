import { browser } from 'wxt/browser';
import { forgetPrivateAsking } from './asking.ts';
import { forgetPrivateGrants } from './grant-use.ts';

/** Forgets what private windows were granted once the last of them has closed, and tells whoever keeps more. Returns its undo. */
export function watchPrivateWindows(onLastClosed: () => void): () => void {
  async function look(): Promise<void> {
    const windows = await browser.windows.getAll();
    if (windows.some(({ incognito }) => incognito)) return;
    onLastClosed();
    await Promise.all([forgetPrivateGrants(), forgetPrivateAsking()]);
  }
  const lookSoon = () => void look().catch(() => {});
  // Absent on Android, where the browser forgets its session itself.
  browser.windows?.onRemoved.addListener(lookSoon);
  return () => browser.windows?.onRemoved.removeListener(lookSoon);
}
