import { SwitchboardError } from '../protocol/errors.ts';
import { control, gbnfClass, gbnfRange, shorthand } from './gbnf-classes.ts';

/**
 * A JavaScript regular expression as a GBNF grammar of llama.cpp that holds the whole answer to it. What a grammar
 * cannot say (looking around, word edges, references back) is `not-supported`; what is no expression is `bad-request`.
 */
export function grammarOfRegex(pattern: string, flags = ''): string {
  try {
    new RegExp(pattern, flags);
  } catch {
    throw new SwitchboardError('bad-request', 'The pattern of the response format is not a regular expression. Check it.');
  }
  const reader = createReader(pattern, { ignoreCase: flags.includes('i'), dotAll: flags.includes('s') });
  return `root ::= ${reader.read()}`;
}

interface Modes {
  ignoreCase: boolean;
  dotAll: boolean;
}

/** Recursive descent over a pattern that is known to be valid. */
function createReader(pattern: string, modes: Modes) {
  const characters = [...pattern];
  let at = 0;

  function alternatives(depth: number): string {
    const all = [sequence(depth)];
    while (characters[at] === '|') {
      at++;
      all.push(sequence(depth));
    }
    return all.length === 1 ? (all[0] ?? '""') : `(${all.join(' | ')})`;
  }

  function sequence(depth: number): string {
    const items: string[] = [];
    while (at < characters.length && characters[at] !== '|' && characters[at] !== ')') {
      const item = term(depth, items.length === 0);
      if (item !== undefined) items.push(item + quantifier());
    }
    return items.join(' ') || '""';
  }

  /** One thing that may be repeated; nothing for an anchor at the edge, where the whole answer is anchored anyway. */
  function term(depth: number, isFirst: boolean): string | undefined {
    const character = characters[at++] as string;
    switch (character) {
      case '^':
        if (depth === 0 && isFirst) return undefined;
        throw unsupported('^ inside the pattern');
      case '$':
        if (depth === 0 && (at === characters.length || characters[at] === '|')) return undefined;
        throw unsupported('$ inside the pattern');
      case '.':
        return modes.dotAll ? '.' : '[^\\n\\r\\u2028\\u2029]';
      case '(':
        return group(depth);
      case '[':
        return characterClass();
      case '\\':
        return escapeSequence();
      default:
        return literal(character);
    }
  }

  function group(depth: number): string {
    if (characters[at] === '?') {
      at++;
      const kind = characters[at++];
      const isNamed = kind === '<' && characters[at] !== '=' && characters[at] !== '!';
      if (isNamed) at = characters.indexOf('>', at) + 1;
      else if (kind !== ':')
        throw unsupported(kind === '=' || kind === '!' || kind === '<' ? 'looking ahead or behind' : 'flags inside the pattern');
    }
    const inner = alternatives(depth + 1);
    at++;
    return `(${inner})`;
  }

  function quantifier(): string {
    const rest = characters.slice(at).join('');
    const found = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(rest)?.[0];
    if (!found) return '';
    at += found.length;
    // Lazy or greedy is a matter of searching; the set of answers is the same.
    if (characters[at] === '?') at++;
    return found;
  }

  function escapeSequence(): string {
    const letter = characters[at] as string;
    if (shorthand[letter] !== undefined) {
      at++;
      return gbnfClass(shorthand[letter], letter !== letter.toLowerCase());
    }
    if (/[bB]/.test(letter)) throw unsupported('\\b');
    if (/[1-9k]/.test(letter)) throw unsupported('references to groups');
    if (/[pP]/.test(letter)) throw unsupported('\\p');
    return literal(escaped());
  }

  /** The character after a backslash, in a class or outside. */
  function escaped(): string {
    const letter = characters[at++] as string;
    if (control[letter]) return control[letter];
    const rest = characters.slice(at).join('');
    const code =
      letter === 'x' ? /^[\da-f]{2}/i.exec(rest)?.[0] : letter === 'u' ? /^(?:[\da-f]{4}|\{[\da-f]+\})/i.exec(rest)?.[0] : undefined;
    if (!code) return letter;
    at += code.length;
    return String.fromCodePoint(Number.parseInt(code.replace(/[{}]/g, ''), 16));
  }

  function characterClass(): string {
    const isNegated = characters[at] === '^';
    if (isNegated) at++;
    let ranges = '';
    while (characters[at] !== ']') {
      if (characters[at] === '\\' && shorthand[characters[at + 1] as string]) {
        const letter = characters[at + 1] as string;
        if (letter !== letter.toLowerCase()) throw unsupported(`\\${letter} inside [ ]`);
        ranges += shorthand[letter];
        at += 2;
        continue;
      }
      const from = classCharacter();
      if (characters[at] !== '-' || characters[at + 1] === ']') ranges += gbnfRange(from, from, modes.ignoreCase);
      else {
        at++;
        ranges += gbnfRange(from, classCharacter(), modes.ignoreCase);
      }
    }
    at++;
    if (ranges === '') {
      if (isNegated) return '.';
      throw unsupported('an empty class');
    }
    return gbnfClass(ranges, isNegated);
  }

  function literal(character: string): string {
    return gbnfClass(gbnfRange(character, character, modes.ignoreCase));
  }

  function classCharacter(): string {
    const character = characters[at++] as string;
    if (character !== '\\') return character;
    if (characters[at] === 'b') {
      at++;
      return '\b';
    }
    return escaped();
  }

  return {
    read: () => alternatives(0),
  };
}

function unsupported(what: string): SwitchboardError {
  return new SwitchboardError(
    'not-supported',
    `The model inside the browser cannot hold an answer to a pattern with ${what}. Write it without.`,
  );
}
