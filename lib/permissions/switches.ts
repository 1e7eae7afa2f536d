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
  return await (isFresh ? switches.fresh() : switches.get());
}

export async function setSwitches(change: Partial<Switches>): Promise<void> {
  await switches.update((before) => ({ ...before, ...change }));
}

export function watchSwitches(listener: (value: Switches) => void): () => void {
  return switches.watch(listener);
}

export const switches = createItem<Switches>({
  area: 'local',
  key: 'switches',
  fallback: usualSwitches,
  parse: readSwitches,
  hasCopy: true,
});

/** Throws on what is not the switches. */
export function readSwitches(stored: unknown): Switches {
  const { isPaused, privateInherits, history } = stored as Partial<Switches>;
  if (typeof isPaused !== 'boolean') throw new TypeError('not the switches');
  const isLevel = historyLevels.some((level) => level === history);
  return { isPaused, privateInherits: privateInherits === true, history: isLevel ? (history as HistoryLevel) : 'meta' };
}
