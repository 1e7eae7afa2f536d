import { signal } from '@preact/signals';
import { browser } from 'wxt/browser';

/** The page the user looks at, as far as models are concerned. */
export type Site =
  | { type: 'site'; origin: string; tabId: number; isPrivate?: boolean }
  /** Switchboard does not answer there, and why. */
  | { type: 'unsupported'; reason: 'browser' | 'file' | 'insecure' };

export const site = signal<Site | undefined>(undefined);

/** Reads the active tab, and follows it when asked to (the side panel stays while tabs change); returns its undo. */
export async function readSite(): Promise<void> {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  site.value = siteOf(tab?.url, tab?.id, tab?.incognito);
}

export function followSite(): () => void {
  const read = () => void readSite();
  browser.tabs.onActivated.addListener(read);
  browser.tabs.onUpdated.addListener(read);
  return () => {
    browser.tabs.onActivated.removeListener(read);
    browser.tabs.onUpdated.removeListener(read);
  };
}

/** What a tab's address means. The address is missing where the browser keeps extensions out. */
export function siteOf(address: string | undefined, tabId = -1, isPrivate = false): Site {
  const url = address && URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'file:') return { type: 'unsupported', reason: 'file' };
  if (!url || !/^https?:$/.test(url.protocol) || closedHosts.has(url.hostname)) return { type: 'unsupported', reason: 'browser' };
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return { type: 'unsupported', reason: 'insecure' };
  return { type: 'site', origin: url.origin, tabId, ...(isPrivate && { isPrivate }) };
}

/** Stores of extensions, where browsers run no extension's scripts. */
const closedHosts = new Set(['chromewebstore.google.com', 'addons.mozilla.org']);

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}
