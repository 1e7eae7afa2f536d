import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare } from './compare.ts';
import { type Correction, findCorrections, likeness } from './corrections.ts';
import { typesByLook } from './types.ts';

function apply(original: string, corrections: Correction[]): string {
  return corrections.reduceRight(
    (text, { startIndex, endIndex, correction }) => text.slice(0, startIndex) + correction + text.slice(endIndex),
    original,
  );
}

const shown = (original: string, corrected: string) =>
  findCorrections(original, corrected).map(
    ({ startIndex, endIndex, correction }) => `${original.slice(startIndex, endIndex)}>${correction}`,
  );

describe('findCorrections', () => {
  it.each([
    ['can you profread fir me', 'Can you proofread for me?', ['can>Can', 'profread>proofread', 'fir>for', 'me>me?']],
    ['I seen him yesterday.', 'I saw him yesterday.', ['seen>saw']],
    ['I going home', 'I am going home', ['going>am going']],
    ['He is is here', 'He is here', ['is >']],
    ['alot of it', 'a lot of it', ['alot>a lot']],
    ['Hello world', 'Hello, world!', ['Hello>Hello,', 'world>world!']],
    ['我昨天，去学校。', '我昨天去学校。', ['，>']],
    ['👩‍👩‍👧 are hapy 😀', '👩‍👩‍👧 are happy 😀', ['hapy>happy']],
    ['Nothing is wrong.', 'Nothing is wrong.', []],
    ['', 'x', ['>x']],
  ])('%j', (original, corrected, expected) => {
    expect(shown(original, corrected)).toEqual(expected);
    expect(apply(original, findCorrections(original, corrected))).toBe(corrected);
  });

  it('makes the corrected text, in order and without overlaps, whatever the two are', () => {
    const text = fc
      .array(fc.constantFrom('a', 'the', 'cat', ' ', '  ', ',', '.', '\n', '😀', 'Zürich', "don't", '漢字'), { maxLength: 30 })
      .map((list) => list.join(''));
    fc.assert(
      fc.property(text, text, (original, corrected) => {
        const corrections = findCorrections(original, corrected);
        let end = 0;
        for (const { startIndex, endIndex } of corrections) {
          expect(startIndex).toBeGreaterThanOrEqual(end);
          expect(endIndex).toBeGreaterThanOrEqual(startIndex);
          end = endIndex;
        }
        expect(end).toBeLessThanOrEqual(original.length);
        expect(apply(original, corrections)).toBe(corrected);
      }),
      { numRuns: 500 },
    );
  });

  it('takes two long texts that have nothing in common as one correction', () => {
    const [one, other] = ['a', 'b'].map((word) => Array.from({ length: 3_000 }, (_, index) => `${word}${index}`).join('-'));
    expect(findCorrections(one as string, other as string)).toHaveLength(1);
  });
});

it('compares as few as can be', () => {
  expect(compare([...'abcabba'], [...'cbabac']).reduce((sum, { from, to }) => sum + from[1] - from[0] + to[1] - to[0], 0)).toBe(5);
});

describe('typesByLook', () => {
  it.each([
    ['profread', 'proofread', ['spelling']],
    ['can', 'Can', ['capitalization']],
    ['me', 'me.', ['punctuation']],
    ['alot', 'a lot', ['spelling']],
    ['seen', 'was', ['grammar']],
    ['going', 'am going', ['grammar']],
    ['me', 'Me?', ['capitalization', 'punctuation']],
  ])('%j becomes %j', (wrong, correction, expected) => {
    expect(typesByLook(wrong, { startIndex: 0, endIndex: wrong.length, correction })).toEqual(expected);
  });
});

it('tells a correction from another text', () => {
  expect(likeness('can you profread fir me', 'Can you proofread for me?')).toBeGreaterThan(0.5);
  expect(likeness('what is the capital of France', 'Paris.')).toBe(0);
});
