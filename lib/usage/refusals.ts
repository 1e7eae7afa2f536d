import type { ActivityEntry } from './activity.ts';

/** What a page that will not stop is told a hundred times a second stands in the list once. */
export interface Refusals {
  /** The entry to write for this refusal; nothing where the one that stands there says enough. */
  note(entry: ActivityEntry): ActivityEntry | undefined;
}

const togetherMs = 60_000;
const maxKept = 200;

/** One entry a minute for each asker, model and limit; it is written again each time its number has doubled. */
export function createRefusals(): Refusals {
  const latest = new Map<string, ActivityEntry & { times: number }>();
  return {
    note(entry) {
      const key = [entry.origin, entry.topOrigin, entry.connectionId, entry.model, entry.outcome, entry.limit].join('|');
      const known = latest.get(key);
      if (!known || Math.abs(entry.startedAt - known.startedAt) > togetherMs) {
        if (latest.size >= maxKept) latest.clear();
        latest.set(key, { ...entry, times: 1 });
        return entry;
      }
      known.times += 1;
      const { times } = known;
      return (times & (times - 1)) === 0 ? { ...known } : undefined;
    },
  };
}
