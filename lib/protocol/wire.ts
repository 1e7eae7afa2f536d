import type { ErrorData } from './errors.ts';
import type { Part } from './part.ts';

/**
 * What travels between a page (or one of our own pages) and the background, in both directions, each as its JSON text:
 * the same in both browsers, and a third cheaper over two ports than cloned objects (measured, 10,000 parts).
 * A call is answered by any number of `parts` or `value` replies and then exactly one `done` or `error`.
 */
export type Call =
  /** `id` is chosen by the caller and unique on its port. */
  | { type: 'call'; id: number; method: string; params?: unknown }
  | { type: 'abort'; id: number }
  /** The caller has consumed replies of that `size`: flow control. */
  | { type: 'credit'; id: number; size: number };

export type Reply =
  /** All parts of one network read. `size` is what they count against the window. */
  | { type: 'parts'; id: number; parts: WirePart[]; size: number }
  /** One value of a subscription. */
  | { type: 'value'; id: number; value: unknown }
  | { type: 'done'; id: number; value?: unknown }
  | { type: 'error'; id: number; error: ErrorData };

/** A bare string is a text part: nine tenths of all parts, and a third of the bytes. */
export type WirePart = string | Part;

export type PageEvent = 'accesschanged' | 'modelchanged';

/** What the relay puts on the runtime port: the page's message, and what only a content script can vouch for. */
export interface Envelope {
  /** Exactly the text the page script sent; the relay does not look inside. */
  call: string;
  /** The user has interacted with this document and it is visible. */
  active: boolean;
  /** Somebody can see it. */
  visible: boolean;
  /** The user clicked or typed a moment ago. */
  clicked: boolean;
  /** Some ancestor frame is of another origin. */
  embedded: boolean;
}

/** Characters of unconsumed answer after which the background stops reading from the backend. */
export const creditWindow = 256 * 1024;

/** Largest call a page may send, in characters of its JSON. */
export const maxCallSize = 8 * 1024 * 1024;

export const pagePortName = 'page';
export const panelPortName = 'panel';
