import type { CallTrace } from './call-trace.ts';

/** Who is asking, as the browser vouches for it (lib/serve/identify.ts); never from a message. */
export type Caller = SiteCaller | ExtensionCaller;

export interface SiteCaller {
  role: 'site';
  /** `port.sender.origin` of a top-level document or its same-origin frame. */
  origin: string;
  tabId: number;
  frameId: number;
  /** Private window: nothing about it is written. */
  isPrivate: boolean;
  /** The user has interacted with the document and it is visible, as of its latest message. */
  isActive(): boolean;
  /** While a developer watches the page. */
  trace?: CallTrace;
}

/** One of our own pages: the popup's chat and the options page. */
export interface ExtensionCaller {
  role: 'extension';
  trace?: CallTrace;
}

/** The name that grants, ledger and activity file a caller under. */
export function callerOrigin(caller: Caller): string {
  return caller.role === 'site' ? caller.origin : 'extension';
}
