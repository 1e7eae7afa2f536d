import { errorData, SwitchboardError } from '../../protocol/errors.ts';
import type { EndPart, Part } from '../../protocol/part.ts';
import type { CallTrace } from '../../router/call-trace.ts';
import type { Batch, CallEvent, CallState, RecordedCall } from './call.ts';

/** The calls that are kept of one tab, and who watches them. */
export interface TabCalls {
  listeners: Set<(event: CallEvent) => void>;
  kept: Map<string, KeptCall>;
}

export interface KeptCall {
  call: RecordedCall;
  batches: Batch[];
  /** Characters it counts for, and those of its answer alone. */
  size: number;
  answerSize: number;
}

export interface BookSizes {
  calls: number;
  /** Characters of one request, of one answer, and of everything kept of a tab. */
  request: number;
  answer: number;
  tab: number;
}

/** Begins to keep a call; what its trace hears is kept with it and told to whoever watches. */
export function keepCall(
  tab: TabCalls,
  about: Pick<RecordedCall, 'method' | 'origin' | 'frameId'> & Partial<RecordedCall>,
  sizes: BookSizes,
): CallTrace {
  const call: RecordedCall = { ...about, id: crypto.randomUUID(), startedAt: Date.now(), state: 'open' };
  const kept: KeptCall = { call, batches: [], size: sizeOf(about.params), answerSize: 0 };
  tab.kept.set(call.id, kept);
  forgetOldest(tab, sizes);
  tell({ type: 'call', call: { ...call }, batches: [] });
  const startedAt = performance.now();
  const sinceStart = () => Math.round(performance.now() - startedAt);

  function tell(event: CallEvent): void {
    for (const listener of tab.listeners) listener(event);
  }

  function change(change: Partial<RecordedCall>): void {
    Object.assign(call, change);
    tell({ type: 'changed', id: call.id, change });
  }

  function keep(parts: Part[], size: number): void {
    const batch = { at: sinceStart(), parts };
    kept.batches.push(batch);
    kept.size += size;
    kept.answerSize += size;
    forgetOldest(tab, sizes);
    tell({ type: 'batch', id: call.id, batch });
  }

  return {
    asked(asked) {
      if (sizeOf(asked) <= sizes.request) change({ asked });
    },
    chosen: (connectionId, model) => change({ connectionId, model }),
    parts(parts) {
      if (call.state === 'open') change({ state: 'answering' });
      if (call.firstPartMs === undefined && parts.some(isAnswer)) change({ firstPartMs: sinceStart() });
      const size = sizeOf(parts);
      if (kept.answerSize + size <= sizes.answer) keep(parts, size);
      else change({ dropped: (call.dropped ?? 0) + parts.length });
      const end = parts.find((part): part is EndPart => part.type === 'end');
      if (end?.usage) change({ usage: end.usage });
    },
    failed(error) {
      if (!call.error) change({ error: errorData(reasonOf(error)) });
    },
    settled(isAnswered) {
      if (call.durationMs === undefined) change({ durationMs: sinceStart(), state: endState(call, isAnswered) });
    },
  };
}

/** In characters, about. */
export function sizeOf(value: unknown): number {
  return value === undefined ? 0 : JSON.stringify(value).length;
}

/** The oldest give way, the newest always stays. */
function forgetOldest({ kept }: TabCalls, sizes: BookSizes): void {
  let size = 0;
  for (const each of kept.values()) size += each.size;
  for (const [id, each] of kept) {
    if (kept.size === 1 || (kept.size <= sizes.calls && size <= sizes.tab)) return;
    kept.delete(id);
    size -= each.size;
  }
}

/** A page's error has the exact one behind it (lib/router/site-error.ts). */
function reasonOf(error: SwitchboardError): SwitchboardError {
  return error.cause instanceof SwitchboardError ? error.cause : error;
}

function endState({ error }: RecordedCall, isAnswered: boolean): CallState {
  if (error) return error.code === 'aborted' ? 'stopped' : 'failed';
  return isAnswered ? 'done' : 'stopped';
}

function isAnswer({ type }: Part): boolean {
  return type === 'text' || type === 'thought' || type === 'tool-call';
}
