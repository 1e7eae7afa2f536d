import type { Part } from '../protocol/part.ts';
import type { Caller } from '../router/caller.ts';

/** What one role may call, by wire name. Looked up as own properties only. */
export type MethodTable = Record<string, Method>;

/** `params` is what the caller sent, unchecked: every method parses its own. Failure throws a SwitchboardError. */
export type Method =
  /** Answers once, with plain JSON. */
  | { kind: 'value'; run(params: unknown, context: CallContext): Promise<unknown> }
  /** Answers with parts, or with what a door made of them; each array becomes one message on the port. */
  | { kind: 'stream'; run(params: unknown, context: CallContext): AsyncIterable<(Part | string | object)[]> }
  /** Emits values until `context.signal` aborts, which is how the caller unsubscribes. */
  | { kind: 'subscription'; run(params: unknown, context: CallContext, emit: (value: unknown) => void): Promise<void> };

export interface CallContext {
  caller: Caller;
  /** Aborts when the caller stops the call, its port closes, or it consumes nothing for too long. */
  signal: AbortSignal;
}
