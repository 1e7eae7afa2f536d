import { type PoolConfig, type PoolMember, poolModel } from '../backends/pool.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import type { Connection } from './connection.ts';

export { type PoolConfig, type PoolMember, poolModel };

/** A member with its connection; without one, it was removed. */
export interface FoundMember extends PoolMember {
  connection?: Connection;
}

export function isPool({ backend }: Pick<Connection, 'backend'>): boolean {
  return backend === 'pool';
}

export function poolConfig({ config }: Pick<Connection, 'config'>): PoolConfig {
  return config as unknown as PoolConfig;
}

/** The members in their order, each with what it stands for now. */
export function poolMembers(pool: Pick<Connection, 'config'>, connections: Connection[]): FoundMember[] {
  return poolConfig(pool).members.map((member) => {
    const connection = connections.find(({ id, backend }) => id === member.connectionId && backend !== 'pool');
    return { ...member, ...(connection && { connection }) };
  });
}

/** Whether the pool hands anything to that connection. */
export function hasMember(pool: Pick<Connection, 'backend' | 'config'>, connectionId: string): boolean {
  return isPool(pool) && poolConfig(pool).members.some((member) => member.connectionId === connectionId);
}

/**
 * Throws `bad-request` for a pool that could not answer. A member that was in it `before` and was removed meanwhile may
 * stay, so that the rest of the pool can still be changed.
 */
export function checkPool(pool: Pick<Connection, 'id' | 'config'>, connections: Connection[], before?: Connection): void {
  const { members } = poolConfig(pool);
  if (members.length === 0) throw refused('A pool needs members. Add a connection to it.');
  const host = connections.find((each) => hasMember(each, pool.id));
  if (host) throw refused(`This connection is a member of "${host.name}", and a pool cannot be in a pool. Take it out there first.`);
  const seen = new Set<string>();
  for (const { connectionId, model } of members) {
    const connection = connections.find(({ id }) => id === connectionId);
    if (connectionId === pool.id || (connection && isPool(connection)))
      throw refused('A pool cannot be a member of a pool. Add the connections themselves.');
    if (!connection && !(before && hasMember(before, connectionId)))
      throw refused(`There is no connection "${connectionId.slice(0, 80)}" for this pool. Take it out, or choose another.`);
    const key = `${connectionId}/${model ?? ''}`;
    if (seen.has(key)) throw refused(`"${connection?.name ?? connectionId}" is in this pool twice with the same model. Take one out.`);
    seen.add(key);
  }
}

function refused(message: string): SwitchboardError {
  return new SwitchboardError('bad-request', message);
}
