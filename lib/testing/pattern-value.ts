/**
 * A short text that the regular expression matches. Knows groups, alternation, classes, quantifiers, escapes and
 * anchors; looks around are passed over. Throws where the result does not match after all.
 */
export function matchingText(pattern: string, flags = ''): string {
  const text = readAlternatives({ pattern, at: 0 });
  if (!new RegExp(pattern, flags).test(text)) throw new Error(`Found no text that matches /${pattern}/${flags}.`);
  return text;
}

interface Reader {
  pattern: string;
  at: number;
}

/** The first alternative of several; the others are read over. */
function readAlternatives(reader: Reader): string {
  const first = readSequence(reader);
  while (reader.pattern[reader.at] === '|') {
    reader.at += 1;
    readSequence(reader);
  }
  return first;
}

function readSequence(reader: Reader): string {
  let text = '';
  while (reader.at < reader.pattern.length && !'|)'.includes(reader.pattern[reader.at] ?? '')) {
    const atom = readAtom(reader);
    text += atom.repeat(readRepeats(reader));
  }
  return text;
}

function readAtom(reader: Reader): string {
  const character = String.fromCodePoint(reader.pattern.codePointAt(reader.at) ?? 0);
  reader.at += character.length;
  if (character === '^' || character === '$') return '';
  if (character === '.') return 'a';
  if (character === '(') return readGroup(reader);
  if (character === '[') return readClass(reader);
  if (character === '\\') return readEscape(reader);
  return character;
}

function readGroup(reader: Reader): string {
  const opening = /^\?(?:<?[=!]|:|<[^>]+>|[a-z-]+:)/.exec(reader.pattern.slice(reader.at))?.[0] ?? '';
  reader.at += opening.length;
  const text = readAlternatives(reader);
  reader.at += 1;
  return /[=!]$/.test(opening) ? '' : text;
}

const classMembers: Record<string, string> = { d: '0', w: 'a', s: ' ', D: 'a', W: ' ', S: 'a' };
const controlCharacters: Record<string, string> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', '0': '\0', b: '', B: '' };

function readEscape(reader: Reader): string {
  const code = /^(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|x([0-9a-f]{2}))/i.exec(reader.pattern.slice(reader.at));
  if (code) {
    reader.at += code[0].length;
    return String.fromCodePoint(Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '0', 16));
  }
  const property = /^[pP]\{[^}]*\}/.exec(reader.pattern.slice(reader.at))?.[0];
  if (property) {
    reader.at += property.length;
    return 'a';
  }
  const character = reader.pattern[reader.at] ?? '';
  reader.at += 1;
  return classMembers[character] ?? controlCharacters[character] ?? character;
}

/** One member of the class: its first, or for a negated one the first usual character that is not in it. */
function readClass(reader: Reader): string {
  const start = reader.at - 1;
  const negated = reader.pattern[reader.at] === '^';
  if (negated) reader.at += 1;
  let first = '';
  while (reader.at < reader.pattern.length && reader.pattern[reader.at] !== ']') {
    const member = readClassMember(reader);
    first ||= member;
  }
  reader.at += 1;
  if (!negated) return first;
  const whole = new RegExp(reader.pattern.slice(start, reader.at), 'u');
  return [...'a0 Z-_.,!\n'].find((character) => whole.test(character)) ?? '';
}

function readClassMember(reader: Reader): string {
  const character = String.fromCodePoint(reader.pattern.codePointAt(reader.at) ?? 0);
  reader.at += character.length;
  return character === '\\' ? readEscape(reader) : character;
}

/** The fewest repeats that the quantifier allows; one where there is none. */
function readRepeats(reader: Reader): number {
  const quantifier = /^(?:([*+?])|\{(\d+)(?:,\d*)?\})\??/.exec(reader.pattern.slice(reader.at));
  if (!quantifier) return 1;
  reader.at += quantifier[0].length;
  if (quantifier[2] !== undefined) return Number(quantifier[2]);
  return quantifier[1] === '+' ? 1 : 0;
}
