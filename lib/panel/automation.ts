import * as z from 'zod/mini';
import type { Connection, ConnectionDraft, Defaults } from '../connections/connection.ts';
import { cachedModels } from '../connections/model-cache.ts';
import { getDefaults, listConnections, removeConnection, saveConnection, setDefaults } from '../connections/store.ts';
import { addModel } from '../engine/model-store.ts';
import type { Grant, GrantAbility, GrantedModel, GrantLimits, GrantRules } from '../permissions/grant.ts';
import { abilitiesSchema, decisionSchema, historySchema, limitsSchema, someRulesSchema } from '../permissions/grant-schema.ts';
import { listGrants, revokeGrant, setGrant } from '../permissions/grants.ts';
import { setSwitches } from '../permissions/switches.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import type { HistoryLevel } from '../protocol/history.ts';
import { lazy, parse } from '../protocol/parse.ts';
import type { ActivityEntry } from '../usage/activity.ts';
import { listActivity } from '../usage/log.ts';
import { secretNames, setSecret } from '../vault/vault.ts';
import { request, stream } from './background.ts';
import { connectDemoModel } from './first-run.ts';
import type { TestResult } from './methods.ts';

declare global {
  /** On the options page alone; docs/testing-your-app.md describes it. */
  var switchboard: Automation;
}

/** What scripts may do: exactly what the interface itself does, by the same functions. Everything throws clear errors. */
export interface Automation {
  /** Resolves when the background has started. */
  ready(): Promise<void>;
  connections: {
    /** A new connection, or with its `id` a changed one. The first becomes the default. Resolves to the id. */
    save(connection: ConnectionDraft): Promise<string>;
    /** With the names of its secrets, never their values. */
    list(): Promise<(Connection & { secrets: string[] })[]>;
    test(id: string): Promise<TestResult>;
    remove(id: string): Promise<void>;
  };
  secrets: {
    /** Kept for this connection alone, sealed; it cannot be read back. */
    set(connectionId: string, value: string, name?: string): Promise<void>;
  };
  defaults: {
    set(defaults: Defaults): Promise<void>;
    get(): Promise<Defaults | undefined>;
  };
  grants: {
    /** What the consent window would set. Without `models`, or with `['*']`, any model; without `limits`, none. */
    set(grant: GrantRequest): Promise<Grant>;
    list(): Promise<Grant[]>;
    revoke(origin: string): Promise<void>;
    /** The switch that pauses all sites. */
    pause(isPaused: boolean): Promise<void>;
  };
  ondevice: {
    /** Keeps a GGUF file in the browser; resolves to the id of the model, for `connections.save({ backend: 'ondevice', model })`. */
    add(source: Blob | string, name?: string): Promise<string>;
    /** Connects the demo model of the package and makes it the default; resolves to the id of the connection. */
    connectDemo(): Promise<string>;
  };
  activity: {
    /** Newest first. */
    list(filter?: { origin?: string; limit?: number }): Promise<ActivityEntry[]>;
  };
}

export interface GrantRequest {
  origin: string;
  /** Ids of models, of whichever connection has them, `connectionId/model`, or both apart. */
  models?: (string | { connectionId: string; model: string })[];
  decision?: Grant['decision'];
  /** Of the page around it, where the site is a frame of another origin in it. */
  topOrigin?: string;
  /** All of them unless told. */
  abilities?: GrantAbility[];
  limits?: GrantLimits;
  rules?: Partial<GrantRules>;
  /** What activity keeps. */
  history?: HistoryLevel;
}

/** Puts `globalThis.switchboard` on the page that calls it. */
export function exposeAutomation(): void {
  Object.defineProperty(globalThis, 'switchboard', { value: automation, enumerable: true });
}

