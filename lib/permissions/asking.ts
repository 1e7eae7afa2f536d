import { createItem } from '../storage/item.ts';

/** A site that wanted a model but may not open a window without the user's click; the popup offers to allow it. */
export interface Asking {
  origin: string;
  tabId: number;
  at: number;
}

const maxListed = 20;

export async function listAsking(): Promise<Asking[]> {
  return await list.get();
}

export async function noteAsking(origin: string, tabId: number): Promise<void> {
  await list.update((all) => {
    if (all.some((each) => each.origin === origin && each.tabId === tabId)) return all;
    return [{ origin, tabId, at: Date.now() }, ...all].slice(0, maxListed);
  });
}

/** The site was answered, or its tab is gone. */
export async function forgetAsking(which: { origin: string } | { tabId: number }): Promise<void> {
  await list.update((all) => {
    const left = all.filter((each) => ('origin' in which ? each.origin !== which.origin : each.tabId !== which.tabId));
    return left.length === all.length ? all : left;
  });
}

export function watchAsking(listener: (asking: Asking[]) => void): () => void {
  return list.watch(listener);
}

const list = createItem<Asking[]>({ area: 'session', key: 'asking', fallback: [], parse: (stored) => [...(stored as Asking[])] });
