import { errorData, SwitchboardError } from '../../protocol/errors.ts';
import type { EndPart, Part } from '../../protocol/part.ts';
import type { CallTrace } from '../../router/call-trace.ts';
import type { Router } from '../../router/router.ts';
import type { Batch, CallEvent, CallState, RecordedCall } from './call.ts';
import { replay } from './replay.ts';

/** Where a call comes from, as the browser vouches for it. */
export interface CallOrigin {
  tabId: number;
  frameId: number;
  origin: string;
}

/**
 * The calls of tabs whose developer panel is open. It is memory alone, bounded, and forgotten when the last panel of the tab
 * closes: without one there is no place where a prompt is kept.
 */
export interface CallBook {
  /** Undefined unless somebody watches the tab. */
  begin(from: CallOrigin, method: string, params: unknown): CallTrace | undefined;
  /** What is kept of the tab, then what happens; returns its undo. */
  watch(tabId: number, listener: (event: CallEvent) => void): () => void;
  /** Sends what a kept call asked of a model again, as the user's own call; resolves when it is over. */
  replay(tabId: number, id: string, signal: AbortSignal): Promise<void>;
}

export interface BookSizes {
  calls: number;
  /** Characters of one request, of one answer, and of everything kept of a tab. */
  request: number;
  answer: number;
  tab: number;
}

const usualSizes: BookSizes = { calls: 200, request: 1024 * 1024, answer: 512 * 1024, tab: 8 * 1024 * 1024 };

interface Kept {
  call: RecordedCall;
  batches: Batch[];
  /** Characters it counts for. */
  size: number;
  answerSize: number;
}

interface Tab {
  listeners: Set<(event: CallEvent) => void>;
  calls: Map<string, Kept>;
}

export function createCallBook(router: Pick<Router, 'chat' | 'text' | 'embed'>, sizes: BookSizes = usualSizes): CallBook {
  const tabs = new Map<number, Tab>();

  function start(tab: Tab, about: Pick<RecordedCall, 'method' | 'origin' | 'frameId'> & Partial<RecordedCall>): CallTrace {
    const call: RecordedCall = { ...about, id: crypto.randomUUID(), startedAt: Date.now(), state: 'open' };
    const kept: Kept = { call, batches: [], size: sizeOf(about.params), answerSize: 0 };
    tab.calls.set(call.id, kept);
    forgetOldest(tab, sizes);
    tell(tab, { type: 'call', call: { ...call }, batches: [] });
    const startedAt = performance.now();
    const sinceStart = () => Math.round(performance.now() - startedAt);

    function change(change: Partial<RecordedCall>): void {
      Object.assign(call, change);
      tell(tab, { type: 'changed', id: call.id, change });
    }

    function keep(parts: Part[]): void {
      const size = sizeOf(parts);
      if (kept.answerSize + size > sizes.answer) return change({ dropped: (call.dropped ?? 0) + parts.length });
      const batch = { at: sinceStart(), parts };
      kept.batches.push(batch);
      kept.size += size;
      kept.answerSize += size;
      forgetOldest(tab, sizes);
      tell(tab, { type: 'batch', id: call.id, batch });
    }

    return {
      asked(asked) {
        if (sizeOf(asked) <= sizes.request) change({ asked });
      },
      chosen: (connectionId, model) => change({ connectionId, model }),
      parts(parts) {
        if (call.state === 'open') change({ state: 'answering' });
        if (call.firstPartMs === undefined && parts.some(isAnswer)) change({ firstPartMs: sinceStart() });
        keep(parts);
        const end = parts.find((part): part is EndPart => part.type === 'end');
        if (end?.usage) change({ usage: end.usage });
      },
      failed(error) {
        if (call.error) return;
        // A page's error has the exact one behind it (lib/router/site-error.ts).
        const reason = error.cause instanceof SwitchboardError ? error.cause : error;
        change({ error: errorData(reason) });
      },
      settled(isAnswered) {
        if (call.durationMs === undefined) change({ durationMs: sinceStart(), state: endState(call, isAnswered) });
      },
    };
  }

  return {
    begin({ tabId, frameId, origin }, method, params) {
      const tab = tabs.get(tabId);
      if (!tab) return undefined;
      return start(tab, { method, origin, frameId, ...(sizeOf(params) <= sizes.request && { params }) });
    },

    watch(tabId, listener) {
      const tab = tabs.get(tabId) ?? { listeners: new Set(), calls: new Map() };
      tabs.set(tabId, tab);
      tab.listeners.add(listener);
      for (const { call, batches } of tab.calls.values()) listener({ type: 'call', call: { ...call }, batches: [...batches] });
      return () => {
        tab.listeners.delete(listener);
        if (tab.listeners.size === 0) tabs.delete(tabId);
      };
    },

    async replay(tabId, id, signal) {
      const tab = tabs.get(tabId);
      const call = tab?.calls.get(id)?.call;
      if (!tab || !call) throw new SwitchboardError('bad-request', 'This call is not kept any more. Have the page make it again.');
      const { asked, method, origin, frameId, connectionId, model } = call;
      if (!asked) throw new SwitchboardError('bad-request', 'This call never reached a model, so there is nothing to send again.');
      const trace = start(tab, { method, origin, frameId, replayOf: id, asked });
      await replay(router, asked, { trace, signal, ...(connectionId && { target: { connectionId, ...(model && { model }) } }) });
    },
  };
}

/** From here on only whoever watches now hears of it. */
function tell({ listeners }: Tab, event: CallEvent): void {
  for (const listener of listeners) listener(event);
}

/** The oldest give way, the newest always stays. */
function forgetOldest({ calls }: Tab, sizes: BookSizes): void {
  let size = 0;
  for (const kept of calls.values()) size += kept.size;
  for (const [id, kept] of calls) {
    if (calls.size === 1 || (calls.size <= sizes.calls && size <= sizes.tab)) return;
    calls.delete(id);
    size -= kept.size;
  }
}

function endState({ error }: RecordedCall, isAnswered: boolean): CallState {
  if (error) return error.code === 'aborted' ? 'stopped' : 'failed';
  return isAnswered ? 'done' : 'stopped';
}

function isAnswer({ type }: Part): boolean {
  return type === 'text' || type === 'thought' || type === 'tool-call';
}

/** In characters, about. */
function sizeOf(value: unknown): number {
  return value === undefined ? 0 : JSON.stringify(value).length;
}
