import { type HistoryLevel, historyLevels } from '../protocol/history.ts';
import { createItem } from '../storage/item.ts';

/** What the user decided for all sites together. */
export interface Switches {
  /** No site gets an answer until the user says so. */
  isPaused: boolean;
  /** Private windows use what ordinary windows were granted, for good and for the session. */
  privateInherits: boolean;
  /** What activity keeps of sites that are allowed from now on. */
  history: HistoryLevel;
}

export const usualSwitches: Switches = { isPaused: false, privateInherits: false, history: 'meta' };

export async function getSwitches(isFresh = false): Promise<Switches> {
  return await (isFresh ? item.fresh() : item.get());
}

export async function setSwitches(change: Partial<Switches>): Promise<void> {
  await item.update((before) => ({ ...before, ...change }));
}

export function watchSwitches(listener: (switches: Switches) => void): () => void {
  return item.watch(listener);
}

const item = createItem<Switches>({ area: 'local', key: 'switches', fallback: usualSwitches, parse: readSwitches, hasCopy: true });

function readSwitches(stored: unknown): Switches {
  const { isPaused, privateInherits, history } = stored as Partial<Switches>;
  if (typeof isPaused !== 'boolean') throw new TypeError('not the switches');
  const isLevel = historyLevels.some((level) => level === history);
  return { isPaused, privateInherits: privateInherits === true, history: isLevel ? (history as HistoryLevel) : 'meta' };
}
