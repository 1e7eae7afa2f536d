import type { ActivityEntry } from '../../lib/usage/activity.ts';

/** What of the list is shown; empty means everything. */
export interface Filter {
  text: string;
  origin: string;
  model: string;
  outcome: '' | 'done' | 'failed';
  /** Days as date fields give them: `2026-01-31`. */
  from: string;
  to: string;
}

export const everything: Filter = { text: '', origin: '', model: '', outcome: '', from: '', to: '' };

export function isFiltered(filter: Filter): boolean {
  return Object.values(filter).some((value) => value !== '');
}

/** `textOf` is what the search looks through, in small letters; `byWords` are found by what else was kept of them. */
export function matching(
  entries: readonly ActivityEntry[],
  filter: Filter,
  textOf: (entry: ActivityEntry) => string,
  byWords: ReadonlySet<ActivityEntry> = new Set(),
): readonly ActivityEntry[] {
  if (!isFiltered(filter)) return entries;
  const words = wordsOf(filter.text);
  const from = filter.from === '' ? Number.NEGATIVE_INFINITY : midnight(filter.from);
  const to = filter.to === '' ? Number.POSITIVE_INFINITY : midnight(filter.to, 1);
  return entries.filter((entry) => {
    if (entry.startedAt < from || entry.startedAt >= to) return false;
    if (filter.origin !== '' && entry.origin !== filter.origin) return false;
    if (filter.model !== '' && entry.model !== filter.model) return false;
    if (filter.outcome !== '' && (entry.outcome === 'done') !== (filter.outcome === 'done')) return false;
    if (words.length === 0 || byWords.has(entry)) return true;
    const text = textOf(entry);
    return words.every((word) => text.includes(word));
  });
}

/** What all has to be there, in small letters. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/** The user's own midnight of that day, or so many days later. */
function midnight(day: string, later = 0): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later).getTime();
}

/** The different values of one field, the most frequent first. */
export function choicesOf(entries: readonly ActivityEntry[], field: 'origin' | 'model'): string[] {
  const counts = new Map<string, number>();
  for (const entry of entries) counts.set(entry[field], (counts.get(entry[field]) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one).map(([value]) => value);
}
