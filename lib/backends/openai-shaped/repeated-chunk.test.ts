import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRepeatedChunk } from './repeated-chunk.ts';

const chunk = (content: string, more: object = {}) =>
  JSON.stringify({ id: 'a', choices: [{ index: 0, delta: { content }, finish_reason: null }], ...more });

describe('a repeated chunk', () => {
  it('is recognised by everything but its text', () => {
    const repeated = createRepeatedChunk();
    expect(repeated.textOf(chunk('a'))).toBeUndefined();
    learn(repeated, chunk('a'));
    expect(repeated.textOf(chunk('bc'))).toBe('bc');
    expect(repeated.textOf(chunk(''))).toBe('');
    expect(repeated.textOf(chunk('grüße 🦄'))).toBe('grüße 🦄');
    expect(repeated.textOf(chunk('b', { usage: {} }))).toBeUndefined();
    expect(repeated.textOf(chunk('b').slice(1))).toBeUndefined();
    expect(repeated.textOf('[DONE]')).toBeUndefined();
  });

  it.each(['a "quote"', 'back\\slash', 'new\nline', '","role":"x'])(
    'leaves text that JSON writes differently to the parser: %j',
    (text) => {
      const repeated = createRepeatedChunk();
      learn(repeated, chunk('a'));
      expect(repeated.textOf(chunk(text))).toBeUndefined();
    },
  );

  it('is not learnt where it does more than add text', () => {
    const others = [
      { delta: { content: 'a', reasoning: 'b' } },
      { delta: { content: 'a', tool_calls: [{}] } },
      { delta: { content: 'a' }, finish_reason: 'stop' },
      { index: 1, delta: { content: 'a' } },
    ];
    for (const choice of others) {
      const data = JSON.stringify({ choices: [choice] });
      const repeated = createRepeatedChunk();
      learn(repeated, data);
      expect(repeated.textOf(data), data).toBeUndefined();
    }
  });

  it('is not learnt where the text could stand elsewhere', () => {
    for (const data of [
      chunk('a', { content: 'a' }),
      chunk('a', { logprobs: { content: [] } }),
      chunk('a', { note: 'content' }),
      '{"choices":[{"text":"a"}]}',
    ]) {
      const repeated = createRepeatedChunk();
      learn(repeated, data);
      expect(repeated.textOf(data), data).toBeUndefined();
    }
  });

  it('says what the parser says, or nothing', { timeout: 60_000 }, () => {
    const spaced = (content: string) => `{"choices": [{"delta": {"content" : ${JSON.stringify(content)}}}], "x": 1}`;
    const property = fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(chunk, spaced),
      (first, second, write) => {
        const repeated = createRepeatedChunk();
        learn(repeated, write(first));
        const text = repeated.textOf(write(second));
        if (text !== undefined) expect(text).toBe(JSON.parse(write(second)).choices[0].delta.content);
      },
    );
    fc.assert(property, { numRuns: 200 });
  });
});

function learn(repeated: ReturnType<typeof createRepeatedChunk>, data: string): void {
  repeated.learn(data, JSON.parse(data));
}
