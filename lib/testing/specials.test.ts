import { afterEach, describe, expect, it } from 'vitest';
import { backends } from '../backends/all.ts';
import type { Backend, Engine } from '../backends/backend.ts';
import { createHttp } from '../backends/http.ts';
import type { ChatRequest } from '../protocol/request.ts';
import { type Collected, collect } from './contract/stage.ts';
import { startLlamaCpp } from './emulators/llamacpp.ts';
import { startLmStudio } from './emulators/lmstudio.ts';
import { startOllama } from './emulators/ollama.ts';
import { startOpenAi } from './emulators/openai.ts';
import { startOpenRouter } from './emulators/openrouter.ts';
import { startVllm } from './emulators/vllm.ts';
import { asObject } from './kit/exchange.ts';
import type { Emulator } from './kit/start-emulator.ts';
import { openEngine, unstopped, userMessage } from './open-engine.ts';
import { stockTokens } from './openai-shape/plan-reply.ts';

let emulator: Emulator;
let engine: Engine;
afterEach(() => emulator.close());

// biome-ignore lint/suspicious/noExplicitAny: any backend; its schema checks the configuration.
async function connect(backend: Backend<any>, starting: Promise<Emulator>): Promise<void> {
  emulator = await starting;
  engine = openEngine(backend, { baseUrl: emulator.url });
}

function chat(model: string, more: Partial<ChatRequest> = {}): Promise<Collected> {
  if (!engine.chat) throw new Error('The engine has no chat.');
  return collect(engine.chat({ model, messages: [userMessage('Hi')], ...more }, unstopped()));
}

function overlong(words = 20_000): Partial<ChatRequest> {
  return { messages: [userMessage('word '.repeat(words))] };
}

const stock = stockTokens.join('');
const image = { messages: [{ role: 'user' as const, content: [{ type: 'image' as const, mediaType: 'image/png', data: 'AAAA' }] }] };

describe('llama.cpp', () => {
  const model = '/models/tiny-instruct-q4.gguf';

  it('of early 2025 tells its usage and its errors in its own way', async () => {
    await connect(backends.llamacpp, startLlamaCpp({ old: true }));
    expect((await chat(model)).parts.at(-1)).toMatchObject({ type: 'end', usage: { outputTokens: stockTokens.length } });
    emulator.next({ failAt: 2, chunking: 'byte' });
    expect(await chat(model)).toMatchObject({ text: 'Hello from', error: { code: 'backend-error' } });
  });

  it('is waited for while it loads its model', async () => {
    await connect(backends.llamacpp, startLlamaCpp({ loadingRequests: 2 }));
    const { parts, text } = await chat(model);
    expect(parts[0]).toMatchObject({ type: 'loading' });
    expect(text).toBe(stock);
  });

  it('says that the messages are too long, and that it cannot see', async () => {
    await connect(backends.llamacpp, startLlamaCpp());
    expect((await chat(model, overlong())).error).toMatchObject({ code: 'context-length' });
    expect((await chat(model, image)).error).toMatchObject({ code: 'not-supported' });
  });

  it('as a router lists what is loaded, loads and unloads', async () => {
    await connect(backends.llamacpp, startLlamaCpp({ router: ['one', 'two'] }));
    const loaded = async () => (await engine.models?.(unstopped()))?.filter((listed) => listed.loaded).map((listed) => listed.id);
    expect(await loaded()).toEqual([]);
    if (engine.load) await collect(engine.load('two', unstopped()));
    expect(await loaded()).toEqual(['two']);
    await engine.unload?.('two', unstopped());
    expect(await loaded()).toEqual([]);
  });
});

