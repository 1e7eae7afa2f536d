import { describe, expect, it } from 'vitest';
import { scrub } from './scrub.ts';

const key = ['sk', 'proj', 'Abc123Def456Ghi789'].join('-');

describe('scrub', () => {
  it('hides known secrets wherever they stand, also encoded', () => {
    expect(scrub('key pass word!1 and pass%20word!1', ['pass word!1'])).toBe('key [hidden] and [hidden]');
  });

  it('hides what looks like a key though nobody knows it', () => {
    expect(scrub(`Incorrect API key provided: ${key}.`, [])).not.toContain('Abc123');
    expect(scrub('Incorrect API key provided: sk-abcd**********wxyz.', [])).not.toContain('wxyz');
    expect(scrub('authorization: Bearer abcdef123456', [])).toBe('authorization: Bearer [hidden]');
  });

  it('leaves model names and words alone', () => {
    const text = 'The model gpt-4o-mini-2024-07-18 or llama-3.1-70b-instruct is not in org-1.';
    expect(scrub(text, ['', 'is'])).toBe(text);
  });
});
