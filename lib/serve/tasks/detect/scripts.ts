/** A piece of text in one writing, and the language where the writing is one language's alone. */
export interface Run {
  text: string;
  /** Letters, each as much as it says: one of Chinese is about three of the alphabets. */
  weight: number;
  language?: string;
}

/** Writings that (nearly) one language is written in. */
const alone = Object.entries({
  am: 'Ethiopic',
  bn: 'Bengali',
  bo: 'Tibetan',
  el: 'Greek',
  gu: 'Gujarati',
  he: 'Hebrew',
  hy: 'Armenian',
  ka: 'Georgian',
  km: 'Khmer',
  kn: 'Kannada',
  ko: 'Hangul',
  lo: 'Lao',
  ml: 'Malayalam',
  my: 'Myanmar',
  or: 'Oriya',
  pa: 'Gurmukhi',
  si: 'Sinhala',
  ta: 'Tamil',
  te: 'Telugu',
  th: 'Thai',
});

/** Writings of several languages. */
const mixed = ['Latin', 'Cyrillic', 'Arabic', 'Devanagari'].map((script) => [script, script] as const);

/** By the language, or by the name of the writing where there are several. */
const patterns = new Map([...mixed, ...alone].map(([kind, script]) => [kind, new RegExp(`\\p{Script=${script}}`, 'u')] as const));
const eastAsian = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const kana = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** Yiddish writes vowels with letters of its own, Hebrew with points on any letter or not at all. */
const yiddish = /[װױײ]|א[\u05B7\u05B8]/u;
const pointed = /[\u05B0-\u05B6\u05BB]/u;
const letter = /\p{L}/u;

/** The runs of one writing that a text is made of; what is between them belongs to the one before. */
export function runsOf(text: string): Run[] {
  const runs: (Run & { kind: string })[] = [];
  for (const character of text) {
    const last = runs.at(-1);
    if (!letter.test(character)) {
      if (last) last.text += character;
      continue;
    }
    const kind = last && isOfKind(last.kind, character) ? last.kind : kindOf(character);
    const weight = kind === 'east' ? 3 : 1;
    if (last?.kind === kind) {
      last.text += character;
      last.weight += weight;
    } else runs.push({ kind, text: character, weight });
  }
  return runs.map(({ kind, ...run }) => {
    if (kind === 'east') return { ...run, language: kana.test(run.text) ? 'ja' : 'zh' };
    if (kind === 'he') return { ...run, language: yiddish.test(run.text) && !pointed.test(run.text) ? 'yi' : 'he' };
    return kind.length === 2 ? { ...run, language: kind } : run;
  });
}

function isOfKind(kind: string, character: string): boolean {
  return (kind === 'east' ? eastAsian : patterns.get(kind))?.test(character) ?? false;
}

function kindOf(character: string): string {
  if (eastAsian.test(character)) return 'east';
  for (const [kind, pattern] of patterns) if (pattern.test(character)) return kind;
  return 'other';
}
