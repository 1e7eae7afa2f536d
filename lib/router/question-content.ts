import type { Connection, Defaults } from '../connections/connection.ts';
import { whereabouts } from '../connections/whereabouts.ts';
import { consentLimits, consentMoneyLimits } from '../permissions/limits.ts';
import type { Choice, QuestionContent } from '../permissions/question.ts';
import type { ModelInfo } from '../protocol/model.ts';
import { costOf } from './cost.ts';
import type { ModelLists } from './model-lists.ts';
import { fullReach, inOrder, type Resolved, resolveModel } from './resolve.ts';

/** What the site wants, as far as it is known before anything runs. */
export interface Wanted {
  /** The models it named, the one it likes best first; empty for the default. */
  names: string[];
  reason?: string | undefined;
  promptPreview?: string;
  inputTokens?: number;
  outputTokens?: number | undefined;
  asksAccessOnly: boolean;
}

const maxWords = 300;
const maxChoices = 60;

/**
 * The question about it. A model the user does not have is asked about as their default, so that no page learns which
 * they have before they agree; `isAsNamed` says whether the question is about a model that was named.
 */
export async function questionContent(
  wanted: Wanted,
  connections: Connection[],
  defaults: Defaults | undefined,
  lists: ModelLists,
  signal: AbortSignal,
): Promise<{ content: QuestionContent; isAsNamed: boolean }> {
  const reach = fullReach(connections);
  const list = (connection: Connection) => lists.known(connection, signal);
  let named: Resolved | undefined;
  for (const name of wanted.names) named ??= await resolveModel(name, reach, defaults, list).catch(() => undefined);
  const { connection, model } = named ?? (await anyModel(connections, defaults, list));
  const info = await lists.info(connection, model);
  return {
    isAsNamed: named !== undefined,
    content: {
      connectionId: connection.id,
      connectionName: connection.name,
      backend: connection.backend,
      model,
      modelName: info?.name ?? (model === '*' ? connection.name : model),
      ...whereabouts(connection, connections),
      ...(wanted.reason && { reason: wanted.reason.slice(0, maxWords) }),
      ...(wanted.promptPreview && { promptPreview: wanted.promptPreview.slice(0, maxWords) }),
      ...estimate(wanted, info),
      limits: { ...consentLimits, ...(info?.price && consentMoneyLimits) },
      asksAccessOnly: wanted.asksAccessOnly,
      choices: await choices(connections, connection.id, model, lists),
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

function estimate({ inputTokens, outputTokens }: Wanted, info: ModelInfo | undefined): Pick<QuestionContent, 'estimate'> {
  if (inputTokens === undefined) return {};
  const microUsd = costOf({ inputTokens, outputTokens: outputTokens ?? 0 }, info?.price);
  return { estimate: { inputTokens, ...(outputTokens !== undefined && { outputTokens }), ...(microUsd !== undefined && { microUsd }) } };
}

/** Every other model known without asking any server. */
async function choices(connections: Connection[], shownConnection: string, shownModel: string, lists: ModelLists): Promise<Choice[]> {
  const found: Choice[] = [];
  for (const connection of connections) {
    const ids = new Set([...(connection.model ? [connection.model] : []), ...(await lists.cached(connection)).map(({ id }) => id)]);
    for (const model of ids) {
      if (connection.id === shownConnection && model === shownModel) continue;
      found.push({ connectionId: connection.id, connectionName: connection.name, model, ...whereabouts(connection, connections) });
    }
  }
  return found.slice(0, maxChoices);
}
