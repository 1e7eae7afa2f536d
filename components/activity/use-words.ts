import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ActivityEntry } from '../../lib/usage/activity.ts';
import { textsOf } from '../../lib/usage/history.ts';
import { activityKey } from '../../lib/usage/rows.ts';
import { searchText } from './entry-text.ts';
import { wordsOf } from './filter.ts';

/** Typing goes on for that long before the disk is asked. */
const quietMs = 150;

/** The entries that a search finds by the words that were kept of them, the newest first. */
export function useWords(entries: readonly ActivityEntry[], text: string): { found: ReadonlySet<ActivityEntry>; isSearching: boolean } {
  const found = useSignal<ReadonlySet<ActivityEntry>>(none);
  const isSearching = useSignal(false);
  useEffect(() => {
    const isWanted = wordsOf(text).length > 0 && entries.some(({ hasText }) => hasText);
    isSearching.value = isWanted;
    if (!isWanted) {
      found.value = none;
      return;
    }
    const stop = new AbortController();
    found.value = none;
    const timer = setTimeout(async () => {
      const show = (hits: ReadonlySet<ActivityEntry>) => (found.value = hits);
      await entriesWithWords(entries, text, searchText, { show, signal: stop.signal }).catch(() => {});
      if (!stop.signal.aborted) isSearching.value = false;
    }, quietMs);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [entries, text]);
  return { found: found.value, isSearching: isSearching.value };
}

/** Goes through the words, newest first, and shows what was found so far; a word may also be in the line of the list (`lineOf`). */
export async function entriesWithWords(
  entries: readonly ActivityEntry[],
  text: string,
  lineOf: (entry: ActivityEntry) => string,
  { show, signal }: { show(found: ReadonlySet<ActivityEntry>): void; signal: AbortSignal },
): Promise<void> {
  const words = wordsOf(text);
  const kept = new Map(entries.filter(({ hasText }) => hasText).map((entry) => [activityKey(entry), entry]));
  const hits = new Set<ActivityEntry>();
  for await (const batch of textsOf(entries)) {
    if (signal.aborted) return;
    const before = hits.size;
    for (const [key, { asked, answered }] of batch) {
      const entry = kept.get(key);
      const all = entry && `${lineOf(entry)} ${asked} ${answered}`.toLowerCase();
      if (all && words.every((word) => all.includes(word))) hits.add(entry);
    }
    if (hits.size > before) show(new Set(hits));
  }
}

const none: ReadonlySet<ActivityEntry> = new Set();
