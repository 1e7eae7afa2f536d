import { expect, it } from 'vitest';
import { matchingText } from './pattern-value.ts';

const patterns = [
  /^[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}$/,
  /(yes|no)/,
  /^\d{4}-\d{2}-\d{2}$/,
  /^(?:ab)+c?$/,
  /[^a-z]/,
  /^\p{L}+\s\w*$/u,
  /^(?<year>\d+)\u0041\x42$/,
  /^(?=.*)[\w\s]{3}$/,
  /^(a|b){2,3}?$/,
  /^$/,
];

for (const pattern of patterns) {
  it(`finds a text for ${pattern}`, () => {
    expect(matchingText(pattern.source, pattern.flags)).toMatch(pattern);
  });
}

it('says so when it finds none', () => {
  expect(() => matchingText('a(?!a)a')).toThrow('no text');
});
