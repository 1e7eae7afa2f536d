import { describe, expect, test } from 'vitest';
import { grammarOfRegex } from './regex-grammar.ts';

describe('a regular expression as a grammar', () => {
  test.each([
    ['yes|no', 'root ::= ([y] [e] [s] | [n] [o])'],
    ['^\\d{3}-\\d+$', 'root ::= [0-9]{3} [\\u002d] [0-9]+'],
    ['[a-f_]*?', 'root ::= [a-f\\u005f]*'],
    ['(?:ab)+(?<word>c|)', 'root ::= ([a] [b])+ (([c] | ""))'],
    ['[^"\\\\\\]-]', 'root ::= [^\\u0022\\u005c\\u005d\\u002d]'],
    ['a.b', 'root ::= [a] [^\\n\\r\\u2028\\u2029] [b]'],
    ['\\x41\\u{1f600}\\n', 'root ::= [A] [\\U0001f600] [\\u000a]'],
    ['\\S\\w', 'root ::= [^ \\t\\n\\x0b\\x0c\\r\\xa0\\ufeff\\u2028\\u2029] [A-Za-z0-9_]'],
  ])('%s', (pattern, grammar) => {
    expect(grammarOfRegex(pattern, pattern.includes('{1f600}') ? 'u' : '')).toBe(grammar);
  });

  test('the flags for case and for dots count, the others do not', () => {
    expect(grammarOfRegex('A[b-d]é', 'gi')).toBe('root ::= [Aa] [b-dB-D] [\\u00e9\\u00c9]');
    expect(grammarOfRegex('.', 's')).toBe('root ::= .');
  });

  test.each(['a(?=b)', '(?<!a)b', '\\bword', '(a)\\1', '\\p{L}', 'a^b', '(a$)b', '[\\D]', '[]'])('%s is refused by name', (pattern) => {
    expect(() => grammarOfRegex(pattern, pattern.includes('\\p') ? 'u' : '')).toThrow(expect.objectContaining({ code: 'not-supported' }));
  });

  test('what is no regular expression is a bad request', () => {
    expect(() => grammarOfRegex('(a')).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});
