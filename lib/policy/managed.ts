import { browser } from 'wxt/browser';
import { hearStorage, hearsStorage } from '../storage/changes.ts';
import { noPolicy, type Policy } from './policy.ts';

/**
 * The policy of this browser, from memory after the first read. Chrome brings changes at once; Firefox at its next start.
 * A browser that nobody manages has none, and says so by an error in Firefox.
 */
export async function getPolicy(): Promise<Policy> {
  listen();
  reading ??= read();
  return await reading;
}

/** Calls back after each change; returns its undo. */
export function watchPolicy(listener: (policy: Policy) => void): () => void {
  listen();
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

let reading: Promise<Policy> | undefined;
const listeners = new Set<(policy: Policy) => void>();

async function read(): Promise<Policy> {
  try {
    const set = await browser.storage.managed.get(null);
    if (Object.keys(set).length === 0) return noPolicy;
    const { readPolicy } = await import('./read-policy.ts');
    return readPolicy(set);
  } catch {
    return noPolicy;
  }
}

function listen(): void {
  if (hearsStorage(onChanged)) return;
  reading = undefined;
  hearStorage(onChanged);
}

function onChanged(_changed: unknown, area: string): void {
  if (area !== 'managed') return;
  reading = read();
  void reading.then((policy) => {
    for (const listener of listeners) listener(policy);
  });
}
