import type { Connection, Defaults } from '../connections/connection.ts';
import { whereabouts } from '../connections/whereabouts.ts';
import type { Grant, GrantAbility, GrantLimits } from '../permissions/grant.ts';
import { consentLimits, consentMoneyLimits } from '../permissions/limits.ts';
import type { Choice, Held, QuestionContent } from '../permissions/question.ts';
import type { ModelInfo, Place } from '../protocol/model.ts';
import { ownPrice } from '../usage/prices.ts';
import { costOf, priceOf } from './cost.ts';
import type { ModelLists } from './model-lists.ts';
import { covers, fullReach, inOrder, type Resolved, reachOf, resolveModel } from './resolve.ts';

/** What the site wants, as far as it is known before anything runs. */
export interface Wanted {
  /** The models it named, the one it likes best first; empty for the default. */
  names: string[];
  reason?: string | undefined;
  promptPreview?: string;
  inputTokens?: number;
  outputTokens?: number | undefined;
  asksAccessOnly: boolean;
  /** What its grant must allow. */
  abilities: GrantAbility[];
  /** What else the user is offered to allow, where nothing is granted yet; `chat` and `list` where nothing is said. */
  offered?: GrantAbility[];
}

/** What asks for it may come before what makes it (lib/serve/late-code.ts). */
export type Describe = typeof questionContent;

const maxWords = 300;
const maxChoices = 60;

/**
 * The question about it. A model the user does not have is asked about as their default, so that no page learns which
 * they have before they agree; `isAsNamed` says whether the question is about a model that was named.
 */
export async function questionContent(
  wanted: Wanted,
  connections: Connection[],
  grants: Grant[],
  defaults: Defaults | undefined,
  lists: ModelLists,
  signal: AbortSignal,
): Promise<{ content: QuestionContent; isAsNamed: boolean }> {
  if (connections.length === 0) return { content: unconnected(wanted), isAsNamed: false };
  const reach = fullReach(connections);
  const list = (connection: Connection) => lists.known(connection, signal);
  let named: Resolved | undefined;
  for (const name of wanted.names) named ??= await resolveModel(name, reach, defaults, list).catch(() => undefined);
  // Who asks for more keeps the model that it has.
  const granted = wanted.names.length === 0 ? reachOf(grants, connections) : [];
  const kept = granted.length > 0 ? await resolveModel(undefined, granted, defaults, list).catch(() => undefined) : undefined;
  const { connection, model } = named ?? kept ?? (await anyModel(connections, defaults, list));
  const info = await lists.info(connection, model);
  const where = whereabouts(connection, connections);
  const cost = await costs(wanted, connection.id, model, info, where.place);
  const held = heldOf(grants, connections, connection, model);
  return {
    isAsNamed: named !== undefined,
    content: {
      connectionId: connection.id,
      connectionName: connection.name,
      backend: connection.backend,
      model,
      modelName: info?.name ?? (model === '*' ? connection.name : model),
      ...where,
      ...(wanted.reason && { reason: wanted.reason.slice(0, maxWords) }),
      ...(wanted.promptPreview && { promptPreview: wanted.promptPreview.slice(0, maxWords) }),
      ...cost,
      abilities: [...new Set<GrantAbility>([...(held?.abilities ?? wanted.offered ?? ['chat', 'list']), ...wanted.abilities])],
      limits: fitting(held?.limits ?? { ...consentLimits, ...(cost.mayCost && consentMoneyLimits) }, wanted),
      ...(held && { held }),
      asksAccessOnly: wanted.asksAccessOnly,
      choices: await choices(wanted, connections, connection.id, model, lists),
    },
  };
}

/** The default; where its server cannot be asked for a model, whatever it has. */
async function anyModel(connections: Connection[], defaults: Defaults | undefined, list: (connection: Connection) => Promise<ModelInfo[]>) {
  const reach = fullReach(connections);
  const resolved = await resolveModel(undefined, reach, defaults, list).catch(() => undefined);
  if (resolved) return resolved;
  const [first] = inOrder(reach, defaults);
  if (!first) throw new RangeError('no connection to ask about');
  return { connection: first.connection, model: '*' };
}

/** What the site holds already. Its strongest grant says to what it is held. */
function heldOf(grants: Grant[], connections: Connection[], connection: Connection, model: string): Held | undefined {
  const [strongest] = grants;
  if (!strongest) return undefined;
  return {
    hasModel: covers(reachOf(grants, connections), connection, model),
    abilities: [...new Set(grants.flatMap(({ abilities }) => abilities))],
    limits: strongest.limits,
  };
}

/** Limits within which the call that asks can run: whoever says yes to it means that it does. */
function fitting(limits: GrantLimits, { inputTokens = 0, outputTokens = 0 }: Wanted): GrantLimits {
  const { inputTokensPerCall, tokensPerDay } = limits;
  const round = (tokens: number) => Math.ceil(tokens / 1_000) * 1_000;
  return {
    ...limits,
    ...(inputTokensPerCall !== undefined && inputTokens > inputTokensPerCall && { inputTokensPerCall: round(inputTokens * 1.25) }),
    ...(tokensPerDay !== undefined &&
      inputTokens + outputTokens > tokensPerDay && { tokensPerDay: round((inputTokens + outputTokens) * 4) }),
  };
}

/** Nothing is connected: what the page is told of that must not differ from a no. */
function unconnected({ reason, asksAccessOnly }: Wanted): QuestionContent {
  return {
    isUnconnected: true,
    connectionId: '',
    connectionName: '',
    backend: 'custom',
    model: '',
    modelName: '',
    place: 'device',
    abilities: [],
    limits: {},
    choices: [],
    asksAccessOnly,
    ...(reason && { reason: reason.slice(0, maxWords) }),
  };
}

/** What the call will take, and whether the model costs anything at all. */
async function costs(
  { inputTokens, outputTokens }: Wanted,
  connectionId: string,
  model: string,
  info: ModelInfo | undefined,
  place: Place,
): Promise<Pick<Choice, 'estimate' | 'mayCost'>> {
  const price = priceOf(await ownPrice(connectionId, model), info?.price, place);
  const mayCost = !price || Object.values(price).some((each) => each > 0);
  const longest = outputTokens ?? Math.min(info?.maxOutputTokens ?? Number.POSITIVE_INFINITY, consentLimits.outputTokensPerCall ?? 0);
  const microUsd = inputTokens === undefined ? undefined : costOf({ inputTokens, outputTokens: longest }, price);
  return {
    ...(inputTokens !== undefined && {
      estimate: { inputTokens, ...(outputTokens !== undefined && { outputTokens }), ...(microUsd !== undefined && { microUsd }) },
    }),
    ...(mayCost && { mayCost }),
  };
}

/** Every other model known without asking any server. */
async function choices(
  wanted: Wanted,
  connections: Connection[],
  shownConnection: string,
  shownModel: string,
  lists: ModelLists,
): Promise<Choice[]> {
  const found: Choice[] = [];
  for (const connection of connections) {
    const cached = await lists.cached(connection);
    const where = whereabouts(connection, connections);
    for (const model of new Set([...(connection.model ? [connection.model] : []), ...cached.map(({ id }) => id)])) {
      if (connection.id === shownConnection && model === shownModel) continue;
      if (found.length === maxChoices) return found;
      const info = cached.find(({ id }) => id === model);
      found.push({
        connectionId: connection.id,
        connectionName: connection.name,
        model,
        ...(info?.name !== undefined && { modelName: info.name }),
        ...where,
        ...(await costs(wanted, connection.id, model, info, where.place)),
      });
    }
  }
  return found;
}
