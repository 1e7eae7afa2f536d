import { towardsAfrikaans, towardsMalay } from './near.ts';
import type { Guess } from './open-cld3.ts';
import type { Languages } from './open-languages.ts';

/** How much a difference of scores says; found on 30 languages in phrases, sentences and paragraphs. */
const sharpness = 45;
/** What a text scores in its own language, and where it is hardly one. */
const usual = 0.7;
const poor = 0.35;

/**
 * The likely languages of one piece of text, with how likely each is; together less than 1 where it looks like none.
 * `letters`: how many it has; `expected`: as for `detect`.
 */
export function sharesOf(text: string, letters: number, languages: Languages, expected: string[]): [language: string, share: number][] {
  const scores = languages.common(text).map(([language, score]): [string, number] => [language, score + (head.get(language) ?? 0)]);
  const best = Math.max(0, ...scores.map(([, score]) => score));
  const rare = languages.rare(text);
  const likely = rare ? rare.probability / (1 + Math.exp(-oddsOf(rare, { text, letters, best, expected }))) : 0;
  const shares = commonShares(scores, best, letters).map(([language, share]): [string, number] => [
    tagOf(language, text),
    share * (1 - likely),
  ]);
  // A few letters look like something in any language.
  return rare ? [...shares, [rare.language, likely * Math.min(1, letters / 18)]] : shares;
}

function commonShares(scores: [string, number][], best: number, letters: number): [string, number][] {
  if (best === 0) return [];
  // One word is in many languages.
  const certainty = Math.min(1, (letters + 4) / 24);
  const known = Math.min(0.98, Math.max(0, (best - poor) / (usual - poor)));
  const weights = scores.map(([language, score]): [string, number] => [language, Math.exp((score - best) * sharpness * certainty)]);
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  return weights.filter(([, weight]) => weight / total > 0.005).map(([language, weight]) => [language, (weight / total) * known]);
}

/** What few people write against what many do. */
interface Case {
  text: string;
  letters: number;
  /** The best score of a common language. */
  best: number;
  expected: string[];
}

/** No answer is surer than that. */
const sure = 0.9995;
/** Found on phrases and sentences in 36 rare and 46 common languages; one common text lost counts as eight rare ones gained. */
const rarity = { letters: 32, slope: 12, from: 0.6 };
/** What a word of one language only adds, and that the page expects it. */
const hint = { word: 1.5, expected: 1 };

/** The logarithm of the odds that it is the rare language after all. */
function oddsOf({ language, probability }: Guess, { text, letters, best, expected }: Case): number {
  const p = Math.min(probability, sure);
  const told = Math.log(p / (1 - p)) * Math.min(1, letters / rarity.letters);
  const words = language === 'af' ? towardsAfrikaans(text) : 0;
  return told - rarity.slope * (best - rarity.from) + hint.word * words + (expects(expected, language) ? hint.expected : 0);
}

function expects(expected: string[], language: string): boolean {
  return expected.some((tag) => tag === language || tag.startsWith(`${language}-`));
}

/** Of two that short texts do not tell apart, the one that many more people write. */
const head = new Map([['hi', 0.004]]);

/** The canonical tag. Indonesian and Malay are listed as one. */
function tagOf(language: string, text: string): string {
  if (language === 'ms') return towardsMalay(text) > 0 ? 'ms' : 'id';
  return Intl.getCanonicalLocales(language)[0] ?? language;
}
