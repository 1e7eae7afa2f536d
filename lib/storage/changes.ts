import { browser } from 'wxt/browser';

export type StorageListener = (changed: Record<string, { newValue?: unknown }>, area: string) => void;

const listeners = new Set<StorageListener>();

/**
 * Hears of every change of the extension's storage until undone. The browser has one listener of ours for all: Firefox
 * makes a copy of each change for each listener, and to ask it whether one is still there costs a call of a site more than
 * all that it reads from memory.
 */
export function hearStorage(listener: StorageListener): () => void {
  if (listeners.size === 0 && !browser.storage.onChanged.hasListener(tell)) browser.storage.onChanged.addListener(tell);
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function hearsStorage(listener: StorageListener): boolean {
  return listeners.has(listener);
}

/** For tests, which take away all that the browser knew of us. */
export function forgetStorageListeners(): void {
  listeners.clear();
}

/** One that fails keeps nothing from the others. */
function tell(changed: Parameters<StorageListener>[0], area: string): void {
  const failures: unknown[] = [];
  for (const listener of [...listeners]) {
    try {
      listener(changed, area);
    } catch (thrown) {
      failures.push(thrown);
    }
  }
  if (failures.length > 0) throw failures[0];
}
