import type { ErrorData } from '../../protocol/errors.ts';
import type { Part, Usage } from '../../protocol/part.ts';
import type { ModelRequest } from '../../router/call-trace.ts';

/** One call of a watched page. */
export interface RecordedCall {
  id: string;
  /** Of the wire: `openai.chat`, `prompt.run`. */
  method: string;
  origin: string;
  frameId: number;
  /** Milliseconds since 1970. */
  startedAt: number;
  state: CallState;
  /** What the page sent; absent where it was too large to keep. */
  params?: unknown;
  /** What a model was asked; absent where it never came to that. */
  asked?: ModelRequest;
  connectionId?: string;
  model?: string;
  firstPartMs?: number;
  durationMs?: number;
  usage?: Usage;
  /** What the page was told says less: hosts and services are the user's business. */
  error?: ErrorData;
  /** The call that the developer sent again with this one. */
  replayOf?: string;
  /** Parts beyond what is kept. */
  dropped?: number;
}

export type CallState = 'open' | 'answering' | 'done' | 'failed' | 'stopped';

/** All parts of one network read, and when they came, in milliseconds after the start. */
export interface Batch {
  at: number;
  parts: Part[];
}

/** What whoever watches hears: first each call that is kept, with the parts it has. */
export type CallEvent =
  | { type: 'call'; call: RecordedCall; batches: Batch[] }
  | { type: 'changed'; id: string; change: Partial<RecordedCall> }
  | { type: 'batch'; id: string; batch: Batch };
