import { SwitchboardError } from '../../protocol/errors.ts';

/**
 * A JavaScript regular expression as a GBNF grammar that matches the whole answer. Throws `not-supported` for what a
 * grammar cannot say: look-around, back references, word borders, Unicode properties.
 */
export function regexGrammar(pattern: string, flags = ''): string {
  const ignoreCase = flags.includes('i');
  const dotAll = flags.includes('s');
  let at = 0;

  const body = alternatives();
  if (at < pattern.length) refuse(`a ")" without its "("`);
  return `root ::= ${body}`;

  function alternatives(): string {
    const options = [sequence()];
    while (pattern[at] === '|') {
      at++;
      options.push(sequence());
    }
    return options.length === 1 ? (options[0] ?? '""') : `(${options.join(' | ')})`;
  }

  function sequence(): string {
    const terms: string[] = [];
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') {
      const term = atom();
      if (term !== '') terms.push(term + quantifier());
    }
    return terms.length === 0 ? '""' : terms.join(' ');
  }

  function atom(): string {
    const char = next();
    if (char === '(') return group();
    if (char === '[') return characterClass();
    if (char === '.') return dotAll ? '[^\\x00]' : '[^\\n\\r]';
    // The whole answer is matched, so anchors at either end say nothing; elsewhere they cannot match.
    if (char === '^' || char === '$') return '';
    if (char === '\\') {
      const set = shorthand();
      return set === undefined ? literal(escaped()) : `[${set}]`;
    }
    if ('*+?{'.includes(char)) refuse(`a "${char}" with nothing to repeat`);
    return literal(char);
  }

  function group(): string {
    if (pattern[at] === '?') {
      const head = /^\?(:|<[A-Za-z_$][\w$]*>)/.exec(pattern.slice(at));
      if (!head) refuse('look-around');
      at += head[0].length;
    }
    const inner = alternatives();
    if (next() !== ')') refuse('a "(" without its ")"');
    return `(${inner})`;
  }

  function quantifier(): string {
    const found = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(pattern.slice(at))?.[0] ?? '';
    at += found.length;
    // Lazy or greedy is the same to a grammar.
    if (found !== '' && pattern[at] === '?') at++;
    return found;
  }

  function characterClass(): string {
    let set = '';
    if (pattern[at] === '^') {
      set = '^';
      at++;
    }
    while (pattern[at] !== ']') {
      const from = classMember();
      if (from.length > 1 || pattern[at] !== '-' || pattern[at + 1] === ']') {
        set += from.length > 1 ? from : range(from, from);
        continue;
      }
      at++;
      const to = classMember();
      if (to.length > 1) refuse('a range that ends in a class');
      set += range(from, to);
    }
    at++;
    return `[${set}]`;
  }

  /** One character, or the text of a shorthand such as `\d`. */
  function classMember(): string {
    const char = next();
    if (char !== '\\') return char;
    const set = shorthand();
    if (set?.startsWith('^')) refuse(`a negated class inside another`);
    return set ?? escaped();
  }

  function range(from: string, to: string): string {
    const plain = from === to ? bracketed(from) : `${bracketed(from)}-${bracketed(to)}`;
    if (!ignoreCase || !/^[a-z]{2}$|^[A-Z]{2}$/.test(from + to)) return plain;
    const [low, high] = [swapCase(from), swapCase(to)];
    return plain + (low === high ? low : `${low}-${high}`);
  }

  function shorthand(): string | undefined {
    const set = shorthands[pattern[at] ?? ''];
    if (set !== undefined) at++;
    return set;
  }

  /** The character after a backslash. */
  function escaped(): string {
    const code = /^(?:x([\da-f]{2})|u([\da-f]{4})|u\{([\da-f]{1,6})\})/i.exec(pattern.slice(at));
    if (code) {
      at += code[0].length;
      return String.fromCodePoint(Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '0', 16));
    }
    const char = next();
    if (/[1-9]/.test(char)) refuse('back references');
    if (/[bBpPkc]/.test(char)) refuse(`"\\${char}"`);
    return controls[char] ?? char;
  }

  function literal(char: string): string {
    return ignoreCase && /[a-z]/i.test(char) ? `[${char}${swapCase(char)}]` : `"${quoted(char)}"`;
  }

  function next(): string {
    const code = pattern.codePointAt(at);
    if (code === undefined) refuse('an end where more should come');
    const char = String.fromCodePoint(code);
    at += char.length;
    return char;
  }

  function refuse(what: string): never {
    throw new SwitchboardError('not-supported', `The regular expression cannot be used to shape an answer: it has ${what}.`);
  }
}

const shorthands: Record<string, string> = {
  d: '0-9',
  D: '^0-9',
  w: 'A-Za-z0-9_',
  W: '^A-Za-z0-9_',
  s: ' \\t\\n\\r',
  S: '^ \\t\\n\\r',
};

const controls: Record<string, string> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', 0: '\0' };

/** A character inside quotes of GBNF. */
function quoted(char: string): string {
  if (char === '"' || char === '\\') return `\\${char}`;
  return (char.codePointAt(0) ?? 0) < 32 || char === '\x7f' ? byCode(char) : char;
}

/** A character inside brackets of GBNF. */
function bracketed(char: string): string {
  return '[]\\'.includes(char) ? `\\${char}` : '^-'.includes(char) ? byCode(char) : char === '"' ? char : quoted(char);
}

function byCode(char: string): string {
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function swapCase(char: string): string {
  return char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase();
}
