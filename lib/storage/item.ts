import { browser } from 'wxt/browser';
import { SwitchboardError } from '../protocol/errors.ts';
import { hearStorage, hearsStorage } from './changes.ts';
import { copies as allCopies, type Copies, markKey, numberOf, restoreLost } from './copies.ts';

/** One value in extension storage: typed, versioned, kept in memory once read, and never reset by a fault. */
export interface Item<Value> {
  /** The value, from memory after the first read; `storage.onChanged` keeps it true in every context. */
  get(): Promise<Value>;
  /** The value as storage has it now. Ask this way before refusing somebody on the strength of `get`. */
  fresh(): Promise<Value>;
  /** Read, change, write in one `set`, one writer at a time in the whole extension. Returning the same value writes nothing. */
  update(change: (value: Value) => Value | Promise<Value>): Promise<Value>;
  /** Calls back after every change, wherever it was made; returns its undo. */
  watch(listener: (value: Value) => void): () => void;
  /** A newer version wrote the value: it can be read as far as we know it, and not be changed. */
  isNewer(): Promise<boolean>;
  /** Holds the lock of `update` while the work is done: for `updateTogether`. */
  change<Result>(work: (access: ItemAccess<Value>) => Promise<Result>): Promise<Result>;
}

/** One item while its lock is held. */
export interface ItemAccess<Value> {
  value: Value;
  /** What storage is to be given for that value. */
  entries(value: Value): Record<string, unknown>;
  /** That value has been written. */
  written(value: Value): Promise<void>;
}

export interface ItemOptions<Value> {
  area: 'local' | 'session';
  key: string;
  /** Format of the value. What a newer version wrote is shown as far as it can be read and never written over. */
  version?: number;
  fallback: Value;
  /** Throws on what is not a value. */
  parse(stored: unknown): Value;
  /** Keep a second copy elsewhere and read it when the first is damaged or lost. For what cannot be made again. */
  hasCopy?: boolean;
  /** Where. */
  copies?: Copies | undefined;
}

/** Values are plain JSON and are never changed in place. */
export function createItem<Value>(options: ItemOptions<Value>): Item<Value> {
  const { area, key, version = 1, fallback, parse, hasCopy = false, copies = allCopies } = options;
  const listeners = new Set<(value: Value) => void>();
  let cached: { value: Value } | undefined;
  let loading: Promise<void> | undefined;
  let changes = 0;

  async function get(): Promise<Value> {
    listen();
    while (!cached) {
      loading ??= load();
      await loading;
    }
    return cached.value;
  }

  /** One reading for all who ask meanwhile; for nobody who asks after a change. */
  async function load(): Promise<void> {
    const before = changes;
    try {
      const { value } = await read();
      if (before === changes) cached = { value };
    } finally {
      if (before === changes) loading = undefined;
    }
  }

  function forget(): void {
    changes += 1;
    cached = undefined;
    loading = undefined;
  }

  async function read(): Promise<{ value: Value; isNewer: boolean; number: number }> {
    const stored = await failingAs('read', () => browser.storage[area].get(hasCopy ? [key, markKey] : key));
    const isMarked = stored[markKey] !== undefined;
    const first = open(stored[key]);
    const copy = first || !hasCopy || (isMarked && stored[key] == null) ? undefined : await readCopy();
    const isNewer = versionOf(stored[key] ?? copy) > version;
    const found = first ?? open(copy);
    const number = numberOf(stored[key] ?? copy) || 0;
    if (found) return { ...found, isNewer, number };
    if (isNewer || !hasCopy || (stored[key] ?? copy) == null) return { value: fallback, isNewer, number };
    throw new SwitchboardError(
      'internal',
      `What Switchboard saved as "${key}" is damaged. Nothing was overwritten; reinstall or report it.`,
    );
  }

  /** What was never copied, and what cannot be read either, is not there. */
  async function readCopy(): Promise<unknown> {
    return await copies?.get('values', key).catch(() => undefined);
  }

  function open(stored: unknown): { value: Value } | undefined {
    if (!isEnvelope(stored)) return undefined;
    try {
      return { value: parse(stored.value) };
    } catch {
      return undefined;
    }
  }

  async function change<Result>(work: (access: ItemAccess<Value>) => Promise<Result>): Promise<Result> {
    // Should it fail, the read and the write below say why.
    if (hasCopy) await restoreLost(copies).catch(() => {});
    return await navigator.locks.request(`switchboard:${area}:${key}`, async () => {
      const { value, isNewer, number } = await read();
      if (isNewer)
        throw new SwitchboardError('not-supported', 'A newer Switchboard wrote these settings. Update the extension to change them.');
      const enveloped = (next: Value) => ({ v: version, ...(hasCopy && { n: number + 1 }), value: next });
      return await work({
        value,
        entries: (next) => ({ [key]: enveloped(next) }),
        async written(next) {
          forget();
          cached = { value: next };
          // The first copy holds; a disk that is full takes the second with the next change.
          if (hasCopy) await copies?.write([{ store: 'values', key, row: enveloped(next) }]).catch(() => {});
        },
      });
    });
  }

  async function update(make: (value: Value) => Value | Promise<Value>): Promise<Value> {
    return await change(async ({ value, entries, written }) => {
      const next = await make(value);
      if (next === value) return value;
      await failingAs('write', () => browser.storage[area].set(entries(next)));
      await written(next);
      return next;
    });
  }

  function onChanged(changed: Record<string, { newValue?: unknown }>, changedArea: string): void {
    if (changedArea !== area || !Object.hasOwn(changed, key)) return;
    forget();
    const stored = changed[key]?.newValue;
    cached = stored == null && !hasCopy ? { value: fallback } : open(stored);
    if (!cached) return;
    // A listener may ask for the value anew, which empties the memory under the next one.
    const { value } = cached;
    for (const listener of listeners) listener(value);
  }

  /** Checked at every use, so that what is in memory is never older than the listener that keeps it true. */
  function listen(): void {
    if (hearsStorage(onChanged)) return;
    forget();
    hearStorage(onChanged);
  }

  return {
    get,
    fresh() {
      forget();
      return get();
    },
    update,
    change,
    isNewer: async () => (await read()).isNewer,
    watch(listener) {
      listen();
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

interface Envelope {
  v: number;
  value: unknown;
}

function isEnvelope(stored: unknown): stored is Envelope {
  return typeof stored === 'object' && stored !== null && typeof (stored as Partial<Envelope>).v === 'number' && 'value' in stored;
}

function versionOf(stored: unknown): number {
  return isEnvelope(stored) ? stored.v : 0;
}

/** A failing storage is a state to report, not a reason to start from nothing. */
async function failingAs<Result>(verb: 'read' | 'write', work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const next = verb === 'read' ? 'Restart the browser; nothing was changed.' : 'The disk may be full. Nothing was changed; try again.';
    throw new SwitchboardError('internal', `The browser could not ${verb} Switchboard's settings. ${next}`, { cause });
  }
}
