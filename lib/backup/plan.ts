import type { Chat } from '../chats/store.ts';
import type { Connection } from '../connections/connection.ts';
import { parseConnection, type Settings } from '../connections/schema.ts';
import { connectionsOf } from '../connections/settings.ts';
import { whereabouts } from '../connections/whereabouts.ts';
import { type Grant, isSameSubject, subjectName } from '../permissions/grant.ts';
import { parseGrants } from '../permissions/grant-schema.ts';
import { toSwitchboardError } from '../protocol/errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Backup } from './backup.ts';
import { readChat } from './chats.ts';
import { type Preferences, readPreferences, withPreferences } from './preferences.ts';

/** What an import would do, for the user to look at before anything is done. */
export interface Plan {
  backup: Backup;
  connections: PlannedConnection[];
  grants: PlannedGrant[];
  /** What would hold then, and what of it differs from what holds now; absent where the file has none. */
  preferences?: { added: Partial<Preferences>; now: Preferences; then: Preferences };
  /** Those in clear. */
  chats: Chat[];
  /** What cannot be read or would change nothing for good reason, each with why. */
  dropped: { name: string; why: string }[];
}

export interface PlannedConnection {
  kind: 'added' | 'replaced' | 'same';
  connection: Connection;
  /** Where what is sent to it goes; absent for models in the browser. */
  host?: string;
  /** Adds headers of its own to requests. */
  hasHeaders: boolean;
  /** Had headers that are not in the file in clear. */
  lacksHeaders: boolean;
  /** Replaces one that goes elsewhere: the key it has now is dropped. */
  dropsKey: boolean;
}

export interface PlannedGrant {
  kind: 'added' | 'replaced';
  grant: Grant;
}

/** Compares the backup with what there is. Changes nothing and never throws: what is damaged is in `dropped`. */
export function planImport(backup: Backup, current: Settings, held: Grant[], preferences: Preferences, now = Date.now()): Plan {
  const dropped: Plan['dropped'] = [];
  const existing = new Map(connectionsOf(current).map((connection) => [connection.id, connection]));
  const connections = planConnections(backup, existing, dropped);
  const revisions = new Map(
    [...existing.values(), ...connections.map(({ connection }) => connection)].map(({ id, revision }) => [id, revision]),
  );
  const grants = planGrants(backup, { connections, revisions, held, now }, dropped);
  return { backup, connections, grants, chats: planChats(backup, dropped), ...planPreferences(backup, preferences, dropped), dropped };
}

function planConnections(backup: Backup, existing: Map<string, Connection>, dropped: Plan['dropped']): PlannedConnection[] {
  const planned = new Map<string, PlannedConnection>();
  for (const stored of backup.connections) {
    try {
      const read = parseConnection(stored);
      if (!/^[\w-]{1,100}$/.test(read.id)) throw new Error('damaged id');
      if (planned.has(read.id)) dropped.push({ name: read.name, why: 'It is in the backup twice; the first is taken.' });
      else planned.set(read.id, planConnection(read, existing.get(read.id), stored.hasHeaders === true));
    } catch (thrown) {
      const { code, message } = toSwitchboardError(thrown);
      dropped.push({ name: nameOf(stored), why: code === 'bad-request' ? message : 'It is damaged.' });
    }
  }
  // Where a pool leads to is known once all its members are.
  const all = new Map([...existing, ...[...planned].map(([id, { connection }]) => [id, connection] as const)]);
  return Array.from(planned.values(), (each) => {
    const { host } = whereabouts(each.connection, [...all.values()]);
    return { ...each, ...(host !== undefined && { host }) };
  });
}

function planConnection(read: Connection, before: Connection | undefined, hadHeaders: boolean): PlannedConnection {
  const hasHeaders = Boolean(read.config.headers);
  const more = { hasHeaders, lacksHeaders: hadHeaders && !hasHeaders };
  if (!before) return { kind: 'added', connection: read, dropsKey: false, ...more };
  const isElsewhere = before.backend !== read.backend || originOf(before) !== originOf(read);
  const connection = { ...read, createdAt: before.createdAt, revision: isElsewhere ? before.revision + 1 : before.revision };
  // Headers are not in backups in clear; those the user has stay where the address does.
  if (!isElsewhere && !read.config.headers && before.config.headers) {
    connection.config = { ...read.config, headers: before.config.headers };
    more.lacksHeaders = false;
  }
  if (JSON.stringify(sorted(connection)) === JSON.stringify(sorted(before)))
    return { kind: 'same', connection: before, dropsKey: false, ...more };
  return { kind: 'replaced', connection, dropsKey: isElsewhere, ...more };
}

