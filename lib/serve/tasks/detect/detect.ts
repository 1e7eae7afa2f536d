import { loadLanguages } from './load-languages.ts';
import { type Detected, rank } from './rank.ts';
import { type Run, runsOf } from './scripts.ts';
import type { TellLanguages } from './tell-languages.ts';

/** The languages that a text is in, with how much of it is in each. Asks no model: it stays on this computer. */
export async function detect(text: string): Promise<Detected[]> {
  const runs = runsOf(text.slice(0, longest));
  const tell = runs.some(({ language }) => language === undefined) ? await loadLanguages() : () => [];
  const shares = new Map<string, number>();
  let unknown = 0;
  const add = (language: string, share: number) => shares.set(language, (shares.get(language) ?? 0) + share);

  for (const { language, text: part, weight } of runs.flatMap(piecesOf)) {
    if (language !== undefined) {
      add(language, weight * 0.97);
      unknown += weight * 0.03;
      continue;
    }
    const scores = sharesOf(part, weight, tell);
    let known = 0;
    for (const [tag, share] of scores) {
      add(tag, share * weight);
      known += share;
    }
    unknown += (1 - known) * weight;
  }
  return rank(shares, unknown);
}

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

/** How much a difference of scores says; found on 30 languages in phrases, sentences and paragraphs. */
const sharpness = 45;
/** What a text scores in its own language, and where it is hardly one. */
const usual = 0.7;
const poor = 0.35;

/** The likely languages of one piece; together less than 1 where it looks like none. */
function sharesOf(text: string, letters: number, tell: TellLanguages): [string, number][] {
  const scores = tell(text).map(([language, score]): [string, number] => [language, score + (head.get(language) ?? 0)]);
  const best = Math.max(0, ...scores.map(([, score]) => score));
  if (best === 0) return [];
  // One word is in many languages.
  const certainty = Math.min(1, (letters + 4) / 24);
  const known = Math.min(0.98, Math.max(0, (best - poor) / (usual - poor)));
  const weights = scores.map(([language, score]): [string, number] => [language, Math.exp((score - best) * sharpness * certainty)]);
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  return weights
    .filter(([, weight]) => weight / total > 0.005)
    .map(([language, weight]) => [tagOf(language, text), (weight / total) * known]);
}

/** Of two that short texts do not tell apart, the one that many more people write. */
const head = new Map([['hi', 0.004]]);

/** The canonical tag. Indonesian and Malay have most words in common and are listed as one; a few words tell. */
function tagOf(language: string, text: string): string {
  if (language === 'ms') return isMalay(text) ? 'ms' : 'id';
  return Intl.getCanonicalLocales(language)[0] ?? language;
}

const malay =
  /\b(?:awak|boleh|kerana|mahu|wang|kereta|petang|pejabat|sekiranya|adalah|ialah|beliau|anda semua|encik|cakap|tengok|berasa|kami semua|bahawa|daripada|manakala|iaitu)\b/gi;
const indonesian =
  /\b(?:bisa|karena|mau|uang|mobil|sore|kantor|jika|kalau|bahwa|dari|sedangkan|yaitu|kamu|bapak|ibu|ngomong|lihat|tidak|kita|terima|selamat pagi|gak|nggak|banget)\b/gi;

function isMalay(text: string): boolean {
  return (text.match(malay)?.length ?? 0) > (text.match(indonesian)?.length ?? 0);
}
