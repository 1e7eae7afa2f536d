/** Usage changed: told to every page of ours, because IndexedDB itself tells nobody. */
export function announceUsage(): void {
  outgoing ??= openChannel();
  outgoing?.postMessage('changed');
}

/** Calls back after each change of ledger or activity, in every context; returns its undo. */
export function watchUsage(listener: () => void): () => void {
  const incoming = openChannel();
  incoming?.addEventListener('message', listener);
  return () => incoming?.close();
}

let outgoing: BroadcastChannel | undefined;

function openChannel(): BroadcastChannel | undefined {
  return typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('switchboard-usage');
}
