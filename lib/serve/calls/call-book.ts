import { SwitchboardError } from '../../protocol/errors.ts';
import type { CallTrace } from '../../router/call-trace.ts';
import type { Router } from '../../router/router.ts';
import type { CallEvent } from './call.ts';
import { replay } from './replay.ts';
import { type BookSizes, keepCall, sizeOf, type TabCalls } from './tab-calls.ts';

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

const usualSizes: BookSizes = { calls: 200, request: 1024 * 1024, answer: 512 * 1024, tab: 8 * 1024 * 1024 };

/** What page script and background say to one another, and no call of the page's. */
const ownTalk = new Set(['prompt.load', 'prompt.native']);

export function createCallBook(router: Pick<Router, 'chat' | 'text' | 'embed'>, sizes: BookSizes = usualSizes): CallBook {
  const tabs = new Map<number, TabCalls>();

  return {
    begin({ tabId, frameId, origin }, method, params) {
      const tab = tabs.get(tabId);
      if (!tab || ownTalk.has(method)) return undefined;
      return keepCall(tab, { method, origin, frameId, ...(sizeOf(params) <= sizes.request && { params }) }, sizes);
    },

    watch(tabId, listener) {
      const tab = tabs.get(tabId) ?? { listeners: new Set(), kept: new Map() };
      tabs.set(tabId, tab);
      tab.listeners.add(listener);
      for (const { call, batches } of tab.kept.values()) listener({ type: 'call', call: { ...call }, batches: [...batches] });
      return () => {
        tab.listeners.delete(listener);
        if (tab.listeners.size === 0) tabs.delete(tabId);
      };
    },

    async replay(tabId, id, signal) {
      const tab = tabs.get(tabId);
      const call = tab?.kept.get(id)?.call;
      if (!tab || !call) throw new SwitchboardError('bad-request', 'This call is not kept any more. Have the page make it again.');
      const { asked, method, origin, frameId, connectionId, model } = call;
      if (!asked) throw new SwitchboardError('bad-request', 'This call never reached a model, so there is nothing to send again.');
      const trace = keepCall(tab, { method, origin, frameId, replayOf: id, asked }, sizes);
      await replay(router, asked, { trace, signal, ...(connectionId && { target: { connectionId, ...(model && { model }) } }) });
    },
  };
}
