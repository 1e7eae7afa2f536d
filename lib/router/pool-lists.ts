import type { Connection } from '../connections/connection.ts';
import { isPool, poolMembers } from '../connections/pool.ts';
import { listConnections } from '../connections/store.ts';
import type { ModelInfo } from '../protocol/model.ts';
import type { ModelLists } from './model-lists.ts';
import { poolModelInfo } from './pool-model.ts';

/** The same for pools: they list one model, made of what their members list. Nothing of it is kept, so it is never old. */
export function withPools(lists: ModelLists): ModelLists {
  async function ofPool(pool: Connection, ask?: (member: Connection) => Promise<unknown>): Promise<ModelInfo[]> {
    const connections = await listConnections();
    const members = new Set(poolMembers(pool, connections).flatMap(({ connection }) => connection ?? []));
    // A member that does not answer leaves what it listed last.
    if (ask) await Promise.allSettled(Array.from(members, ask));
    return [await poolModelInfo(pool, connections, lists.cached)];
  }

  async function cached(connection: Connection): Promise<ModelInfo[]> {
    return isPool(connection) ? await ofPool(connection) : await lists.cached(connection);
  }

  return {
    refresh: (connection, signal) =>
      isPool(connection) ? ofPool(connection, (member) => lists.refresh(member, signal)) : lists.refresh(connection, signal),
    recent: (connection, signal, maxAgeMs) =>
      isPool(connection)
        ? ofPool(connection, (member) => lists.recent(member, signal, maxAgeMs))
        : lists.recent(connection, signal, maxAgeMs),
    known: (connection, signal) =>
      isPool(connection) ? ofPool(connection, (member) => lists.known(member, signal)) : lists.known(connection, signal),
    cached,
    info: async (connection, model) => (await cached(connection)).find(({ id }) => id === model),
  };
}
