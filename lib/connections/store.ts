import { getBackend } from '../backends/registry.ts';
import { getPolicy, watchPolicy } from '../policy/managed.ts';
import type { Policy } from '../policy/policy.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import { copySecrets, removeSecrets } from '../vault/vault.ts';
import type { Connection, ConnectionDraft, Defaults } from './connection.ts';
import { defaultsWith, managedConnections, refuseByPolicy, withManaged } from './managed.ts';
import { forgetModels } from './model-cache.ts';
import { checkPool, hasMember, isPool, poolConfig } from './pool.ts';
import { parseConfig, parseDraft, type Settings } from './schema.ts';
import { connectionsOf, settings } from './settings.ts';

/** Every connection that may be used, those of an organisation's policy first, in the order they were made. */
export async function listConnections(): Promise<Connection[]> {
  const [policy, value] = await Promise.all([getPolicy(), settings.get()]);
  return usable(policy, value);
}

export async function getConnection(id: string): Promise<Connection | undefined> {
  const policy = await getPolicy();
  return find(usable(policy, await settings.get()), id) ?? find(usable(policy, await settings.fresh()), id);
}

/**
 * Makes a connection, or changes the one of that `id`: what the draft does not name stays. Another backend or another
 * origin is another service, so it voids grants (`revision`), also those for pools it is in, and drops the secrets and
 * the list of models.
 */
export async function saveConnection(draft: ConnectionDraft): Promise<string> {
  const wanted = parseDraft(draft);
  const current = wanted.id === undefined ? undefined : await getConnection(wanted.id);
  if (wanted.id !== undefined && !current) throw unknownConnection(wanted.id);
  await refuseByPolicy(wanted, current?.id);
  const managed = managedConnections(await getPolicy());
  const id = current?.id ?? crypto.randomUUID();

  if (current && isAnotherService(current, { ...current, ...change(current, wanted) })) {
    await removeSecrets(id);
    await forgetModels(id);
  }
  await settings.update((value) => {
    const existing = find(connectionsOf(value), id);
    if (existing) return replace(value, id, { ...existing, ...change(existing, wanted) }, managed);
    const made: Connection = { id, revision: 1, createdAt: Date.now(), ...change(undefined, wanted) };
    if (isPool(made)) checkPool(made, [...managed, ...connectionsOf(value)]);
    return {
      ...value,
      connections: [...value.connections, withoutEmpty(made)],
      defaults: value.defaults ?? { connectionId: id },
    };
  });
  return id;
}

/** Its secrets and its list of models go with it. The first of the rest becomes the default where it was. */
export async function removeConnection(id: string): Promise<void> {
  const current = await getConnection(id);
  if (current?.isManaged) await refuseByPolicy(current, id);
  await settings.update((value) => {
    const connections = value.connections.filter((stored) => stored.id !== id);
    if (connections.length === value.connections.length) throw unknownConnection(id);
    if (value.defaults?.connectionId !== id) return { ...value, connections };
    const [next] = connectionsOf({ connections });
    return next ? { connections, defaults: { connectionId: next.id } } : { connections };
  });
  await Promise.all([removeSecrets(id), forgetModels(id)]);
}

/** A copy with its own id, name and secrets. */
export async function duplicateConnection(id: string): Promise<string> {
  const original = await getConnection(id);
  if (!original) throw unknownConnection(id);
  // The organisation's key would go with it.
  if (original.isManaged) await refuseByPolicy(original, id);
  const taken = new Set((await listConnections()).map((connection) => connection.name));
  let number = 2;
  while (taken.has(`${original.name} (${number})`)) number += 1;

  const copyId = crypto.randomUUID();
  const copy: Connection = { ...original, id: copyId, name: `${original.name} (${number})`, revision: 1, createdAt: Date.now() };
  await settings.update((value) => ({ ...value, connections: [...value.connections, withoutEmpty(copy)] }));
  try {
    await copySecrets(id, copyId);
  } catch (thrown) {
    // Locked, say: a copy without its key would be no copy.
    await removeConnection(copyId);
    throw thrown;
  }
  return copyId;
}

