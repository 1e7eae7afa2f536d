import { subjectName } from '../permissions/grant.ts';

import type { CallTrace } from './call-trace.ts';

/** Who is asking, as the browser vouches for it (lib/serve/identify.ts); never from a message. */
export type Caller = SiteCaller | ExtensionCaller;

export interface SiteCaller {
  role: 'site';
  /** `port.sender.origin` of the document that calls. */
  origin: string;
  /** Of the page in the tab, where the document is a frame of another origin in it. */
  topOrigin?: string;
  tabId: number;
  frameId: number;
  /** Private window: nothing about it is written. */
  isPrivate: boolean;
  /** The user has interacted with the document and it is visible, as of its latest message. */
  isActive(): boolean;
  /** While a developer watches the page. */
  trace?: CallTrace;
  /** It was active at some time, as far as this connection knows. */
  wasActive?(): boolean;
  /** Somebody can see it, as of its latest message; it is taken to be seen where nothing is told. */
  isVisible?(): boolean;
  /** The user clicked or typed just before its latest message. */
  isClicked?(): boolean;
  /** The one task API that it calls, by the name of its policy: a page may have handed on no more than that. */
  feature?: string;
}

/** One of our own pages: the popup's chat and the options page. */
export interface ExtensionCaller {
  role: 'extension';
  trace?: CallTrace;
}

/** The origin that runs are listed under. */
export function callerOrigin(caller: Caller): string {
  return caller.role === 'site' ? caller.origin : 'extension';
}

/** The name that limits, ledger and activity file a caller under. */
export function callerName(caller: Caller): string {
  return caller.role === 'site' ? subjectName(caller) : 'extension';
}
