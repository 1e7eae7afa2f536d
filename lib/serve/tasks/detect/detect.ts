import { loadLanguages } from './load-languages.ts';
import type { Languages } from './open-languages.ts';
import { type Detected, rank } from './rank.ts';
import { type Run, runsOf } from './scripts.ts';
import { sharesOf } from './shares.ts';

/**
 * The languages that a text is in, with how much of it is in each. Asks no model: it stays on this computer.
 * `expected`: BCP 47 tags; what few people write is believed sooner where the page expects it.
 */
export async function detect(text: string, expected: string[] = []): Promise<Detected[]> {
  const runs = runsOf(text.slice(0, longest));
  const languages = runs.some(({ language }) => language === undefined) ? await loadLanguages() : none;
  const shares = new Map<string, number>();
  let unknown = 0;
  const add = (language: string, share: number) => shares.set(language, (shares.get(language) ?? 0) + share);

  for (const { language, text: part, weight } of runs.flatMap(piecesOf)) {
    if (language !== undefined) {
      add(language, weight * 0.97);
      unknown += weight * 0.03;
      continue;
    }
    const scores = sharesOf(part, weight, languages, expected);
    let known = 0;
    for (const [tag, share] of scores) {
      add(tag, share * weight);
      known += share;
    }
    unknown += (1 - known) * weight;
  }
  return rank(shares, unknown);
}

/** For writings that are one language's alone. */
const none: Languages = { common: () => [], rare: () => undefined };
/** What comes behind says the same. */
const longest = 8_000;
/** As much as is told at once, and as little as tells something. */
const piece = { most: 240, least: 60 };

/** Sentences, the short ones together, so that a text in several languages comes apart where they change. */
function piecesOf(run: Run): Run[] {
  if (run.language !== undefined || run.text.length <= piece.least) return [run];
  const sentences = run.text.match(/[^.!?。！？\n]+[.!?。！？\n]*\s*|[.!?。！？\n]+/g) ?? [run.text];
  const texts: string[] = [];
  for (const sentence of sentences.flatMap(
    (each) => each.match(new RegExp(`[\\s\\S]{1,${piece.most}}(?=\\s|$)|[\\s\\S]{1,${piece.most}}`, 'g')) ?? [],
  )) {
    const last = texts.at(-1);
    if (last !== undefined && (last.length < piece.least || sentence.trim().length < 20) && last.length + sentence.length <= piece.most) {
      texts[texts.length - 1] = last + sentence;
    } else texts.push(sentence);
  }
  return texts.map((text) => ({ text, weight: text.match(/\p{L}/gu)?.length ?? 0 }));
}