/** Calls back with every connection after each change; returns its undo. */
export function watchConnections(listener: (connections: Connection[]) => void): () => void {
  return watchSettings(() => void listConnections().then(listener));
}

/** The active connection and model: the user's choice, else the policy's, else none until something is connected. */
export async function getDefaults(): Promise<Defaults | undefined> {
  const [policy, value] = await Promise.all([getPolicy(), settings.get()]);
  return defaultsWith(policy, value.defaults, usable(policy, value));
}

export async function setDefaults({ connectionId, model }: Defaults): Promise<void> {
  const policy = await getPolicy();
  await settings.update((value) => {
    if (!find(usable(policy, value), connectionId)) throw unknownConnection(connectionId);
    return { ...value, defaults: model ? { connectionId, model } : { connectionId } };
  });
}

/** Calls back when connections or defaults changed. */
export function watchSettings(listener: () => void): () => void {
  const undo = [settings.watch(listener), watchPolicy(listener)];
  return () => {
    for (const each of undo) each();
  };
}

export function watchDefaults(listener: (defaults: Defaults | undefined) => void): () => void {
  let known = '';
  void getDefaults().then((defaults) => {
    known ||= JSON.stringify(defaults ?? null);
  });
  return watchSettings(async () => {
    const defaults = await getDefaults();
    const next = JSON.stringify(defaults ?? null);
    if (next === known) return;
    known = next;
    listener(defaults);
  });
}

function usable(policy: Policy, value: Settings): Connection[] {
  return withManaged(policy, connectionsOf(value));
}

function find(connections: Connection[], id: string): Connection | undefined {
  return connections.find((connection) => connection.id === id);
}

function replace(value: Settings, id: string, connection: Connection, managed: Connection[]): Settings {
  const own = connectionsOf(value);
  const before = find(own, id);
  if (isPool(connection)) checkPool(connection, [...managed, ...own], before);
  const isMoved = before !== undefined && isAnotherService(before, connection);
  const revision = isMoved ? before.revision + 1 : connection.revision;
  return {
    ...value,
    connections: value.connections.map((stored) => {
      if (stored.id === id) return withoutEmpty({ ...connection, revision });
      const pool = isMoved ? find(own, String(stored.id)) : undefined;
      return pool && hasMember(pool, id) ? withoutEmpty({ ...pool, revision: pool.revision + 1 }) : stored;
    }),
  };
}

/** The fields that the draft decides. A configuration is given whole; a new one starts from the backend's preset. */
function change(
  current: Connection | undefined,
  draft: ConnectionDraft,
): Pick<Connection, 'backend' | 'name' | 'config'> & Partial<Connection> {
  const backend = getBackend(draft.backend);
  const isSameBackend = current?.backend === draft.backend;
  const config = isSameBackend ? (draft.config ?? current.config) : { ...(backend.preset as JsonObject), ...draft.config };
  return {
    backend: draft.backend,
    name: draft.name || current?.name || backend.label,
    config: parseConfig(draft.backend, config),
    ...(draft.model !== undefined && { model: draft.model }),
    ...(draft.generation !== undefined && { generation: draft.generation }),
    ...(draft.patience !== undefined && { patience: draft.patience }),
  };
}

/** A pool with another connection in it may send data to another place; one with fewer, or in another order, may not. */
function isAnotherService(before: Connection, after: Connection): boolean {
  if (before.backend !== after.backend || originOf(before) !== originOf(after)) return true;
  return isPool(after) && poolConfig(after).members.some(({ connectionId }) => !hasMember(before, connectionId));
}

function originOf({ config }: Connection): string | undefined {
  return config.baseUrl === undefined ? undefined : new URL(config.baseUrl).origin;
}

/** As plain JSON; an emptied model field means no preference. */
function withoutEmpty(connection: Connection): JsonObject {
  const { model, ...rest } = connection;
  return structuredClone(model ? { ...rest, model } : rest) as unknown as JsonObject;
}

function unknownConnection(id: string): SwitchboardError {
  return new SwitchboardError('bad-request', `There is no connection "${id.slice(0, 80)}". connections.list() shows the ones there are.`);
}
