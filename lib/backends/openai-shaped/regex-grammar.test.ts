import { describe, expect, it } from 'vitest';
import { regexGrammar } from './regex-grammar.ts';

describe('regexGrammar', () => {
  it.each([
    ['abc', 'root ::= "a" "b" "c"'],
    ['^yes|no$', 'root ::= ("y" "e" "s" | "n" "o")'],
    ['(?:a|b)+?c*', 'root ::= (("a" | "b"))+ "c"*'],
    ['(?<year>\\d{4})-\\d{1,2}', 'root ::= ([0-9]{4}) "-" [0-9]{1,2}'],
    ['[^a-z\\d_]{2,}', 'root ::= [^a-z0-9_]{2,}'],
    ['[-a\\]]', 'root ::= [\\x2da\\]]'],
    ['\\w\\s\\D.', 'root ::= [A-Za-z0-9_] [ \\t\\n\\r] [^0-9] [^\\n\\r]'],
    ['\\.\\n\\x41\\u00e9\\u{1f984}"\\\\', 'root ::= "." "\\x0a" "A" "é" "🦄" "\\"" "\\\\"'],
    ['🦄?', 'root ::= "🦄"?'],
    ['', 'root ::= ""'],
    ['a|', 'root ::= ("a" | "")'],
  ])('writes %s as %s', (pattern, grammar) => {
    expect(regexGrammar(pattern)).toBe(grammar);
  });

  it('heeds the flags for case and lines', () => {
    expect(regexGrammar('aB1[x-z].', 'is')).toBe('root ::= [aA] [Bb] "1" [x-zX-Z] [^\\x00]');
  });

  it.each(['(?=a)', '(?!a)', '(?<=a)', '\\bword', '(a)\\1', '\\p{L}', '(a', 'a)', '*a', '[a', '\\', '[\\D]'])(
    'refuses %s, and says why',
    (pattern) => {
      expect(() => regexGrammar(pattern)).toThrow(
        expect.objectContaining({ code: 'not-supported', message: expect.stringContaining('it has') }),
      );
    },
  );
});