describe('Ollama', () => {
  it('that refuses extensions is told with what to do about it', async () => {
    await connect(backends.ollama, startOllama());
    const http = createHttp({
      allowedOrigins: [emulator.url],
      secrets: () => [],
      place: 'device',
      fetch: (input, init) => {
        const headers = new Headers(init?.headers);
        // As browsers do it: an Origin with POST, none with GET.
        if (init?.method === 'POST') headers.set('origin', 'chrome-extension://abcdefghijklmnop');
        return fetch(input, { ...init, headers });
      },
    });
    engine = backends.ollama.open({ baseUrl: emulator.url }, { http, secret: () => undefined });
    expect((await engine.models?.(unstopped()))?.length).toBeGreaterThan(0);
    const { error } = await chat('llama3.2');
    expect(error).toMatchObject({ code: 'unauthorized' });
    expect(error?.message).toContain('OLLAMA_ORIGINS');
  });

  it('keeps thoughts apart, and thinks not at all where asked not to', async () => {
    await connect(backends.ollama, startOllama());
    expect(await chat('qwen3:4b')).toMatchObject({ thought: 'Let me think.', text: stock });
    expect(await chat('qwen3:4b', { thinking: { effort: 'none' } })).toMatchObject({ thought: '', text: stock });
  });

  it('loads, tells the window it really has, and unloads', async () => {
    await connect(backends.ollama, startOllama({ contextWindow: 2048 }));
    const llama = async () => (await engine.models?.(unstopped()))?.find((model) => model.id === 'llama3.2:latest');
    expect(await llama()).toMatchObject({ loaded: false, abilities: expect.arrayContaining(['chat', 'tools']) });
    if (engine.load) await collect(engine.load('llama3.2:latest', unstopped()));
    expect(await llama()).toMatchObject({ loaded: true });
    expect(await (await fetch(`${emulator.url}/api/ps`)).json()).toMatchObject({ models: [{ context_length: 8192 }] });
    await engine.unload?.('llama3.2:latest', unstopped());
    expect(await llama()).toMatchObject({ loaded: false });
  });

  it('gives the raw prompt to the model as it is', async () => {
    await connect(backends.ollama, startOllama());
    if (engine.text) await collect(engine.text({ model: 'llama3.2', prompt: 'Once upon' }, unstopped()));
    expect(emulator.requests.at(-1)).toMatchObject({ path: '/api/generate', body: { prompt: 'Once upon', raw: true } });
  });
});

describe('LM Studio', () => {
  const model = 'qwen2.5-7b-instruct';

  it('says at 200 that the messages are too long, with words or without any', async () => {
    await connect(backends.lmstudio, startLmStudio());
    expect((await chat(model, overlong(4200))).error).toMatchObject({ code: 'context-length' });
    await emulator.close();
    await connect(backends.lmstudio, startLmStudio({ overflow: 'empty' }));
    expect((await chat(model, overlong(4200))).error?.name).toBe('SwitchboardError');
  });

  it('without a model says so', async () => {
    await connect(backends.lmstudio, startLmStudio({ jit: false, models: [] }));
    expect((await chat(model)).error).toMatchObject({ code: 'model-not-found' });
  });

  it('of any version lists its models', async () => {
    await connect(backends.lmstudio, startLmStudio());
    expect((await engine.models?.(unstopped()))?.[0]).toMatchObject({ id: model, loaded: true, contextWindow: 4096 });
    await emulator.close();
    await connect(backends.lmstudio, startLmStudio({ old: true }));
    expect((await engine.models?.(unstopped()))?.[0]).toMatchObject({ id: model });
    expect((await chat('no-such-model?failure=model-not-found')).error).toMatchObject({ code: 'model-not-found' });
  });

  it('is asked for JSON and for one tool in forms it takes', async () => {
    await connect(backends.lmstudio, startLmStudio());
    const json = await chat(model, { responseFormat: { type: 'json' } });
    expect(asObject(JSON.parse(json.text))).toEqual({});
    const tools = [{ name: 'first' }, { name: 'second' }];
    const { parts } = await chat(model, { tools, toolChoice: { name: 'second' } });
    expect(parts.find((part) => part.type === 'tool-call')).toMatchObject({ name: 'second' });
  });

  it('loads and unloads', async () => {
    await connect(backends.lmstudio, startLmStudio());
    const llava = async () => (await engine.models?.(unstopped()))?.find((each) => each.id.startsWith('llava'))?.loaded;
    if (engine.load) await collect(engine.load('llava-v1.6-mistral-7b', unstopped()));
    expect(await llava()).toBe(true);
    await engine.unload?.('llava-v1.6-mistral-7b', unstopped());
    expect(await llava()).toBe(false);
  });
});

