import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../protocol/request.ts';
import { startGroq } from '../../testing/emulators/groq.ts';
import { asObject } from '../../testing/kit/exchange.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { groq } from './groq.ts';
import { groqModel } from './models.ts';

const key = ['gsk', 'test', '0123456789'].join('_');
let emulator: Emulator;

beforeEach(async () => {
  emulator = await startGroq({ apiKey: key });
});
afterEach(() => emulator.close());

const engine = (path = '') => openEngine(groq, { baseUrl: emulator.url + path }, { key });
const ask = (model: string, more: Partial<ChatRequest> = {}, path = '') =>
  collect(engine(path).chat?.({ model, messages: [userMessage('Hi')], ...more }, unstopped()));
const sent = () => asObject(emulator.requests.at(-1)?.body);
const refusal = (status: number, error: object) => ({ raw: { status, body: { error } } });

describe('Groq', () => {
  it('is asked without what it refuses or ignores', async () => {
    await ask('llama-3.3-70b-versatile', {
      sampling: { temperature: 0.5, topP: 0.5, presencePenalty: 1, logitBias: { 1: 2 } },
      logprobs: { top: 1 },
      seed: 3,
      maxOutputTokens: 20,
      thinking: { effort: 'high' },
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }], name: 'ann' }],
    });
    expect(Object.keys(sent()).sort()).toEqual([
      ...['max_completion_tokens', 'messages', 'model', 'seed', 'stream', 'temperature', 'top_p'],
    ]);
  });

  it.each([
    ['openai/gpt-oss-20b', 'max', 'high'],
    ['openai/gpt-oss-20b', 'none', 'low'],
    ['qwen/qwen3-32b', 'low', 'default'],
    ['qwen/qwen3-32b', 'none', 'none'],
  ] as const)('tells %s to think %s as %s', async (model, effort, expected) => {
    await ask(model, { thinking: { effort } });
    expect(sent()).toMatchObject({ reasoning_effort: expected });
  });

  it('tells a format to models and beside tools where the service takes none', async () => {
    const schema = { type: 'object', properties: { name: { type: 'string' } } };
    const told = { role: 'system', content: expect.stringContaining(JSON.stringify(schema)) };
    const responseFormat = { type: 'json-schema', schema } as const;
    await ask('openai/gpt-oss-20b', { responseFormat });
    expect(sent()).toMatchObject({ response_format: { type: 'json_schema' } });
    await ask('llama-3.3-70b-versatile', { responseFormat });
    expect(sent()).toMatchObject({ response_format: { type: 'json_object' }, messages: [told, {}] });
    await ask('openai/gpt-oss-20b', { responseFormat, tools: [{ name: 'f' }] });
    expect(sent()).toMatchObject({ messages: [told, {}] });
    expect(sent()).not.toHaveProperty('response_format');
  });

  it('takes no sound', async () => {
    const content = [{ type: 'audio', mediaType: 'audio/wav', data: 'UklGRg==' }] as const;
    await expect(ask('openai/gpt-oss-20b', { messages: [{ role: 'user', content: [...content] }] })).rejects.toMatchObject({
      code: 'not-supported',
    });
  });

  it('says that a spending limit is reached, and that a model is gone', async () => {
    emulator.scenario = refusal(400, { message: 'API access is blocked.', type: 'invalid_request_error', code: 'blocked_api_access' });
    await expect(ask('openai/gpt-oss-20b')).rejects.toMatchObject({ code: 'payment-required' });
    emulator.scenario = refusal(400, {
      message: 'The model `x` has been decommissioned and is no longer supported.',
      type: 'invalid_request_error',
      code: 'model_decommissioned',
    });
    await expect(ask('openai/gpt-oss-20b')).rejects.toMatchObject({ code: 'model-not-found' });
  });

  it('is asked again without an effort that a model nobody knows refuses', async () => {
    emulator.next(refusal(400, { message: '`reasoning_effort` is not supported with this model', type: 'invalid_request_error' }), {});
    expect(textOf(await ask('openai/gpt-oss-20b', { thinking: { effort: 'low' } }))).not.toBe('');
    expect(sent()).not.toHaveProperty('reasoning_effort');
  });

  it('keeps thoughts apart, in their own field or in the text, and sends them back', async () => {
    emulator.scenario = { thoughts: ['Hm.'] };
    expect((await ask('openai/gpt-oss-20b')).find((part) => part.type === 'thought')).toMatchObject({ text: 'Hm.' });
    emulator.scenario = { tokens: ['<think>', 'Hm.', '</think>', '\n\nHello'] };
    const parts = await ask('qwen/qwen3-32b', {
      messages: [
        userMessage('Hi'),
        {
          role: 'assistant',
          content: [
            { type: 'thought', text: 'Earlier' },
            { type: 'text', text: 'Yes' },
          ],
        },
        userMessage('Go on'),
      ],
    });
    expect(textOf(parts)).toBe('Hello');
    expect(sent().messages).toMatchObject([{}, { reasoning: 'Earlier', content: 'Yes' }, {}]);
  });

  it('tells usage that stands in its own field alone', async () => {
    const x_groq = { id: 'req_1', usage: { prompt_tokens: 4, completion_tokens: 2 } };
    const body = { choices: [{ index: 0, message: { content: 'Hi' }, finish_reason: 'stop' }], x_groq };
    emulator.scenario = { raw: { status: 200, body } };
    expect((await ask('llama-3.3-70b-versatile')).at(-1)).toMatchObject({ usage: { inputTokens: 4, outputTokens: 2 } });
  });

  it('fails where its own field says why the stream stopped early', async () => {
    const body = { choices: [], x_groq: { id: 'req_1', error: 'over capacity' } };
    emulator.scenario = { raw: { status: 200, body } };
    await expect(ask('llama-3.3-70b-versatile')).rejects.toMatchObject({ code: 'backend-error' });
  });

  it.each([
    ['a tool call that is none', 400, { code: 'tool_use_failed' }, 'bad-response'],
    ['an answer that does not fit', 400, { code: 'json_validate_failed' }, 'bad-response'],
    ['no room', 498, { code: 'capacity_exceeded' }, 'overloaded'],
    ['more than a minute allows', 413, { code: 'rate_limit_exceeded', type: 'tokens' }, 'too-large'],
  ])('says what %s means, without the words of the model', async (_what, status, error, code) => {
    emulator.scenario = refusal(status, {
      message: 'Failed: <function=secret-words>',
      failed_generation: '<function=secret-words>',
      ...error,
    });
    const thrown: Error = await ask('llama-3.3-70b-versatile').then(
      () => expect.unreachable(),
      (reason) => reason,
    );
    expect(thrown).toMatchObject({ code });
    if (status === 400) expect(thrown.message).not.toContain('secret-words');
  });

  it('is found under the address with or without its path', async () => {
    expect(textOf(await ask('llama-3.3-70b-versatile', {}, '/openai/v1'))).not.toBe('');
    expect(textOf(await ask('llama-3.3-70b-versatile', {}, '/openai'))).not.toBe('');
  });

  it('lists models that answer, with what is known of their families', async () => {
    expect(await engine().models?.(unstopped())).toEqual([
      { id: 'llama-3.3-70b-versatile', contextWindow: 131_072, maxOutputTokens: 32_768, abilities: ['chat', 'tools'] },
      expect.objectContaining({ id: 'openai/gpt-oss-20b', abilities: ['chat', 'tools', 'schema', 'thinking'] }),
      expect.objectContaining({ id: 'qwen/qwen3-32b', abilities: ['chat', 'tools', 'thinking'] }),
    ]);
    expect(groqModel({ id: 'something-new' })).toEqual({ id: 'something-new' });
    expect(groqModel({ id: 'llama-3.1-8b-instant', active: false })).toBeUndefined();
  });
});
