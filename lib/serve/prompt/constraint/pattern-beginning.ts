/**
 * Whether a text that the whole expression matches can begin so. The expression is read piece by piece into one that
 * may stop after each of them. Where it has something that cannot be read so (a look around, a back reference), yes.
 */
export function canBeginPattern(beginning: string, pattern: string, flags: string): boolean {
  const partial = partialPattern(pattern);
  if (partial === undefined) return true;
  try {
    return new RegExp(`^(?:${partial})$`, flags.replace(/[gy]/g, '')).test(beginning);
  } catch {
    return true;
  }
}

/** `abc` as `(?:a(?:b(?:c)?)?)?`, written as each piece or the end: `(?:a|$)(?:b|$)(?:c|$)`. */
function partialPattern(pattern: string): string | undefined {
  let at = 0;
  const read = alternatives();
  return at < pattern.length ? undefined : read;

  function alternatives(): string | undefined {
    let result = '';
    while (at < pattern.length && pattern[at] !== ')') {
      if (pattern[at] === '|') {
        result += '|';
        at += 1;
        continue;
      }
      const piece = term();
      if (piece === undefined) return undefined;
      result += piece;
    }
    return result;
  }

  function term(): string | undefined {
    const character = pattern[at] as string;
    if (character === '^') {
      at += 1;
      return '^';
    }
    if (character === '$') {
      at += 1;
      return '$';
    }
    if (character === '(') return group();
    const atom = readAtom();
    if (atom === undefined) return undefined;
    const count = quantifier();
    // Of `a{3}` one, two and three are a beginning.
    return count === '' ? `(?:${atom}|$)` : /^[*?]/.test(count) ? `(?:${atom}${count})` : `(?:${atom}${atLeastNone(count)}|$)`;
  }

  function group(): string | undefined {
    const opening = /^\((?:\?:|\?<[A-Za-z_]\w*>)?/.exec(pattern.slice(at))?.[0] as string;
    if (pattern.startsWith('(?', at) && opening === '(') return undefined;
    const start = at;
    at += opening.length;
    const inner = alternatives();
    if (inner === undefined || pattern[at] !== ')') return undefined;
    at += 1;
    const whole = pattern.slice(start, at).replace(/^\(\?<\w+>/, '(?:');
    const count = quantifier();
    if (count === '') return `(?:${inner}|$)`;
    // Any number of whole ones, and then the beginning of one, or none where there need not be any.
    return `(?:(?:${whole})*(?:${inner}|$)${/^(?:[*?]|\{0)/.test(count) ? '?' : ''})`;
  }

  function readAtom(): string | undefined {
    const found =
      /^(?:\[\^?(?:\\.|[^\]\\])*\]|\\(?:u\{[\da-f]+\}|u[\da-f]{4}|x[\da-f]{2}|[pP]\{[^}]*\}|c[A-Za-z]|[^\d])|[^\\[\]()*+?{}|^$])/i.exec(
        pattern.slice(at),
      )?.[0];
    if (found === undefined || found === '\\b' || found === '\\B' || found === '\\k') return undefined;
    at += found.length;
    return found;
  }

  function quantifier(): string {
    const found = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(pattern.slice(at))?.[0] ?? '';
    at += found.length;
    return found;
  }

  function atLeastNone(count: string): string {
    if (count.startsWith('+')) return '*';
    const [, least = '', most] = /^\{(\d+)(?:,(\d*))?/.exec(count) ?? [];
    return most === undefined ? `{0,${least}}` : `{0,${most}}`;
  }
}