describe('vLLM', () => {
  const model = 'org/tiny-instruct';

  it('of 2024 has its errors understood without their wrapper', async () => {
    await connect(backends.vllm, startVllm({ old: true }));
    expect((await chat('another')).error).toMatchObject({ code: 'model-not-found' });
    expect((await chat(model, overlong())).error).toMatchObject({ code: 'context-length' });
    emulator.next({ failAt: 2 });
    expect(await chat(model)).toMatchObject({ text: 'Hello from', error: { code: 'backend-error' } });
  });

  it('holds the answer to a regular expression', async () => {
    await connect(backends.vllm, startVllm());
    expect((await chat(model, { responseFormat: { type: 'regex', pattern: '^(yes|no)!$' } })).text).toBe('yes!');
  });
});

describe('OpenAI', () => {
  it('is asked for a reasoning model only what that takes', async () => {
    await connect(backends.openai, startOpenAi());
    const limited = await chat('gpt-5.4-mini', {
      maxOutputTokens: 3,
      sampling: { temperature: 0.2, topP: 0.5, presencePenalty: 1 },
      thinking: { effort: 'low' },
    });
    expect(limited.error).toBeUndefined();
    expect(limited.parts.at(-1)).toMatchObject({ type: 'end', reason: 'length' });
    expect(emulator.requests.at(-1)?.body).toMatchObject({ max_output_tokens: 3, reasoning: { effort: 'low' } });
  });

  it('without credit is not asked again', async () => {
    await connect(backends.openai, startOpenAi({ scenario: { failure: 'out-of-credit', retryAfter: '0' } }));
    expect((await chat('gpt-4o-mini')).error).toMatchObject({ code: 'payment-required' });
    expect(emulator.requests).toHaveLength(1);
  });

  it('marks a refusal, and gives log probabilities', async () => {
    await connect(backends.openai, startOpenAi());
    emulator.next({ refusal: 'I will not.' });
    const refused = await chat('gpt-4o-mini');
    expect(refused.text).toBe('I will not.');
    expect(refused.parts[0]).toMatchObject({ type: 'text', refusal: true });
    const { parts } = await chat('gpt-4o-mini', { logprobs: { top: 2 } });
    expect(parts[0]).toMatchObject({ logprobs: [{ token: 'Hello', logprob: -0.125, top: [{ token: 'Hello' }, { token: 'Hello~1' }] }] });
  });
});

describe('OpenRouter', () => {
  it('tells what an answer cost, what models cost, and what is left', async () => {
    await connect(backends.openrouter, startOpenRouter());
    const end = (await chat('vendor/model')).parts.at(-1);
    // One token in at 0.2 $ and eleven out at 0.8 $ a million.
    expect(end?.type === 'end' && end.usage?.costMicroUsd).toBeCloseTo(9, 5);
    const [priced, free] = (await engine.models?.(unstopped())) ?? [];
    expect(priced).toMatchObject({
      name: 'Vendor: Model',
      contextWindow: 131_072,
      maxOutputTokens: 16_384,
      price: { inputMicroUsdPerMillion: 200_000, outputMicroUsdPerMillion: 800_000 },
    });
    expect(free?.price).toMatchObject({ inputMicroUsdPerMillion: 0, outputMicroUsdPerMillion: 0 });
    expect(await engine.account?.(unstopped())).toMatchObject({ creditMicroUsd: 7_500_000 });
  });

  it('has its error beside a choice understood', async () => {
    await connect(backends.openrouter, startOpenRouter());
    emulator.next({ failAt: 2, failure: 'rate-limited', pings: true });
    expect(await chat('vendor/model')).toMatchObject({ text: 'Hello from', error: { code: 'rate-limited' } });
  });
});
