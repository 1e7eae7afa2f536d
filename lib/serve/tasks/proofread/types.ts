import type { Correction } from './corrections.ts';

export const correctionTypes = ['spelling', 'punctuation', 'capitalization', 'grammar'] as const;

export type CorrectionType = (typeof correctionTypes)[number];

/** What kind of mistake it was, as far as the two texts alone tell. */
export function typesByLook(original: string, { startIndex, endIndex, correction }: Correction): CorrectionType[] {
  const wrong = original.slice(startIndex, endIndex);
  const types: CorrectionType[] = [];
  const [bare, newBare] = [letters(wrong), letters(correction)];
  if (bare !== newBare && bare.toLowerCase() === newBare.toLowerCase()) types.push('capitalization');
  if (marks(wrong) !== marks(correction)) types.push('punctuation');
  if (bare.toLowerCase() !== newBare.toLowerCase()) types.unshift(isMisspelt(wrong, correction) ? 'spelling' : 'grammar');
  // Nothing but blanks: words were written together, or apart.
  return types.length > 0 ? types : ['spelling'];
}

function letters(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}

function marks(text: string): string {
  return text.replace(/[\p{L}\p{M}\p{N}\s]/gu, '');
}

/** One word for one word, and few letters apart or in another order. */
function isMisspelt(wrong: string, correction: string): boolean {
  const [words, newWords] = [wrong, correction].map((text) => text.trim().toLowerCase().split(/\s+/));
  if (words?.length !== newWords?.length) return false;
  if (inOrder(wrong) === inOrder(correction)) return true;
  return distance(words?.join(' ') ?? '', newWords?.join(' ') ?? '') <= Math.max(1, Math.floor(wrong.length / 3));
}

function inOrder(text: string): string {
  return [...letters(text).toLowerCase()].sort().join('');
}

/** Letters to change, put in or leave out. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = (row[j - 1] as number) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[other.length] as number;
}
