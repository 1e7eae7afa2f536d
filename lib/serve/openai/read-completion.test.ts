import { describe, expect, it } from 'vitest';
import { readOpenAiEmbedding, toOpenAiEmbeddings } from './embeddings.ts';
import { readOpenAiCompletions } from './read-completion.ts';

describe('the body of /v1/completions', () => {
  it('reads one prompt and its options', () => {
    const body = {
      prompt: ['Once'],
      suffix: 'end',
      max_tokens: 5,
      temperature: 0,
      echo: true,
      logprobs: 2,
      stream: true,
      best_of: 1,
      n: 1,
      user: 'u',
    };
    expect(readOpenAiCompletions(body)).toEqual({
      requests: [{ prompt: 'Once', suffix: 'end', maxOutputTokens: 5, sampling: { temperature: 0 }, echo: true, logprobs: { top: 2 } }],
      answers: 1,
    });
    expect(readOpenAiCompletions({ prompt: '' })).toEqual({ requests: [{ prompt: '' }], answers: 1 });
  });

  it('reads many prompts, each to be answered as often as asked', () => {
    expect(readOpenAiCompletions({ prompt: ['a', 'b'], n: 2, best_of: 2 })).toEqual({
      requests: [{ prompt: 'a' }, { prompt: 'b' }],
      answers: 2,
    });
  });

  it.each([
    [{}, 'prompt: should be a string or a list.'],
    [{ prompt: [1, 2] }, 'prompt[0]: should be text: token numbers mean something else to every model.'],
    [{ prompt: [] }, 'prompt: is less than 1 items.'],
    [{ prompt: 'a', n: 17 }, 'n: is more than 16.'],
    [{ prompt: ['a', 'b'], n: 9 }, 'n: asks for more than 16 answers together with the prompts.'],
    [{ prompt: 'a', n: 1, best_of: 3 }, 'best_of: has to be n: every answer is returned.'],
    [{ prompt: 'a', provider: {} }, 'provider: is not a field that Switchboard takes.'],
  ])('refuses %o and says why', (body, message) => {
    expect(() => readOpenAiCompletions(body)).toThrow(expect.objectContaining({ code: 'bad-request', message }));
  });
});

describe('embeddings', () => {
  it('reads one text or many', () => {
    expect(readOpenAiEmbedding({ input: 'a', model: 'm', dimensions: 8 })).toEqual({
      request: { input: ['a'], model: 'm', dimensions: 8 },
      isBase64: false,
    });
    expect(readOpenAiEmbedding({ input: ['a', '\ud800'], encoding_format: 'base64' })).toEqual({
      request: { input: ['a', '\ufffd'] },
      isBase64: true,
    });
    expect(() => readOpenAiEmbedding({ input: [[1, 2]] })).toThrow(
      expect.objectContaining({ message: expect.stringContaining('input[0]: should be text') }),
    );
  });

  it('answers as numbers, or as the little-endian floats in base64 that OpenAI uses', () => {
    const result = { vectors: [[0.5, -2]], inputTokens: 3 };
    expect(toOpenAiEmbeddings(result, { isBase64: false })).toEqual({
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [0.5, -2] }],
      model: 'default',
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
    expect(toOpenAiEmbeddings(result, { isBase64: true, model: 'm' }).data[0]?.embedding).toBe('AAAAPwAAAMA=');
  });
});
