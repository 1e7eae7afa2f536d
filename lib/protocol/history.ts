/** What activity keeps of a call: nothing, who and how much, or the words as well. */
export const historyLevels = ['off', 'meta', 'full'] as const;
export type HistoryLevel = (typeof historyLevels)[number];
