import type { Connection, Defaults } from '../connections/connection.ts';
import { whereabouts } from '../connections/whereabouts.ts';
import type { ModelInfo, PageModel, Place } from '../protocol/model.ts';
import { defaultModel, inOrder, type ListModels, type Reach } from './resolve.ts';

/**
 * The models in reach as a page sees them, its default first. The id is the backend's own; where two connections have
 * the same, the later one is `connectionId/model`. `connections`: all of them, for the places of pools.
 */
export async function pageModels(
  reach: Reach[],
  defaults: Defaults | undefined,
  list: ListModels,
  connections: Connection[] = [],
): Promise<PageModel[]> {
  const models = new Map<string, PageModel>();
  const taken = new Set<string>();
  const ordered = inOrder(reach, defaults);
  for (const [index, each] of ordered.entries()) {
    const listed = await list(each.connection).catch((): ModelInfo[] => []);
    for (const model of await modelsOf(each, index === 0, listed, defaults, list)) {
      const exactId = `${each.connection.id}/${model.id}`;
      if (models.has(exactId)) continue;
      const id = taken.has(model.id) ? exactId : model.id;
      taken.add(model.id);
      models.set(exactId, describe(each.connection, model, id, models.size === 0, whereabouts(each.connection, connections).place));
    }
  }
  return [...models.values()];
}

/** With the one that answers by default first. */
async function modelsOf(
  reach: Reach,
  isFirst: boolean,
  listed: ModelInfo[],
  defaults: Defaults | undefined,
  list: ListModels,
): Promise<ModelInfo[]> {
  const info = (id: string) => listed.find((model) => model.id === id) ?? { id };
  if (reach.model !== undefined) return [info(reach.model)];
  const first = isFirst ? await defaultModel(reach, defaults, list).catch(() => undefined) : reach.connection.model;
  return first === undefined ? listed : [info(first), ...listed.filter(({ id }) => id !== first)];
}

function describe(
  connection: Connection,
  { id: modelId, name, contextWindow, maxOutputTokens, abilities }: ModelInfo,
  id: string,
  isDefault: boolean,
  place: Place,
): PageModel {
  const window = connection.generation?.contextWindow ?? contextWindow;
  return {
    id,
    name: name ?? modelId,
    place,
    ...(window !== undefined && { contextWindow: window }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(abilities && { abilities }),
    isDefault,
  };
}
