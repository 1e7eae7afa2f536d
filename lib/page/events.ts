import type { ProviderEvents, SwitchboardProvider } from '../protocol/provider.ts';
import type { Calls } from './calls.ts';
import { toPageError } from './errors.ts';
import { addListener, bare, createTable, parseJson, queueMicrotask } from './primordials.ts';
import { own } from './read-options.ts';

interface Entry {
  name: keyof ProviderEvents;
  listener(value: unknown): void;
}

/**
 * Tells listeners when the site's access or its default model has become different. The background is asked only while
 * there are listeners; it may sleep meanwhile, so it is asked again when the user comes back to the page, which is when
 * they may have changed something.
 */
export function createEvents(calls: Calls, scope: EventTarget): SwitchboardProvider['on'] {
  const entries = createTable<Entry>();
  let count = 0;
  let lastId = 0;
  let isWatching = false;
  let unwatch = () => {};
  const known: Partial<Record<keyof ProviderEvents, string>> = bare({});

  return ((name: unknown, listener: unknown) => {
    if ((name !== 'accesschanged' && name !== 'modelchanged') || typeof listener !== 'function') {
      throw toPageError({ code: 'bad-request', message: 'on() takes "accesschanged" or "modelchanged", and a function.', status: 400 });
    }
    if (lastId === 0) {
      addListener(scope, 'focus', watch);
      addListener(scope, 'visibilitychange', watch, true);
    }
    lastId += 1;
    const id = lastId;
    entries.set(id, { name, listener: listener as Entry['listener'] });
    count += 1;
    watch();
    return () => {
      if (!entries.remove(id)) return;
      count -= 1;
      if (count === 0) unwatch();
    };
  }) as SwitchboardProvider['on'];

  function watch(): void {
    if (isWatching || count === 0) return;
    isWatching = true;
    const undo = calls.subscribe('access.watch', '{}', hear, (error) => {
      // An extension that is gone does not come back to this page.
      isWatching = own(error, 'code') === 'gone';
    });
    unwatch = () => {
      isWatching = false;
      undo();
    };
  }

  function hear(values: unknown): void {
    tell('accesschanged', own(values, 'accesschanged') as string);
    tell('modelchanged', own(values, 'modelchanged') as string);
  }

  /** The first is what the page starts from. */
  function tell(name: keyof ProviderEvents, text: string): void {
    const isNews = known[name] !== undefined && known[name] !== text;
    known[name] = text;
    if (isNews) {
      entries.each((entry) => {
        // Not called from here: what a page throws is its own affair.
        if (entry.name === name) queueMicrotask(() => entry.listener(parseJson(text)));
      });
    }
  }
}
