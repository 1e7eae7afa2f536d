/** Characters that a regular expression writes as a backslash and a letter. */
export const control: Record<string, string> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', 0: '\0' };

/** The members of the classes with a letter of their own, as GBNF ranges; capital letters negate. */
export const shorthand: Record<string, string> = {
  d: '0-9',
  D: '0-9',
  w: 'A-Za-z0-9_',
  W: 'A-Za-z0-9_',
  s: ' \\t\\n\\x0b\\x0c\\r\\xa0\\ufeff\\u2028\\u2029',
  S: ' \\t\\n\\x0b\\x0c\\r\\xa0\\ufeff\\u2028\\u2029',
};

/** A character class of GBNF. */
export function gbnfClass(ranges: string, isNegated = false): string {
  return `[${isNegated ? '^' : ''}${ranges}]`;
}

/** A range as GBNF writes it, with its other case where case does not count. */
export function gbnfRange(from: string, to: string, ignoreCase: boolean): string {
  const range = from === to ? code(from) : `${code(from)}-${code(to)}`;
  return ignoreCase ? range + otherCase(from, to) : range;
}

function otherCase(from: string, to: string): string {
  if (from === to) return swapCase(from) === from ? '' : code(swapCase(from));
  const alphabets = [
    ['a', 'z'],
    ['A', 'Z'],
  ] as const;
  return alphabets
    .map(([first, last]) => [Math.max(point(from), point(first)), Math.min(point(to), point(last))] as const)
    .filter(([start, end]) => start <= end)
    .map((ends) => ends.map((end) => code(swapCase(String.fromCodePoint(end)))).join('-'))
    .join('');
}

/** Every character but letters and digits as its number: nothing of GBNF's own can be meant by it. */
function code(character: string): string {
  if (/[A-Za-z0-9]/.test(character)) return character;
  const hex = point(character).toString(16);
  return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

function swapCase(character: string): string {
  const lower = character.toLowerCase();
  return [...(character === lower ? character.toUpperCase() : lower)][0] ?? character;
}

function point(character: string): number {
  return character.codePointAt(0) ?? 0;
}
