import { createItem } from '../storage/item.ts';
import { type GrantAbility, isSameSubject, type Subject } from './grant.ts';

/** A site that wanted a model, or more than it has, but may not open a window without the user's click; the popup offers to allow it. */
export interface Asking extends Subject {
  tabId: number;
  at: number;
  /** What its call needs. */
  abilities: GrantAbility[];
}

const maxListed = 20;

export async function listAsking(): Promise<Asking[]> {
  return await list.get();
}

export async function noteAsking(asking: Omit<Asking, 'at'>): Promise<void> {
  await list.update((all) => {
    const known = all.find((each) => isSameSubject(each, asking) && each.tabId === asking.tabId);
    if (known && asking.abilities.every((ability) => known.abilities.includes(ability))) return all;
    const abilities = [...new Set([...(known?.abilities ?? []), ...asking.abilities])];
    return [{ ...asking, abilities, at: Date.now() }, ...all.filter((each) => each !== known)].slice(0, maxListed);
  });
}

/** The subject was answered, or its tab is gone. */
export async function forgetAsking(which: Subject | { tabId: number }): Promise<void> {
  await list.update((all) => {
    const left = all.filter((each) => ('origin' in which ? !isSameSubject(each, which) : each.tabId !== which.tabId));
    return left.length === all.length ? all : left;
  });
}

/** Nothing of private windows outlives them. */
export async function forgetPrivateAsking(): Promise<void> {
  await list.update((all) => (all.some(({ isPrivate }) => isPrivate) ? all.filter(({ isPrivate }) => !isPrivate) : all));
}

export function watchAsking(listener: (asking: Asking[]) => void): () => void {
  return list.watch(listener);
}

const list = createItem<Asking[]>({
  area: 'session',
  key: 'asking',
  version: 2,
  fallback: [],
  parse: (stored) => [...(stored as Asking[])],
});
