import { browser } from 'wxt/browser';
import { isPopup } from '../parts/open-page.ts';

/** Moves the chat to the side of the window, where it stays open. Must run in a click: both browsers ask for one. */
export async function openSidePanel(): Promise<void> {
  const { sidebarAction } = browser as { sidebarAction?: { open(): Promise<void> } };
  if (sidebarAction) await sidebarAction.open();
  else await chrome.sidePanel.open({ windowId: chrome.windows.WINDOW_ID_CURRENT });
  if (isPopup()) window.close();
}

/** Chromium's own name for it, which the polyfill does not know. */
declare const chrome: {
  sidePanel: { open(where: { windowId: number }): Promise<void> };
  windows: { WINDOW_ID_CURRENT: number };
};
