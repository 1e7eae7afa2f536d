import { createItem } from '../storage/item.ts';
import type { ModelWork } from './model-work.ts';

/** What is at work, for the next background of this session: should this one die, the user hears of it there. */
export interface Journal {
  /** What an earlier background left unfinished. */
  read(): Promise<ModelWork[]>;
  keep(running: ModelWork[]): Promise<void>;
}

const item = createItem<ModelWork[]>({
  area: 'session',
  key: 'model-work',
  fallback: [],
  parse: (stored) => [...(stored as ModelWork[])],
});

export const sessionJournal: Journal = {
  read: () => item.fresh(),
  keep: async (running) => void (await item.update((before) => (before.length + running.length === 0 ? before : running))),
};
