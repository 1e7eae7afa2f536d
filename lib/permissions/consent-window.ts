import { browser } from 'wxt/browser';

/** The window that asks. Never anything inside a page: a page can cover, move and imitate what it contains. */
export interface ConsentWindow {
  /** Opens it in front of everything. Throws where the browser will not. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/** `onClosed` is called when the user closes the window, not when we do. */
export function createConsentWindow(onClosed: () => void): ConsentWindow {
  /** Where the question is shown: a window, or a tab where the browser has no windows (Android). */
  let shown: { windowId?: number; tabId?: number } = {};

  // Absent on Android.
  browser.windows?.onRemoved.addListener((id) => {
    if (id !== shown.windowId) return;
    shown = {};
    onClosed();
  });
  browser.tabs.onRemoved.addListener((id) => {
    if (id !== shown.tabId) return;
    shown = {};
    onClosed();
  });

  return {
    async open() {
      const url = browser.runtime.getURL('/consent.html');
      try {
        const created = await browser.windows.create({ url, type: 'popup', width: 440, height: 640, focused: true });
        shown = created?.id === undefined ? {} : { windowId: created.id };
      } catch {
        const { id } = await browser.tabs.create({ url, active: true });
        shown = id === undefined ? {} : { tabId: id };
      }
    },
    async close() {
      const { windowId, tabId } = shown;
      shown = {};
      // The user may have closed it in the same moment.
      if (windowId !== undefined) await browser.windows.remove(windowId).catch(() => {});
      if (tabId !== undefined) await browser.tabs.remove(tabId).catch(() => {});
    },
  };
}
