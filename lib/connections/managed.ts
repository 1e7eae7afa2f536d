import { getPolicy } from '../policy/managed.ts';
import type { Policy, PolicyConnection } from '../policy/policy.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import type { Connection, Defaults } from './connection.ts';
import { isPool } from './pool.ts';
import { parseConnection } from './schema.ts';

/** The connections of an organisation's policy. The same list, by identity, until the policy changes. */
export function managedConnections(policy: Policy): Connection[] {
  return readable(policy).connections;
}

/** What cannot be used of the policy, its connections included, as sentences for whoever set it. */
export function policyProblems(policy: Policy): string[] {
  return [...policy.problems, ...readable(policy).problems];
}

/** The connections that may be used: those of the policy, then those of the user which it leaves in use. */
export function withManaged(policy: Policy, own: Connection[]): Connection[] {
  const managed = managedConnections(policy);
  const { ownConnections, onDeviceModels } = policy.features;
  if (managed.length === 0 && ownConnections && onDeviceModels) return own;
  // A pool of the organisation's servers is no connection to anywhere else; its members decide.
  const left = own.filter((connection) => (ownConnections || isPool(connection)) && (onDeviceModels || !isOnDevice(connection)));
  return [...managed, ...left];
}

/** The active connection and model: the user's choice while it may be used, else the policy's, else its first. */
export function defaultsWith(policy: Policy, chosen: Defaults | undefined, usable: readonly Connection[]): Defaults | undefined {
  const managed = managedConnections(policy);
  if (managed.length === 0 || usable.some(({ id }) => id === chosen?.connectionId)) return chosen;
  const { connection, model } = policy.defaultModel ?? {};
  const [first] = managed;
  const named = managed.find(({ id }) => id === managedId(connection));
  if (named) return { connectionId: named.id, ...(model && { model }) };
  return first && { connectionId: first.id };
}

/** The secrets that the policy sets for one of its connections. The same object until the policy changes. */
export function managedSecrets(policy: Policy, connectionId: string): Record<string, string> | undefined {
  return policy.connections.find(({ id }) => managedId(id) === connectionId)?.secrets;
}

/** Throws `denied` where the policy keeps the user from saving this. */
export async function refuseByPolicy(connection: Pick<Connection, 'backend'>, id: string | undefined): Promise<void> {
  const policy = await getPolicy();
  if (managedConnections(policy).some((managed) => managed.id === id))
    throw new SwitchboardError('denied', 'Your organisation manages this connection. Ask whoever looks after your browser to change it.');
  if (!policy.features.onDeviceModels && isOnDevice(connection))
    throw new SwitchboardError('denied', 'Your organisation has switched off models inside the browser. Choose another connection.');
  if (!policy.features.ownConnections && !isPool(connection))
    throw new SwitchboardError('denied', 'Your organisation allows only its own connections here. Choose one of them.');
}

/** The id of the policy's connection of that name: none that a user makes can take its place. */
export function managedId(id: string | undefined): string {
  return `policy-${id}`;
}

function readable(policy: Policy): { connections: Connection[]; problems: string[] } {
  const known = read.get(policy);
  if (known) return known;
  const connections: Connection[] = [];
  const problems: string[] = [];
  for (const entry of policy.connections) {
    try {
      connections.push(connectionOf(entry));
    } catch (error) {
      problems.push(`connections, "${entry.id}": ${(error as Error).message} The connection is left out.`);
    }
  }
  const made = { connections, problems };
  read.set(policy, made);
  return made;
}

const read = new WeakMap<Policy, { connections: Connection[]; problems: string[] }>();

function connectionOf({ id, name, backend, config, model }: PolicyConnection): Connection {
  const parsed = parseConnection({ id: managedId(id), name, backend, config, ...(model && { model }), revision: 0, createdAt: 0 });
  return { ...parsed, isManaged: true, revision: revisionOf(parsed) };
}

/** A number that changes with the service, as a rising one does for connections that are saved: a grant for another is void. */
function revisionOf({ backend, config }: Connection): number {
  const service = `${backend} ${config.baseUrl === undefined ? '' : new URL(config.baseUrl).origin}`;
  let hash = 0;
  for (let index = 0; index < service.length; index++) hash = (Math.imul(hash, 31) + service.charCodeAt(index)) >>> 0;
  return hash;
}

function isOnDevice({ backend }: Pick<Connection, 'backend'>): boolean {
  return backend === 'ondevice' || backend === 'chrome';
}
