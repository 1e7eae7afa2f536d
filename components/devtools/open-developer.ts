import { browser } from 'wxt/browser';
import { isPopup } from '../parts/open-page.ts';
import { site } from '../state/site.ts';

/** The calls of the page the user looks at, in a tab of their own; on a page without calls, the playground. */
export async function openDeveloper(): Promise<void> {
  const path = site.value?.type === 'site' ? `/devtools-panel.html?tabId=${site.value.tabId}` : '/playground.html';
  await browser.tabs.create({ url: browser.runtime.getURL('/') + path.slice(1) });
  if (isPopup()) window.close();
}
