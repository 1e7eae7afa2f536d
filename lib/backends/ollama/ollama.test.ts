import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/message.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import { type OllamaOptions, startOllama } from '../../testing/emulators/ollama.ts';
import { ollamaModels as emulated } from '../../testing/emulators/ollama-models.ts';
import { asObject } from '../../testing/kit/exchange.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import type { Engine } from '../backend.ts';
import { createHttp } from '../http.ts';
import { ollama } from './ollama.ts';

let emulator: Emulator;
afterEach(() => emulator.close());

async function open(options: OllamaOptions = {}, config: object = {}): Promise<Engine> {
  emulator = await startOllama(options);
  return openEngine(ollama, { baseUrl: emulator.url, ...config });
}

const ask = (engine: Engine, more: Partial<ChatRequest> = {}) =>
  collect(engine.chat?.({ model: 'qwen3:4b', messages: [userMessage('Hi')], ...more }, unstopped()));
const sent = () => asObject(emulator.requests.findLast(({ wantsAnswer }) => wantsAnswer)?.body);
const gptOss = {
  name: 'gpt-oss:20b',
  architecture: 'gptoss',
  contextLength: 131_072,
  capabilities: ['completion', 'tools', 'thinking'] as const,
};
const models = [...emulated, { ...gptOss, capabilities: [...gptOss.capabilities] }];

describe('a conversation with Ollama', () => {
  it('carries everything under the names of its own route', async () => {
    const engine = await open({}, { keepAlive: '30m' });
    await ask(engine, {
      sampling: { temperature: 0.5, topK: 5, minP: 0.1, repetitionPenalty: 1.1, logitBias: { 1: 2 } },
      stop: ['~'],
      seed: 7,
      maxOutputTokens: 900,
      logprobs: { top: 2 },
      extra: { num_gpu: 20, format: 'json', options: { num_thread: 4 } },
    });
    expect(sent()).toMatchObject({
      keep_alive: '30m',
      format: 'json',
      logprobs: true,
      top_logprobs: 2,
      options: {
        temperature: 0.5,
        top_k: 5,
        min_p: 0.1,
        repeat_penalty: 1.1,
        stop: ['~'],
        seed: 7,
        num_predict: 900,
        num_gpu: 20,
        num_thread: 4,
      },
    });
    expect(sent()).not.toHaveProperty('logit_bias');
  });

  it('carries tools, calls with arguments as objects, results with the tool they came from, and thoughts', async () => {
    const engine = await open();
    const messages: Message[] = [
      userMessage('Weather?'),
      {
        role: 'assistant',
        content: [
          { type: 'thought', text: 'I ask.' },
          { type: 'tool-call', id: 'call_9', name: 'weather', arguments: '{"city":"Oslo"}' },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            callId: 'call_9',
            isError: true,
            content: [
              { type: 'text', text: 'No such city' },
              { type: 'image', mediaType: 'image/png', data: 'AAAA' },
            ],
          },
        ],
      },
    ];
    await ask(engine, { messages, tools: [{ name: 'weather' }, { name: 'other' }], toolChoice: { name: 'weather' } });
    expect(sent().messages).toEqual([
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: '',
        thinking: 'I ask.',
        tool_calls: [{ id: 'call_9', function: { index: 0, name: 'weather', arguments: { city: 'Oslo' } } }],
      },
      { role: 'tool', content: 'Error: No such city', tool_name: 'weather', tool_call_id: 'call_9' },
      { role: 'user', content: 'Images returned by the tools:', images: ['AAAA'] },
    ]);
    expect(sent().tools).toMatchObject([{ function: { name: 'weather' } }]);
    await ask(engine, { tools: [{ name: 'weather' }], toolChoice: 'none' });
    expect(sent()).not.toHaveProperty('tools');
  });

  it('refuses sound and files before it asks anybody, and arguments that are none', async () => {
    const engine = await open();
    const audio = { role: 'user', content: [{ type: 'audio', mediaType: 'audio/wav', data: 'AA==' }] } as Message;
    await expect(ask(engine, { messages: [audio] })).rejects.toMatchObject({ code: 'not-supported' });
    const call: Message = { role: 'assistant', content: [{ type: 'tool-call', id: 'a', name: 'f', arguments: '[1' }] };
    await expect(ask(engine, { messages: [call] })).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('thinks where the model can, and in three strengths where that has them', async () => {
    const engine = await open({ models });
    const thinkOf = async (model: string, effort: 'none' | 'high' | 'max') => {
      await ask(engine, { model, thinking: { effort } });
      return sent().think;
    };
    expect(await thinkOf('qwen3:4b', 'high')).toBe(true);
    expect(await thinkOf('qwen3:4b', 'none')).toBe(false);
    expect(await thinkOf('gpt-oss:20b', 'max')).toBe('high');
    expect(await thinkOf('gpt-oss:20b', 'none')).toBe('low');
    expect(await thinkOf('llava:7b', 'high')).toBeUndefined();
    await ask(engine);
    expect(sent()).not.toHaveProperty('think');
  });

  it('keeps thoughts apart, also where an old version leaves them in the text', async () => {
    const engine = await open();
    emulator.scenario = { tokens: ['<think>', 'Hm', '.', '</think>', '\n\nHello'], thoughts: [] };
    const parts = await ask(engine);
    expect(textOf(parts)).toBe('Hello');
    expect(parts.filter((part) => part.type === 'thought').map(({ text }) => text)).toEqual(['Hm', '.']);
  });

  it('tells log probabilities of every token', async () => {
    const engine = await open();
    const parts = await ask(engine, { model: 'llama3.2', logprobs: { top: 1 } });
    expect(parts[0]).toMatchObject({ text: 'Hello', logprobs: [{ token: 'Hello', logprob: -0.125, top: [{ token: 'Hello' }] }] });
  });

  it('hears of an error in the middle, in the words of the engine', async () => {
    const engine = await open();
    emulator.scenario = { failAt: 2, failure: 'server', thoughts: [] };
    await expect(ask(engine)).rejects.toMatchObject({ code: 'backend-error', message: expect.stringContaining('no longer running') });
  });
});