function planChats({ chats = [] }: Backup, dropped: Plan['dropped']): Chat[] {
  const read = chats.map((stored) => ({ stored, chat: readChat(stored) }));
  for (const { stored, chat } of read) if (!chat) dropped.push({ name: nameOf(stored), why: 'It is damaged.' });
  return read.flatMap(({ chat }) => (chat ? [chat] : []));
}

function planPreferences({ preferences }: Backup, now: Preferences, dropped: Plan['dropped']): Pick<Plan, 'preferences'> {
  if (!preferences) return {};
  const damaged: string[] = [];
  const added = readPreferences(preferences, damaged);
  for (const name of damaged) dropped.push({ name, why: 'It is damaged.' });
  const then = withPreferences(now, added);
  // JSON of both in one order: what comes out of storage has another than what was just made.
  return JSON.stringify(sorted(then)) === JSON.stringify(sorted(now)) ? {} : { preferences: { added, now, then } };
}

interface GrantsToPlan {
  connections: PlannedConnection[];
  revisions: Map<string, number>;
  held: Grant[];
  now: number;
}

function planGrants(backup: Backup, { connections, revisions, held, now }: GrantsToPlan, dropped: Plan['dropped']): PlannedGrant[] {
  const filed = new Map(backup.connections.map((stored) => [stored.id, stored.revision]));
  const moved = new Set(connections.filter(({ dropsKey }) => dropsKey).map(({ connection }) => connection.id));
  const planned = new Map<string, PlannedGrant>();
  for (const stored of backup.grants) {
    const grant = readGrant(stored);
    if (!grant) dropped.push({ name: nameOf(stored), why: 'It is damaged.' });
    else if (planned.has(subjectName(grant)))
      dropped.push({ name: subjectName(grant), why: 'It is in the backup twice; the first is taken.' });
    else if (grant.expiresAt !== undefined && grant.expiresAt <= now)
      dropped.push({ name: subjectName(grant), why: 'Its permission has ended.' });
    else {
      // What was granted for a connection as it was in the backup holds for it as it will be here, at the same address.
      const models = grant.models.flatMap((model) => {
        if (model.connectionId === '*') return [model];
        const revision = revisions.get(model.connectionId);
        const isMeant = filed.get(model.connectionId) === model.revision && !moved.has(model.connectionId);
        return revision !== undefined && isMeant ? [{ ...model, revision }] : [];
      });
      if (models.length === 0 && grant.decision !== 'block')
        dropped.push({ name: subjectName(grant), why: 'The models it was allowed are not there.' });
      else
        planned.set(subjectName(grant), {
          kind: held.some((each) => isSameSubject(each, grant)) ? 'replaced' : 'added',
          grant: { ...grant, models, source: 'import' },
        });
    }
  }
  return [...planned.values()];
}

function readGrant(stored: JsonObject): Grant | undefined {
  try {
    const [grant] = parseGrants({ grants: [stored], seenAt: 0 }).grants;
    const isLasting = grant?.decision === 'always' || grant?.decision === 'block';
    const isKnown = grant && !grant.isPrivate && isSite(grant.origin) && (grant.topOrigin === undefined || isSite(grant.topOrigin));
    return isKnown && isLasting ? grant : undefined;
  } catch {
    return undefined;
  }
}

function isSite(origin: string): boolean {
  const url = URL.parse(origin);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === origin;
}

function originOf({ config }: Connection): string | undefined {
  return config.baseUrl === undefined ? undefined : new URL(config.baseUrl).origin;
}

function nameOf({ name, origin, title }: JsonObject): string {
  const text = [name, origin, title].find((each) => typeof each === 'string') ?? '?';
  return String(text).slice(0, 80);
}

/** The order of fields means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}
