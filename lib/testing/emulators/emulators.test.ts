import { afterEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../kit/start-emulator.ts';
import { startLlamaCpp } from './llamacpp.ts';
import { startLmStudio } from './lmstudio.ts';
import { startOllama } from './ollama.ts';
import { startOpenAi } from './openai.ts';
import { startOpenRouter } from './openrouter.ts';
import { startVllm } from './vllm.ts';

let emulator: Emulator;
afterEach(() => emulator.close());

interface Answer {
  status: number;
  text: string;
  headers: Headers;
}

async function call(path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
  const init = body && { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(emulator.url + path, { ...init, headers: { 'content-type': 'application/json', ...headers } });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const messages = [{ role: 'user', content: 'Hi' }];
const stream = true;

describe('OpenAI', () => {
  it('refuses what a reasoning model does not take, and fields it does not know', async () => {
    emulator = await startOpenAi();
    const ask = async (more: object) => JSON.parse((await call('/v1/chat/completions', { messages, ...more })).text).error.code;
    expect(await ask({ model: 'gpt-5.4-mini', max_tokens: 5 })).toBe('unsupported_parameter');
    expect(await ask({ model: 'gpt-4o-mini', top_k: 5 })).toBe('unknown_parameter');
    expect(await ask({ model: 'gpt-9' })).toBe('model_not_found');
  });

  it('tells usage only when asked', async () => {
    emulator = await startOpenAi();
    const ask = async (more: object) => (await call('/v1/chat/completions', { model: 'gpt-4o-mini', messages, stream, ...more })).text;
    expect(await ask({})).not.toContain('usage');
    expect(await ask({ stream_options: { include_usage: true } })).toMatch(/"choices":\[\],"usage":\{"prompt_tokens":1/);
  });
});

describe('OpenRouter', () => {
  it('comments, names the cost, and says an error beside a choice', async () => {
    emulator = await startOpenRouter();
    const ask = async (model: string) => (await call('/api/v1/chat/completions', { model, messages, stream })).text;
    expect(await ask('vendor/model')).toMatch(/^: OPENROUTER PROCESSING\n\n[\s\S]*"cost":0\.0/);
    expect(await ask('vendor/model?failAt=1&failure=rate-limited')).toMatch(/"error":\{"code":429[\s\S]*"finish_reason":"error"/);
  });
});

describe('llama.cpp', () => {
  it('says that it loads, on every route, as often as told', async () => {
    emulator = await startLlamaCpp({ loadingRequests: 2 });
    expect(await call('/health')).toMatchObject({
      status: 503,
      text: '{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}',
    });
    expect((await call('/v1/models')).status).toBe(503);
    expect((await call('/v1/models')).status).toBe(200);
  });

  it('writes errors of a stream as its version did', async () => {
    const failing = { model: 'any?failAt=1', messages, stream };
    emulator = await startLlamaCpp({ old: true });
    expect((await call('/v1/chat/completions', failing)).text).toMatch(
      /\nerror: \{"code":500,"message":"Compute error\.","type":"server_error"\}\n\n$/,
    );
    await emulator.close();
    emulator = await startLlamaCpp();
    expect((await call('/v1/chat/completions', failing)).text).toMatch(/\ndata: \{"error":\{"code":500[^\n]*\n\n$/);
  });

  it('ends its own completion without a marker, refuses an overlong prompt, and echoes the origin', async () => {
    emulator = await startLlamaCpp({ contextWindow: 20 });
    const answer = await call('/completion', { prompt: 'Hi', stream }, { origin: 'chrome-extension://abc' });
    expect(answer.text).not.toContain('[DONE]');
    expect(answer.text).toContain('"stop_type":"eos"');
    expect(answer.headers.get('access-control-allow-origin')).toBe('chrome-extension://abc');
    expect((await call('/completion', { prompt: 'many words '.repeat(30) })).text).toContain('exceed_context_size_error');
  });
});

describe('Ollama', () => {
  it('refuses a foreign origin with an empty 403 before anything else, and takes local and listed ones', async () => {
    emulator = await startOllama({ origins: ['moz-extension://*'] });
    const ask = (origin: string) => call('/api/tags', undefined, { origin });
    const refused = await ask('chrome-extension://abcdef');
    expect(refused).toMatchObject({ status: 403, text: '' });
    expect(refused.headers.get('content-length')).toBe('0');
    expect(refused.headers.has('access-control-allow-origin')).toBe(false);
    expect((await ask('moz-extension://0000')).status).toBe(200);
    expect((await ask('http://localhost:5173')).status).toBe(200);
    expect((await ask(emulator.url)).status).toBe(200);
    expect((await call('/api/tags')).status).toBe(200);
    expect((await fetch(`${emulator.url}/api/chat`, { method: 'OPTIONS', headers: { origin: 'https://example.com' } })).status).toBe(403);
  });

  it('streams unless told not to, thinks where it can, and has a window of its own', async () => {
    emulator = await startOllama();
    const lines = (await call('/api/chat', { model: 'qwen3:4b', messages })).text.trim().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: { thinking: 'Let' }, done: false });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ done: true, done_reason: 'stop' });
    expect(JSON.parse((await call('/api/ps')).text).models).toMatchObject([{ name: 'qwen3:4b', context_length: 4096 }]);
    expect((await call('/api/chat', { model: 'qwen3:4b', messages: [], keep_alive: 0 })).text).toContain('"done_reason":"unload"');
    expect(JSON.parse((await call('/api/ps')).text).models).toEqual([]);
  });

  it('refuses content in parts, arguments as text and images with a prefix', async () => {
    emulator = await startOllama();
    const ask = async (message: object) => (await call('/api/chat', { model: 'llava:7b', messages: [message] })).status;
    expect(await ask({ role: 'user', content: [{ type: 'text', text: 'Hi' }] })).toBe(400);
    expect(await ask({ role: 'user', content: 'Hi', images: ['data:image/png;base64,AAAA'] })).toBe(400);
    expect(await ask({ role: 'assistant', content: '', tool_calls: [{ function: { name: 'f', arguments: '{}' } }] })).toBe(400);
    expect(await ask({ role: 'user', content: 'Hi', images: ['AAAA'] })).toBe(200);
  });
});

describe('LM Studio', () => {
  it('answers any path with 200 and an error', async () => {
    emulator = await startLmStudio();
    expect(await call('/chat/completions', { messages })).toMatchObject({
      status: 200,
      text: '{"error":"Unexpected endpoint or method. (POST /chat/completions)"}',
    });
  });

  it('says at 200 that the prompt is too long', async () => {
    emulator = await startLmStudio();
    const long = [{ role: 'user', content: 'word '.repeat(5000) }];
    const answer = await call('/v1/chat/completions', { model: 'any', messages: long, stream });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.text).toMatch(/^event: error\ndata: /);
  });
});

describe('vLLM', () => {
  it('refuses a key with a bare string and without CORS headers', async () => {
    emulator = await startVllm({ apiKey: 'right' });
    const refused = await call('/v1/models', undefined, { authorization: 'Bearer wrong' });
    expect(refused).toMatchObject({ status: 401, text: '{"error":"Unauthorized"}' });
    expect(refused.headers.has('access-control-allow-origin')).toBe(false);
    expect((await call('/tokenize', { prompt: 'Hi there' })).text).toContain('"count":2');
  });

  it('wants JSON, numbers its errors, and writes sixteen tokens of text', async () => {
    emulator = await startVllm({ scenario: { count: 50 } });
    expect((await call('/v1/chat/completions', { messages }, { 'content-type': 'text/plain' })).status).toBe(400);
    expect(JSON.parse((await call('/v1/chat/completions', { model: 'x', messages })).text).error.code).toBe(404);
    const text = JSON.parse((await call('/v1/completions', { prompt: 'Hi' })).text);
    expect(text.usage.completion_tokens).toBe(16);
    expect(text.choices[0].finish_reason).toBe('length');
  });
});