const automation: Automation = deepFrozen({
  async ready() {
    await request('ready', {});
  },
  connections: {
    save: (connection) => saveConnection(connection),
    async list() {
      const connections = await listConnections();
      return await Promise.all(connections.map(async (connection) => ({ ...connection, secrets: await secretNames(connection.id) })));
    },
    test: async (id) => await request('connections.test', { connectionId: parse(text, id, 'connections.test') }),
    remove: async (id) => await removeConnection(parse(text, id, 'connections.remove')),
  },
  secrets: {
    set: async (connectionId, value, name) => await setSecret(parse(text, connectionId, 'secrets.set'), value, name),
  },
  defaults: {
    set: async (defaults) => await setDefaults(parse(defaultsSchema, defaults, 'defaults.set')),
    get: () => getDefaults(),
  },
  grants: {
    async set(grant) {
      const { models, ...rest } = parse(grantSchema, grant, 'grants.set');
      return await setGrant({ ...rest, ...(models && { models: await grantedModels(models) }) });
    },
    list: () => listGrants(),
    revoke: async (origin) => await revokeGrant(parse(text, origin, 'grants.revoke')),
    pause: async (isPaused) => await setSwitches({ isPaused: parse(z.boolean(), isPaused, 'grants.pause') }),
  },
  ondevice: {
    async add(source, name) {
      if (typeof source !== 'string') return (await addModel(source, name)).id;
      let id = '';
      for await (const parts of stream('engine.add', { url: source, ...(name !== undefined && { name }) })) {
        for (const part of parts) if (part.type === 'end') id = part.model ?? '';
      }
      return id;
    },
    connectDemo: () => connectDemoModel(),
  },
  activity: {
    list: async (filter = {}) => await listActivity(parse(filterSchema, filter, 'activity.list')),
  },
});

const text = lazy(() => z.string().check(z.minLength(1)));
const defaultsSchema = lazy(() => z.object({ connectionId: text(), model: z.exactOptional(z.string()) }));
const filterSchema = lazy(() => z.object({ origin: z.exactOptional(text()), limit: z.exactOptional(z.int().check(z.minimum(1))) }));
const grantSchema = lazy(() =>
  z.strictObject({
    origin: text(),
    models: z.exactOptional(z.array(z.union([text(), z.object({ connectionId: text(), model: text() })]))),
    decision: z.exactOptional(decisionSchema()),
    topOrigin: z.exactOptional(text()),
    abilities: z.exactOptional(abilitiesSchema()),
    limits: z.exactOptional(limitsSchema()),
    rules: z.exactOptional(someRulesSchema()),
    history: z.exactOptional(historySchema()),
  }),
);

async function grantedModels(names: NonNullable<GrantRequest['models']>): Promise<GrantedModel[]> {
  return await Promise.all(names.map(grantedModel));
}

/** As written where a connection is named; otherwise of the first connection that has it, the default before the others. */
async function grantedModel(wanted: string | { connectionId: string; model: string }): Promise<GrantedModel> {
  const name = typeof wanted === 'string' ? wanted : `${wanted.connectionId}/${wanted.model}`;
  if (name === '*') return { connectionId: '*', model: '*' };
  const defaults = await getDefaults();
  const connections = (await listConnections()).toSorted(
    (one, other) => Number(other.id === defaults?.connectionId) - Number(one.id === defaults?.connectionId),
  );
  const named = connections.find(({ id }) => name.startsWith(`${id}/`));
  if (named) return { connectionId: named.id, model: name.slice(named.id.length + 1), revision: named.revision };
  for (const connection of connections) {
    if (await hasModel(connection, name, defaults)) return { connectionId: connection.id, model: name, revision: connection.revision };
  }
  throw new SwitchboardError(
    'model-not-found',
    `No connection has a model "${name.slice(0, 100)}". Name one that connections.test(id) lists, or "*" for any.`,
  );
}

async function hasModel({ id, model }: Connection, name: string, defaults: Defaults | undefined): Promise<boolean> {
  if (model === name || (defaults?.connectionId === id && defaults.model === name)) return true;
  const known = (await cachedModels(id)) ?? [];
  if (known.some((each) => each.id === name)) return true;
  // A server that is down has no models to grant.
  const listed = await request('connections.models', { connectionId: id, refresh: true }).catch(() => []);
  return listed.some((each) => each.id === name);
}

function deepFrozen<Value extends object>(value: Value): Value {
  for (const each of Object.values(value)) if (typeof each === 'object' && each !== null) deepFrozen(each);
  return Object.freeze(value);
}
