import { createItem } from '../storage/item.ts';
import type { Connection, Defaults } from './connection.ts';

/** What is connected, as it was saved. */
export interface Glance {
  connections: Connection[];
  defaults?: Defaults;
}

/**
 * The connections without the code of any backend: for the popup, which shows them before that code could be loaded.
 * They were checked when they were saved; whoever uses one asks the store, which checks again.
 */
export async function glance(): Promise<Glance> {
  return await item.get();
}

export function watchGlance(listener: (glance: Glance) => void): () => void {
  return item.watch(listener);
}

/** The same value that settings.ts writes; never written from here. */
const item = createItem<Glance>({ area: 'local', key: 'connections', fallback: { connections: [] }, parse: readOutline, hasCopy: true });

function readOutline(stored: unknown): Glance {
  const { connections, defaults } = stored as Partial<Glance>;
  if (!Array.isArray(connections)) throw new TypeError('not a list of connections');
  const whole = connections.filter(
    ({ id, name, config }) => typeof id === 'string' && typeof name === 'string' && typeof config === 'object',
  );
  return { connections: whole, ...(defaults && { defaults }) };
}
