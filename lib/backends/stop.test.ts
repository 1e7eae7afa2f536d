import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStopCutter, cutAtStop } from './stop.ts';

describe('cutAtStop', () => {
  it('cuts at the first of the stop strings', () => {
    expect(cutAtStop('Hello\nUser: Hi</s>', ['</s>', '\nUser:'])).toEqual({ text: 'Hello', isCut: true });
    expect(cutAtStop('Hello', ['</s>', ''])).toEqual({ text: 'Hello', isCut: false });
  });
});

describe('a stop cutter', () => {
  it('finds stop strings that come in pieces, and shows the rest as soon as it is sure', () => {
    const cutter = createStopCutter(['\nUser:', '</s>']);
    expect(['Hel', 'lo\n', 'Us', 'ain', ' <', 'b>', '\nUser', ': x', 'more'].map((piece) => cutter.add(piece))).toEqual([
      'Hel',
      'lo',
      '',
      '\nUsain',
      ' ',
      '<b>',
      '',
      '',
      '',
    ]);
    expect(cutter.isCut).toBe(true);
    expect(cutter.end('stop')).toBe('');
  });

  it('drops half a stop string at the end, unless it is a word the model ended on', () => {
    const ends = (text: string, reason: 'stop' | 'length') => {
      const cutter = createStopCutter(['\nUser:', 'USER:']);
      return cutter.add(text) + cutter.end(reason);
    };
    expect(ends('Hello\nUs', 'stop')).toBe('Hello');
    expect(ends('Hello\nUs', 'length')).toBe('Hello');
    expect(ends('Made in the US', 'stop')).toBe('Made in the US');
    expect(ends('Made in the US', 'length')).toBe('Made in the ');
  });

  it('shows the same text however it is cut into pieces', { timeout: 60_000 }, () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c') });
    const property = fc.property(
      letters,
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 }), { maxLength: 3 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
      (text, stops, sizes) => {
        const cutter = createStopCutter(stops);
        let shown = '';
        let at = 0;
        for (const size of sizes) {
          if (at >= text.length) break;
          shown += cutter.add(text.slice(at, at + size));
          at += size;
        }
        expect(shown + cutter.end('stop')).toBe(cutAtStop(text, stops).text);
      },
    );
    fc.assert(property, { numRuns: 200 });
  });
});
