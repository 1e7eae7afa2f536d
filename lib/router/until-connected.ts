import { listConnections, watchConnections } from '../connections/store.ts';

/** Its key, and its place as the default, are saved right after the connection itself. */
const settleMs = 500;

/** Resolves once something is connected; rejects when the signal ends the waiting. */
export async function untilConnected(signal: AbortSignal): Promise<void> {
  let undo = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      const look = (connections: unknown[]) => connections.length > 0 && resolve();
      undo = watchConnections(look);
      void listConnections().then(look, reject);
    });
  } finally {
    undo();
  }
  await new Promise((resolve) => setTimeout(resolve, settleMs));
}
