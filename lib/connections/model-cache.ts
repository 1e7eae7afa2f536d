import { browser } from 'wxt/browser';
import type { ModelInfo } from '../protocol/model.ts';
import { hearStorage } from '../storage/changes.ts';
import { createItem, type Item } from '../storage/item.ts';

/** What a backend listed last, so that names, prices and windows are known without asking it again. */
export interface ModelList {
  models: ModelInfo[];
  /** Milliseconds since 1970. */
  at: number;
}

/** Most entries kept of one list. OpenRouter, the longest, has some 400. */
const maxModels = 5_000;
const maxIdLength = 500;
const maxTextLength = 300;

export async function cachedModels(connectionId: string): Promise<ModelInfo[] | undefined> {
  return (await cachedModelList(connectionId))?.models;
}

/** The list with its age. */
export async function cachedModelList(connectionId: string): Promise<ModelList | undefined> {
  return await itemOf(connectionId).get();
}

/** Keeps the list, without duplicates, absurd ids and endless descriptions; returns what it kept. */
export async function rememberModels(connectionId: string, models: ModelInfo[]): Promise<ModelInfo[]> {
  const kept = new Map<string, ModelInfo>();
  for (const model of models) {
    if (kept.size === maxModels) break;
    if (model.id === '' || model.id.length > maxIdLength || kept.has(model.id)) continue;
    kept.set(model.id, shortened(model));
  }
  const list = { models: [...kept.values()], at: Date.now() };
  await itemOf(connectionId).update(() => list);
  return list.models;
}

export async function forgetModels(connectionId: string): Promise<void> {
  await browser.storage.local.remove(keyOf(connectionId));
}

/** Calls back with the connection whose list changed; returns its undo. */
export function watchModelCache(listener: (connectionId: string, models: ModelInfo[]) => void): () => void {
  return hearStorage((changes, area) => {
    if (area !== 'local') return;
    for (const key of Object.keys(changes)) {
      if (!key.startsWith(keyOf(''))) continue;
      const connectionId = key.slice(keyOf('').length);
      // Fresh: whether the item heard of the change before us is chance.
      void itemOf(connectionId)
        .fresh()
        .then((list) => listener(connectionId, list?.models ?? []));
    }
  });
}

const items = new Map<string, Item<ModelList | undefined>>();

function itemOf(connectionId: string): Item<ModelList | undefined> {
  const item =
    items.get(connectionId) ??
    createItem<ModelList | undefined>({ area: 'local', key: keyOf(connectionId), fallback: undefined, parse: readList });
  items.set(connectionId, item);
  return item;
}

function keyOf(connectionId: string): string {
  return `models:${connectionId}`;
}

/** Written by `rememberModels` alone, so the outline is enough to tell it from damage. */
function readList(stored: unknown): ModelList {
  const { models, at } = stored as ModelList;
  if (!Array.isArray(models) || typeof at !== 'number') throw new TypeError('not a list of models');
  return { models, at };
}

function shortened(model: ModelInfo): ModelInfo {
  const { name, description, ...rest } = model;
  return {
    ...rest,
    ...(name !== undefined && { name: name.slice(0, maxTextLength) }),
    ...(description !== undefined && { description: description.slice(0, maxTextLength) }),
  };
}
