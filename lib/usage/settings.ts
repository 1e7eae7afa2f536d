import { type HistoryLevel, historyLevels } from '../protocol/history.ts';
import { createItem } from '../storage/item.ts';

/** How activity and spending are kept and bounded, over all sites and the user's own chats. */
export interface UsageSettings {
  /** Days after which, and the number above which, entries are dropped. */
  keepDays: number;
  keepEntries: number;
  /** Of the user's own chats, whose words the chat itself keeps. */
  ownHistory: HistoryLevel;
  /** The most that may be spent on a day in all, in millionths of a US dollar; absent means no limit. */
  microUsdPerDay?: number;
  /** The same for single connections, by id. */
  connections: Readonly<Record<string, number>>;
}

/** Ten dollars a day is more than anybody means to spend by accident. */
export const usualUsageSettings: UsageSettings = {
  keepDays: 90,
  keepEntries: 50_000,
  ownHistory: 'meta',
  microUsdPerDay: 10_000_000,
  connections: {},
};

export async function getUsageSettings(): Promise<UsageSettings> {
  return await usageSettings.get();
}

export async function changeUsageSettings(change: (settings: UsageSettings) => UsageSettings): Promise<void> {
  await usageSettings.update(change);
}

export function watchUsageSettings(listener: (settings: UsageSettings) => void): () => void {
  return usageSettings.watch(listener);
}

export const usageSettings = createItem<UsageSettings>({
  area: 'local',
  key: 'usage-settings',
  fallback: usualUsageSettings,
  parse: readUsageSettings,
  hasCopy: true,
});

/** Throws on what is not the settings. */
export function readUsageSettings(stored: unknown): UsageSettings {
  const { keepDays, keepEntries, ownHistory, microUsdPerDay, connections } = stored as Partial<UsageSettings>;
  const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
  if (!isCount(keepDays) || !isCount(keepEntries)) throw new TypeError('not the settings');
  return {
    keepDays,
    keepEntries,
    ownHistory: historyLevels.find((level) => level === ownHistory) ?? 'meta',
    ...(isCount(microUsdPerDay) && { microUsdPerDay }),
    connections: Object.fromEntries(Object.entries(connections ?? {}).filter(([, limit]) => isCount(limit))),
  };
}
