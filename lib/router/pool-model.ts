import type { Connection } from '../connections/connection.ts';
import { poolConfig, poolMembers, poolModel } from '../connections/pool.ts';
import type { Ability, ModelInfo, Price } from '../protocol/model.ts';

/** What a connection lists, without asking anyone. */
type Cached = (connection: Connection) => Promise<ModelInfo[]>;

/** The one model of a pool, from what its members listed last: what is said of it holds whoever answers. */
export async function poolModelInfo(pool: Connection, connections: Connection[], cached: Cached): Promise<ModelInfo> {
  const known: ModelInfo[] = [];
  for (const { connection, model } of poolMembers(pool, connections)) {
    if (!connection) continue;
    const listed = await cached(connection);
    const id = model ?? connection.model ?? firstUsable(listed)?.id;
    const info = listed.find((each) => each.id === id) ?? { id: '' };
    const contextWindow = connection.generation?.contextWindow ?? info.contextWindow;
    known.push({ ...info, ...(contextWindow !== undefined && { contextWindow }) });
  }
  const contextWindow = smallest(known, 'contextWindow');
  const maxOutputTokens = smallest(known, 'maxOutputTokens');
  const abilities = commonAbilities(known, poolConfig(pool).strategy);
  const price = dearest(known);
  return {
    id: poolModel,
    name: pool.name,
    ...(contextWindow !== undefined && { contextWindow }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(abilities && { abilities }),
    ...(price && { price }),
  };
}

/** The model that answers when none is named. */
export function firstUsable(models: ModelInfo[]): ModelInfo | undefined {
  const canAnswer = models.filter(({ abilities }) => !abilities || abilities.includes('chat') || abilities.includes('text'));
  return canAnswer.find(({ loaded }) => loaded !== false) ?? canAnswer[0];
}

function smallest(models: ModelInfo[], name: 'contextWindow' | 'maxOutputTokens'): number | undefined {
  const sizes = models.flatMap((model) => model[name] ?? []);
  return sizes.length > 0 ? Math.min(...sizes) : undefined;
}

/** Equals can what all can, because any may be asked; of a chain, the first that can is asked. Unknown where a member is. */
function commonAbilities(models: ModelInfo[], strategy: 'fallback' | 'spread'): Ability[] | undefined {
  const sets = models.map(({ abilities }) => abilities);
  const [first, ...rest] = sets.filter((each) => each !== undefined);
  if (!first || rest.length + 1 < sets.length) return undefined;
  return strategy === 'spread'
    ? first.filter((ability) => rest.every((each) => each.includes(ability)))
    : [...new Set([...first, ...rest.flat()])];
}

/** What an answer can cost at most. */
function dearest(models: ModelInfo[]): Price | undefined {
  const prices = models.flatMap(({ price }) => price ?? []);
  if (prices.length === 0) return undefined;
  const most = (name: keyof Price) => Math.max(...prices.map((price) => price[name] ?? 0));
  const requestMicroUsd = most('requestMicroUsd');
  return {
    inputMicroUsdPerMillion: most('inputMicroUsdPerMillion'),
    outputMicroUsdPerMillion: most('outputMicroUsdPerMillion'),
    ...(requestMicroUsd > 0 && { requestMicroUsd }),
  };
}
