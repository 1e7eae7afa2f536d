import { listConnections, watchConnections } from '../connections/store.ts';
import { orAborted } from './or-aborted.ts';

/** Its key, and its place as the default, are saved right after the connection itself. */
const settleMs = 500;

/** Resolves once something is connected; rejects when the signal ends the waiting. */
export async function untilConnected(signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = (connections: unknown[]) => connections.length > 0 && resolve();
  const undo = watchConnections(look);
  void listConnections().then(look, reject);
  try {
    await orAborted(promise, signal);
  } finally {
    undo();
  }
  await new Promise((resolve) => setTimeout(resolve, settleMs));
}
