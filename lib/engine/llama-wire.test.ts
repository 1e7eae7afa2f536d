import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../protocol/request.ts';
import { llamaChatBody, llamaTextBody } from './llama-wire.ts';
import { pocket, type StoredModel } from './stored-model.ts';

const ask = (more: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'pocket',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
  ...more,
});
const toolModel: StoredModel = { ...pocket, abilities: ['chat', 'text', 'schema', 'tools'] };

describe('a request as llama.cpp reads it', () => {
  test('holds nothing that nobody said', () => {
    expect(llamaChatBody(ask(), pocket)).toEqual({
      model: 'pocket',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('has the samplers under the names of llama.cpp', () => {
    const sampling = {
      temperature: 0,
      topK: 5,
      minP: 0.1,
      repetitionPenalty: 1.1,
      mirostat: { mode: 2 as const, tau: 5 },
      logitBias: { '7': -100 },
    };

    expect(llamaChatBody(ask({ sampling, seed: 7, stop: ['x'], maxOutputTokens: 9 }), pocket)).toMatchObject({
      temperature: 0,
      top_k: 5,
      min_p: 0.1,
      repeat_penalty: 1.1,
      mirostat: 2,
      mirostat_tau: 5,
      logit_bias: [[7, -100]],
      seed: 7,
      stop: ['x'],
      max_tokens: 9,
    });
  });

  test('continues a beginning without repeating it', () => {
    const messages: ChatRequest['messages'] = [
      ...ask().messages,
      { role: 'assistant', content: [{ type: 'text', text: 'Well' }], prefix: true },
    ];

    expect(llamaChatBody(ask({ messages }), pocket)).toMatchObject({ continue_final_message: true, add_generation_prompt: false });
  });

  test('holds answers to a regular expression by a grammar', () => {
    expect(llamaTextBody({ model: 'pocket', prompt: 'x', responseFormat: { type: 'regex', pattern: '[ab]' } })).toMatchObject({
      grammar: 'root ::= [ab]',
    });
  });

  test('asks for at least one alternative where log probabilities are wanted', () => {
    expect(llamaChatBody(ask({ logprobs: { top: 0 } }), pocket)).toMatchObject({ logprobs: true, top_logprobs: 1 });
  });
});

describe('what the model cannot do is said before it is loaded with it', () => {
  test('tools, unless its template knows them or they are switched off', () => {
    const tools = [{ name: 'look' }];

    expect(() => llamaChatBody(ask({ tools }), pocket)).toThrow(expect.objectContaining({ code: 'not-supported' }));
    expect(llamaChatBody(ask({ tools }), toolModel)).toHaveProperty('tools');
    expect(llamaChatBody(ask({ tools, toolChoice: 'none' }), pocket)).toHaveProperty('tool_choice', 'none');
  });

  test('images and sound, also in the results of tools', () => {
    const image = { type: 'image', mediaType: 'image/png', data: 'AA==' } as const;

    for (const messages of [
      [{ role: 'user', content: [image] }],
      [{ role: 'tool', content: [{ type: 'tool-result', callId: '1', content: [image] }] }],
      [{ role: 'user', content: [{ type: 'audio', mediaType: 'audio/wav', data: 'AA==' }] }],
    ] as ChatRequest['messages'][]) {
      expect(() => llamaChatBody(ask({ messages }), toolModel)).toThrow(expect.objectContaining({ code: 'not-supported' }));
    }
  });
});
