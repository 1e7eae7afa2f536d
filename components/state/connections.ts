import { computed } from '@preact/signals';
import type { Connection, Defaults } from '../../lib/connections/connection.ts';
import { getDefaults, listConnections, watchConnections, watchDefaults } from '../../lib/connections/store.ts';
import { stored } from './stored.ts';

/** The user's connections, and which of them answers where nobody names one. */
export const connections = stored(listConnections, watchConnections);
export const defaults = stored<Defaults | undefined>(getDefaults, watchDefaults);

/** The active connection; the first of the list where none was chosen. */
export const activeConnection = computed<Connection | undefined>(() => {
  const all = connections.value.value ?? [];
  return all.find(({ id }) => id === defaults.value.value?.connectionId) ?? all[0];
});

/** The model that answers on it; undefined means the first that the backend lists. */
export const activeModel = computed<string | undefined>(() => {
  const active = activeConnection.value;
  const chosen = defaults.value.value;
  return (chosen?.connectionId === active?.id ? chosen?.model : undefined) ?? active?.model;
});

export function connectionNamed(id: string): Connection | undefined {
  return connections.value.value?.find((connection) => connection.id === id);
}
