import type { Connection, Defaults } from '../connections/connection.ts';
import type { Grant } from '../permissions/grant.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import type { ModelInfo } from '../protocol/model.ts';
import { firstUsable } from './pool-model.ts';

/** A connection the caller may use, for one model or, without `model`, for any of it. */
export interface Reach {
  connection: Connection;
  model?: string;
  /** Absent for our own pages, which may use everything. */
  grant?: Grant;
}

export interface Resolved {
  connection: Connection;
  model: string;
  grant?: Grant;
}

/** Lists the models of a connection; may ask its backend. */
export type ListModels = (connection: Connection) => Promise<ModelInfo[]>;

/** What the grants amount to with the connections as they are: what was granted for another revision is void. */
export function reachOf(grants: Grant[], connections: Connection[]): Reach[] {
  const reach: Reach[] = [];
  for (const grant of grants) {
    for (const { connectionId, model, revision } of grant.models) {
      for (const connection of connections) {
        const isMeant = connectionId === '*' || (connection.id === connectionId && connection.revision === revision);
        if (isMeant) reach.push({ connection, grant, ...(model !== '*' && { model }) });
      }
    }
  }
  return reach;
}

/** Everything, as our own pages may use it. */
export function fullReach(connections: Connection[]): Reach[] {
  return connections.map((connection) => ({ connection }));
}

export function covers(reach: Reach[], connection: Connection, model: string): boolean {
  return reach.some((each) => each.connection.id === connection.id && (each.model === undefined || each.model === model));
}

/** Names that stand for the default model. */
export function isDefaultName(name: string | undefined): boolean {
  return name === undefined || name === '' || name === 'default';
}

/**
 * The model a caller means, within its reach: its default, `connectionId/model`, or the bare id of a model of any
 * connection, the default connection first. Nothing where no such model is in reach.
 */
export async function resolveModel(
  name: string | undefined,
  reach: Reach[],
  defaults: Defaults | undefined,
  list: ListModels,
): Promise<Resolved | undefined> {
  const ordered = inOrder(reach, defaults);
  if (name === undefined || isDefaultName(name)) {
    const [first] = ordered;
    return first && { ...first, model: await defaultModel(first, defaults, list) };
  }
  return (await findExact(name, ordered, list)) ?? (await findBare(name, ordered, defaults, list));
}

/** The user's active model first, then the rest of the active connection, then the others as they were granted. */
export function inOrder(reach: Reach[], defaults: Defaults | undefined): Reach[] {
  const rank = ({ connection, model }: Reach) => {
    if (connection.id !== defaults?.connectionId) return 2;
    const preferred = defaults.model ?? connection.model;
    return model === undefined || model === preferred ? 0 : 1;
  };
  return reach.toSorted((one, other) => rank(one) - rank(other));
}

/** The model of this reach when none is named. */
export async function defaultModel({ connection, model }: Reach, defaults: Defaults | undefined, list: ListModels): Promise<string> {
  const chosen = model ?? (defaults?.connectionId === connection.id ? defaults.model : undefined) ?? connection.model;
  if (chosen !== undefined) return chosen;
  const first = firstUsable(await list(connection));
  if (first) return first.id;
  throw new SwitchboardError(
    'not-configured',
    `"${connection.name}" lists no model. Load one there, or name one in the connection's settings.`,
  );
}

async function findExact(name: string, reach: Reach[], list: ListModels): Promise<Resolved | undefined> {
  for (const each of reach) {
    const prefix = `${each.connection.id}/`;
    if (!name.startsWith(prefix)) continue;
    const model = name.slice(prefix.length);
    if (each.model === model || (each.model === undefined && (await hasModel(each.connection, model, list)))) return { ...each, model };
  }
  return undefined;
}

async function findBare(name: string, reach: Reach[], defaults: Defaults | undefined, list: ListModels): Promise<Resolved | undefined> {
  const named = reach.find(({ model }) => model === name);
  if (named) return { ...named, model: name };
  const open = reach.filter(({ model }) => model === undefined);
  // What the user configured needs no list to be believed.
  const configured = open.find(
    ({ connection }) => connection.model === name || (defaults?.connectionId === connection.id && defaults.model === name),
  );
  if (configured) return { ...configured, model: name };
  for (const each of open) if (await hasModel(each.connection, name, list)) return { ...each, model: name };
  return undefined;
}

async function hasModel(connection: Connection, model: string, list: ListModels): Promise<boolean> {
  if (connection.model === model) return true;
  // A server that is down hides its models, not those of the others.
  const models = await list(connection).catch((): ModelInfo[] => []);
  return models.some(({ id }) => id === model);
}
