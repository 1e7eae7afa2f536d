import { compare } from './compare.ts';

/** One thing that was wrong: the text from start to end of the original, in UTF-16 units, becomes `correction`. */
export interface Correction {
  startIndex: number;
  endIndex: number;
  correction: string;
}

/** What has to be done to a text, from its beginning to its end, to make the corrected one of it. Each touches a word where it can: a page wants to mark it. */
export function findCorrections(original: string, corrected: string): Correction[] {
  const [words, newWords] = [wordsOf(original), wordsOf(corrected)];
  const [places, newPlaces] = [placesOf(words), placesOf(newWords)];
  const found: Correction[] = [];
  for (const { from, to } of compare(words, newWords)) {
    const [first, last] = widened(words, from);
    const kept = [from[0] - first, last - from[1]] as const;
    const correction = corrected.slice(newPlaces[to[0] - kept[0]], newPlaces[to[1] + kept[1]]);
    const [startIndex, endIndex] = [places[first] as number, places[last] as number];
    const before = found.at(-1);
    if (before && before.endIndex > startIndex) {
      // Both wanted the same word between them.
      before.correction += corrected.slice(newPlaces[to[0]], newPlaces[to[1] + kept[1]]);
      before.endIndex = endIndex;
    } else found.push({ startIndex, endIndex, correction });
  }
  return found;
}

/** What is only put in takes the word that it stands at along: `there` becomes `there.`, and `going` becomes `am going`. */
function widened(words: string[], [start, end]: [number, number]): [number, number] {
  if (start < end) return [start, end];
  if (isWord(words[start - 1])) return [start - 1, end];
  if (isWord(words[end])) return [start, end + 1];
  return [start, end];
}

function isWord(text: string | undefined): boolean {
  return text !== undefined && /[\p{L}\p{N}]/u.test(text);
}

/** Words, marks and blanks, which together are the text. */
function wordsOf(text: string): string[] {
  return [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)].map(({ segment }) => segment);
}

/** Where each of them begins, and where the last one ends. */
function placesOf(words: string[]): number[] {
  const places = [0];
  for (const word of words) places.push((places.at(-1) as number) + word.length);
  return places;
}

/** How much of the longer of two texts is in the other, 0 to 1. */
export function likeness(original: string, corrected: string): number {
  const [words, newWords] = [wordsOf(original), wordsOf(corrected)].map((list) =>
    list.filter((word) => isWord(word)).map((word) => word.toLowerCase()),
  );
  if (!words || !newWords || words.length === 0 || newWords.length === 0) return original === corrected ? 1 : 0;
  const left = new Map<string, number>();
  for (const word of words) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of newWords) {
    const count = left.get(word) ?? 0;
    if (count > 0) shared += 1;
    left.set(word, count - 1);
  }
  return shared / Math.max(words.length, newWords.length);
}
