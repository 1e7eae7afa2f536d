import { type Signal, signal } from '@preact/signals';
import { subscribe } from '../../lib/panel/background.ts';
import type { Batch, CallEvent, RecordedCall } from '../../lib/serve/calls/call.ts';

/** A call as the panel shows it; the signals change while it runs. */
export interface WatchedCall {
  id: string;
  about: Signal<RecordedCall>;
  batches: Signal<Batch[]>;
}

export interface WatchedCalls {
  /** Oldest first. */
  calls: Signal<WatchedCall[]>;
  /** Empties the list; the background keeps its own until the panel closes. */
  clear(): void;
  stop(): void;
}

/** As many as the background keeps (lib/serve/calls/call-book.ts). */
const mostCalls = 200;

/** The calls of a tab while the panel is open, also across deaths of the background: what was heard stays on the screen. */
export function watchCalls(tabId: number, listen: typeof subscribe = subscribe): WatchedCalls {
  const calls = signal<WatchedCall[]>([]);
  const cleared = new Set<string>();
  const find = (id: string) => calls.value.find((call) => call.id === id);

  function hear(event: CallEvent): void {
    if (event.type === 'call') add(event.call, event.batches);
    else if (event.type === 'changed') {
      const about = find(event.id)?.about;
      if (about) about.value = { ...about.value, ...event.change };
    } else {
      const batches = find(event.id)?.batches;
      if (batches) batches.value = [...batches.value, event.batch];
    }
  }

  function add(call: RecordedCall, batches: Batch[]): void {
    const known = find(call.id);
    if (known) {
      known.about.value = call;
      known.batches.value = batches;
    } else if (!cleared.has(call.id)) {
      calls.value = [...calls.value, { id: call.id, about: signal(call), batches: signal(batches) }].slice(-mostCalls);
    }
  }

  return {
    calls,
    clear() {
      for (const { id } of calls.value) cleared.add(id);
      calls.value = [];
    },
    stop: listen('calls.watch', { tabId }, hear),
  };
}
