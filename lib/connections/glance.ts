import { getPolicy, watchPolicy } from '../policy/managed.ts';
import { noPolicy } from '../policy/policy.ts';
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
  return await withPolicy(await item.get());
}

/** A newer Switchboard saved them: they are shown, and cannot be changed. */
export async function isNewerGlance(): Promise<boolean> {
  return await item.isNewer();
}

export function watchGlance(listener: (glance: Glance) => void): () => void {
  const tell = () => void glance().then(listener);
  const undo = [item.watch(tell), watchPolicy(tell)];
  return () => {
    for (const each of undo) each();
  };
}

/** Where an organisation has set something, the code that reads it comes along. */
async function withPolicy(value: Glance): Promise<Glance> {
  const policy = await getPolicy();
  if (policy === noPolicy) return value;
  const [{ defaultsWith, withManaged }] = await Promise.all([import('./managed.ts'), import('../backends/all.ts')]);
  const connections = withManaged(policy, value.connections);
  const defaults = defaultsWith(policy, value.defaults, connections);
  return { connections, ...(defaults && { defaults }) };
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
