import { browser } from 'wxt/browser';

/** Opens a section of the options page in a tab, such as `connections/new`. The popup closes by itself. */
export async function openOptions(section = ''): Promise<void> {
  const page = browser.runtime.getURL('/options.html');
  if (location.pathname === new URL(page).pathname) {
    location.hash = section;
    return;
  }
  await browser.tabs.create({ url: `${page}#${section}` });
  if (isPopup()) window.close();
}

/** This page is the popup itself, and not the popup's page in a tab. */
export function isPopup(): boolean {
  return browser.extension.getViews?.({ type: 'popup' }).includes(window) ?? false;
}
