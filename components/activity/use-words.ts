import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ActivityEntry } from '../../lib/usage/activity.ts';
import { allTexts } from '../../lib/usage/history.ts';
import { activityKey } from '../../lib/usage/rows.ts';
import { searchText } from './entry-text.ts';
import { wordsOf } from './filter.ts';

/** Typing goes on for that long before the disk is asked. */
const quietMs = 150;

/** The entries that a search finds by the words that were kept of them, once those were read. */
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
    const timer = setTimeout(async () => {
      const hits = await entriesWithWords(entries, text, searchText, stop.signal).catch(() => none);
      if (stop.signal.aborted) return;
      found.value = hits;
      isSearching.value = false;
    }, quietMs);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [entries, text]);
  return { found: found.value, isSearching: isSearching.value };
}

/** Goes through all words that are kept, some hundreds of calls at a time; a word may also be in the line of the list (`lineOf`). */
export async function entriesWithWords(
  entries: readonly ActivityEntry[],
  text: string,
  lineOf: (entry: ActivityEntry) => string,
  signal: AbortSignal,
): Promise<ReadonlySet<ActivityEntry>> {
  const words = wordsOf(text);
  const kept = new Map(entries.filter(({ hasText }) => hasText).map((entry) => [activityKey(entry), entry]));
  const hits = new Set<ActivityEntry>();
  for await (const batch of allTexts()) {
    if (signal.aborted) break;
    for (const [key, { asked, answered }] of batch) {
      const entry = kept.get(key);
      const all = entry && `${lineOf(entry)} ${asked} ${answered}`.toLowerCase();
      if (all && words.every((word) => all.includes(word))) hits.add(entry);
    }
  }
  return hits;
}

const none: ReadonlySet<ActivityEntry> = new Set();