describe('raw text at Ollama', () => {
  it('is taken as it is', async () => {
    const engine = await open();
    emulator.scenario = { chunking: 'byte' };
    const parts = await collect(
      engine.text?.(
        { model: 'llama3.2', prompt: 'Once ', echo: true, maxOutputTokens: 900, stop: ['~'], seed: 1, sampling: { topK: 5 } },
        unstopped(),
      ),
    );
    expect(textOf(parts)).toMatch(/^Once \S/);
    expect(parts.at(-1)).toMatchObject({ type: 'end', reason: 'stop', usage: { outputTokens: expect.any(Number) } });
    expect(emulator.requests.at(-1)).toMatchObject({
      path: '/api/generate',
      body: { prompt: 'Once ', raw: true, options: { num_predict: 900, stop: ['~'], seed: 1, top_k: 5, num_ctx: 8192 } },
    });
  });

  it('fills in the middle with the template of the model, and is shaped by a schema', async () => {
    const engine = await open();
    const request = {
      model: 'llama3.2',
      prompt: 'a',
      suffix: 'b',
      responseFormat: { type: 'json-schema', schema: { type: 'object' } },
    } as const;
    await collect(engine.text?.(request, unstopped()));
    expect(sent()).toMatchObject({ suffix: 'b', format: { type: 'object' } });
    expect(sent()).not.toHaveProperty('raw');
    await expect(
      collect(engine.text?.({ model: 'm', prompt: 'a', responseFormat: { type: 'regex', pattern: 'a' } }, unstopped())),
    ).rejects.toMatchObject({ code: 'not-supported' });
  });

  it('tells an error and a cut in the middle', async () => {
    const engine = await open();
    const text = () => collect(engine.text?.({ model: 'llama3.2', prompt: 'a' }, unstopped()));
    emulator.scenario = { failAt: 2, failure: 'server' };
    await expect(text()).rejects.toMatchObject({ code: 'backend-error' });
    emulator.scenario = { failAt: 2, failMode: 'cut' };
    await expect(text()).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('the settings of Ollama', () => {
  it.each(['5m', '1h30m', '300', '-1', '0', ' 10s '])('take %j as a time', (keepAlive) => {
    expect(ollama.schema.safeParse({ baseUrl: 'http://127.0.0.1:1', keepAlive }).success).toBe(true);
  });

  it.each(['for ever', '5 minutes', ''])('do not take %j as one', (keepAlive) => {
    expect(ollama.schema.safeParse({ baseUrl: 'http://127.0.0.1:1', keepAlive }).success).toBe(false);
  });

  it('say what to do where it refuses extensions, which only a POST shows', async () => {
    await open();
    // A browser adds the Origin of the extension to everything but GET.
    const asExtension: typeof fetch = (input, init = {}) => {
      const headers = new Headers(init.headers);
      if (init.method !== 'GET') headers.set('origin', 'chrome-extension://abcdefghijklmnop');
      return fetch(input, { ...init, headers });
    };
    const http = createHttp({ allowedOrigins: [emulator.url], secrets: () => [], place: 'device', fetch: asExtension });
    const engine = ollama.open({ baseUrl: emulator.url }, { http, secret: () => undefined });
    expect(await engine.models?.(unstopped())).not.toEqual([]);
    const refused = { code: 'unauthorized', message: expect.stringContaining('OLLAMA_ORIGINS=chrome-extension://*,moz-extension://*') };
    await expect(engine.test?.(unstopped())).rejects.toMatchObject(refused);
    await expect(ask(engine)).rejects.toMatchObject(refused);
  });

  it('say how to get a model where there is none', async () => {
    await expect((await open({ models: [] })).test?.(unstopped())).rejects.toMatchObject({
      code: 'model-not-found',
      message: expect.stringContaining('ollama pull'),
    });
  });
});
