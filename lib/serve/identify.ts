import { browser } from 'wxt/browser';
import { SwitchboardError } from '../protocol/errors.ts';

/** Who is at the other end of a port. A refused one gets its error for every call. */
export type Identity = SiteIdentity | { role: 'extension' } | { role: 'refused'; error: SwitchboardError };

export interface SiteIdentity {
  role: 'site';
  origin: string;
  /** Of the page in the tab, where the document is a frame of another origin in it. */
  topOrigin?: string;
  tabId: number;
  frameId: number;
  isPrivate: boolean;
}

/** What the browser says of the other end (`Runtime.MessageSender`; Chromium adds `documentLifecycle`). */
export interface Sender {
  id?: string | undefined;
  origin?: string | undefined;
  url?: string | undefined;
  frameId?: number | undefined;
  documentLifecycle?: string | undefined;
  tab?: { id?: number | undefined; url?: string | undefined; incognito?: boolean | undefined } | undefined;
}

/** The extension itself; `origin` has no slash at its end. */
export interface Own {
  id: string;
  origin: string;
}

/** Pages that may use the trusted methods. */
const ownPages = ['/popup.html', '/options.html', '/sidepanel.html', '/consent.html', '/playground.html', '/devtools-panel.html'];

/**
 * Decides from what the browser vouches for alone: never from a port's name or a message, and never from `sender.url`,
 * which names the victim in a sandboxed frame. Anything not recognised is refused.
 */
export function identify(sender: Sender | undefined, own: Own = ownIdentity()): Identity {
  if (sender?.id !== own.id) return refused('Switchboard answers its own scripts only.');
  if (sender.origin === own.origin) return identifyOwnPage(sender, own);
  return identifySite(sender);
}

/** Of a frame of the page's own origin with another origin between them: nobody can say who is who there. */
export const nestedText =
  'Between this frame and the page of its origin is a frame of another origin. Switchboard does not answer there; call from the page itself.';

function ownIdentity(): Own {
  return { id: browser.runtime.id, origin: browser.runtime.getURL('/').replace(/\/$/, '') };
}

function identifyOwnPage(sender: Sender, own: Own): Identity {
  const path = sender.url?.startsWith(`${own.origin}/`) ? sender.url.slice(own.origin.length).replace(/[?#].*$/s, '') : '';
  const isTop = sender.tab === undefined || sender.frameId === 0;
  return isTop && ownPages.includes(path) ? { role: 'extension' } : refused('This page of the extension has no part in calls.');
}

function identifySite({ origin, tab, frameId, documentLifecycle }: Sender): Identity {
  if (tab?.id === undefined || frameId === undefined) return refused('Switchboard answers pages in tabs only.');
  if (origin === undefined || origin === 'null') {
    return refused('This document has no origin of its own: it is sandboxed or a data: address. Call from an ordinary page.');
  }
  const problem = problemOf(origin);
  if (problem !== undefined) return refused(problem);
  if (documentLifecycle === 'prerender') return refused('This page is not shown yet. Ask again once it is.');
  const identity = { role: 'site' as const, origin, tabId: tab.id, frameId, isPrivate: tab.incognito ?? false };
  const topOrigin = frameId === 0 ? origin : originOf(tab.url);
  if (topOrigin === origin) return identity;
  if (topOrigin === undefined || problemOf(topOrigin) !== undefined) {
    return refused('The page around this frame is none that Switchboard answers. Open the frame in a tab of its own.');
  }
  return { ...identity, topOrigin };
}

/** Why a site of that origin gets no answer. Plain http travels in the clear, so only this computer's own pages may use it. */
function problemOf(origin: string): string | undefined {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url?.protocol === 'https:') return undefined;
  if (url?.protocol === 'http:') {
    return isLoopback(url.hostname) ? undefined : 'Switchboard answers pages on https or on localhost only. Serve this page over https.';
  }
  if (url?.protocol === 'file:') return 'Switchboard does not answer local files. Serve this page from http://localhost instead.';
  return 'Switchboard answers pages on https or on localhost only.';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}

function originOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
}

function refused(message: string): Identity {
  return { role: 'refused', error: new SwitchboardError('unsupported-context', message) };
}
