import { computed } from '@preact/signals';
import type { Connection } from '../../lib/connections/connection.ts';
import { glance, watchGlance } from '../../lib/connections/glance.ts';
import { stored } from './stored.ts';

/** The user's connections, and which of them answers where nobody names one. */
const settings = stored(glance, watchGlance);

/** Why they could not be read. */
export const connectionsFailed = settings.failed;

/** Settles when they have been read for the first time. */
export const connectionsReady = settings.ready;

/** Reads them again now, for whoever changed them and cannot wait for the word of the change. */
export const readConnections = settings.read;

/** Undefined until they were read. */
export const connections = computed<readonly Connection[] | undefined>(() => settings.value.value?.connections);

/** The active connection; the first of the list where none was chosen. */
export const activeConnection = computed<Connection | undefined>(() => {
  const all = connections.value ?? [];
  return all.find(({ id }) => id === settings.value.value?.defaults?.connectionId) ?? all[0];
});

/** The model that answers on it; undefined means the first that the backend lists. */
export const activeModel = computed<string | undefined>(() => {
  const active = activeConnection.value;
  const chosen = settings.value.value?.defaults;
  return (chosen?.connectionId === active?.id ? chosen?.model : undefined) ?? active?.model;
});

export function connectionNamed(id: string): Connection | undefined {
  return connections.value?.find((connection) => connection.id === id);
}
