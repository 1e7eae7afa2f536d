import { browser } from 'wxt/browser';

/**
 * Shuts content scripts out of every storage area, where the browser can: Chrome since 140. Firefox cannot, which is why
 * nothing secret is ever in them.
 */
export async function closeStorageToContentScripts(): Promise<void> {
  for (const area of [browser.storage.local, browser.storage.sync, browser.storage.session]) {
    const { setAccessLevel } = area as { setAccessLevel?: (level: { accessLevel: string }) => Promise<void> };
    await setAccessLevel?.call(area, { accessLevel: 'TRUSTED_CONTEXTS' });
  }
}
