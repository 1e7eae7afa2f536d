import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { detect, discover } from './detect.ts';
import { knownLocalAddresses } from './known-addresses.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

type Answers = Record<string, unknown>;

const list = (id: string, more: object = {}) => ({ object: 'list', data: [{ id, object: 'model', ...more }] });
const wellKnown = (name: string, version: string) => ({ '/.well-known/serviceinfo': { version: '0.2', software: { name, version } } });

const koboldCpp: Answers = {
  ...wellKnown('KoboldCpp', '1.111'),
  '/api/extra/version': { result: 'KoboldCpp', version: '1.111', protected: false },
  '/api/v1/info/version': { result: '1.2.5' },
  '/api/v1/model': { result: 'koboldcpp/tiny' },
  // It plays Ollama and llama.cpp too.
  '/': 'Ollama is running',
  '/api/version': { version: '0.7.0' },
  '/api/tags': { models: [] },
  '/props': { default_generation_settings: { n_ctx: 8192 }, build_info: 'b1' },
  '/v1/models': list('koboldcpp/tiny', { owned_by: 'koboldcpp' }),
};

const tabby: Answers = {
  ...wellKnown('TabbyAPI', '0.1'),
  // With its Kobold mode on.
  '/api/extra/version': { result: 'KoboldCpp', version: '1.74' },
  '/api/v1/info/version': { result: '1.2.5' },
  '/props': { default_generation_settings: { n_ctx: 4096 } },
  '/v1/models': [401, { detail: 'Please provide an API key' }],
  '/v1/model': [401, { detail: 'Please provide an API key' }],
};

const llamaCpp: Answers = {
  '/props': { default_generation_settings: { n_ctx: 4096 }, build_info: 'b6500-1a2b3c4d', total_slots: 1 },
  '/v1/models': { models: [{ name: 'x' }], ...list('/m/tiny.gguf', { owned_by: 'llamacpp', meta: { n_ctx: 4096 } }) },
  '/models': list('/m/tiny.gguf'),
};

const ollama: Answers = {
  '/': 'Ollama is running',
  '/api/version': { version: '0.33.0' },
  '/api/tags': { models: [{ name: 'llama3.2:latest', size: 1, capabilities: ['completion'] }] },
  '/api/ps': { models: [] },
  '/v1/models': list('llama3.2:latest', { owned_by: 'library' }),
};

const lmStudio: Answers = {
  '/api/v0/models': list('qwen', { state: 'not-loaded', compatibility_type: 'gguf', max_context_length: 32768, type: 'llm' }),
  '/v1/models': list('qwen', { owned_by: 'organization_owner' }),
  '*': [200, { error: 'Unexpected endpoint or method. (GET /x)' }],
};

describe('detect', () => {
  it.each<[string, Answers, object]>([
    ['KoboldCpp, which plays everybody', koboldCpp, { version: 'KoboldCpp 1.111' }],
    ['an old KoboldCpp', { ...koboldCpp, '/.well-known/serviceinfo': [404, ''] }, { version: 'KoboldCpp 1.111' }],
    ['TabbyAPI, which plays KoboldCpp', tabby, { version: 'TabbyAPI 0.1', needsKey: true }],
    ['an old TabbyAPI', { ...tabby, '/.well-known/serviceinfo': [404, ''] }, { version: 'TabbyAPI' }],
    [
      'text-generation-webui',
      { '/v1/internal/model/info': { model_name: 'tiny', lora_names: [] }, '/v1/models': list('tiny') },
      { version: 'text-generation-webui' },
    ],
    ['text-generation-webui with a key', { '/v1/internal/model/info': [401, { detail: 'Unauthorized' }] }, { needsKey: true }],
    [
      'llama.cpp',
      llamaCpp,
      { backend: 'llamacpp', version: 'llama.cpp b6500-1a2b3c4d', models: [{ id: '/m/tiny.gguf', name: 'tiny', contextWindow: 4096 }] },
    ],
    [
      'llama.cpp with a key',
      { '*': [401, { error: { message: 'Invalid API Key' } }, { server: 'llama.cpp' }] },
      { backend: 'llamacpp', needsKey: true, models: [] },
    ],
    [
      'llama.cpp that is loading',
      { '*': [503, { error: { message: 'Loading model' } }, { server: 'llama.cpp' }] },
      { backend: 'llamacpp', models: [] },
    ],
    ['Ollama', ollama, { backend: 'ollama', version: 'Ollama 0.33.0', models: [{ id: 'llama3.2:latest' }] }],
    ['LM Studio, which says 200 to everything', lmStudio, { backend: 'lmstudio', models: [{ id: 'qwen' }] }],
    [
      'LM Studio without a model',
      { '*': lmStudio['*'], '/api/v0/models': { object: 'list', data: [] }, '/v1/models': { data: [] } },
      { backend: 'lmstudio' },
    ],
    [
      'vLLM',
      { '/version': { version: '0.9.1' }, '/v1/models': list('org/tiny', { owned_by: 'vllm', max_model_len: 8192 }) },
      { backend: 'vllm', version: 'vLLM 0.9.1', models: [{ contextWindow: 8192 }] },
    ],
    [
      'vLLM with a key',
      { '/version': { version: '0.9.1' }, '/v1/models': [401, { error: 'Unauthorized' }] },
      { backend: 'vllm', needsKey: true },
    ],
    ['KoboldAI', { '/api/v1/info/version': { result: '1.2.6' }, '/api/v1/model': { result: 'x' } }, { version: 'KoboldAI (API 1.2.6)' }],
    ['the old text-generation-webui', { '/api/v1/model': { result: 'x' } }, { version: 'text-generation-webui (old API)' }],
    ['anything that speaks like OpenAI', { '/v1/models': list('a') }, { backend: 'custom', models: [{ id: 'a' }] }],
    [
      'anything that speaks like OpenAI and wants a key',
      { '/v1/models': [401, { error: { message: 'no' } }] },
      { backend: 'custom', needsKey: true },
    ],
  ])('knows %s', async (_what, answers, expected) => {
    const url = await serve(answers);
    const [found] = await detect(`${url}/v1/`, { signal: AbortSignal.timeout(5000) });
    expect(found).toMatchObject({ baseUrl: url, ...expected });
  });

  it('keeps a path that leads to the models', async () => {
    const url = await serve({ '/v1beta/openai/models': list('a') });
    expect(await detect(`${url}/v1beta/openai/`, { signal: AbortSignal.timeout(5000) })).toMatchObject([
      { backend: 'custom', baseUrl: `${url}/v1beta/openai`, models: [{ id: 'a' }] },
    ]);
  });

  it('sends a key only to a server that asked for one, and only to list its models', async () => {
    const seen: (string | undefined)[] = [];
    const open = await serve(ollama, ({ authorization }) => seen.push(authorization));
    await detect(open, { signal: AbortSignal.timeout(5000), key: 'secret-key' });
    expect(seen.every((key) => key === undefined)).toBe(true);

    const paths: string[] = [];
    const keyed = await serve(
      { '/v1/models': [401, { error: { message: 'no' } }] },
      ({ authorization }, path) => authorization && paths.push(`${authorization} ${path}`),
    );
    await detect(keyed, { signal: AbortSignal.timeout(5000), key: 'secret-key' });
    expect(paths).toEqual(['Bearer secret-key /v1/models']);
  });

  it('finds nothing in a web page, and says that nothing answers where nothing does', async () => {
    const page = await serve({ '*': [200, '<!doctype html><title>Router</title>', { 'content-type': 'text/html' }] });
    expect(await detect(page, { signal: AbortSignal.timeout(5000) })).toEqual([]);
    await expect(detect('http://127.0.0.1:9', { signal: AbortSignal.timeout(5000) })).rejects.toMatchObject({ code: 'unreachable' });
    await expect(detect('file:///etc/passwd', { signal: AbortSignal.timeout(5000) })).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('finds a server of this device behind https, which was typed by habit', async () => {
    const url = await serve(ollama);
    expect(await detect(url.replace('http:', 'https:'), { signal: AbortSignal.timeout(5_000) })).toMatchObject([
      { backend: 'ollama', baseUrl: url },
    ]);
  });

  it('knows clouds by their name, without a question', async () => {
    const fetch = () => {
      throw new Error('something was sent');
    };
    const signal = new AbortController().signal;
    expect(await detect('api.openai.com/v1', { signal, fetch })).toEqual([
      { backend: 'openai', baseUrl: 'https://api.openai.com', models: [], needsKey: true },
    ]);
    expect(await detect('https://openrouter.ai/api/v1', { signal, fetch })).toMatchObject([{ backend: 'openrouter' }]);
  });
});

describe('discover', () => {
  it('finds the servers of this device, asks no other ports, and is quick', async () => {
    const url = await serve(ollama);
    const asked = new Set<string>();
    const elsewhere: typeof fetch = (input, init) => {
      const { origin } = new URL(String(input));
      asked.add(origin);
      // The emulator stands in for port 11434; the other ports are free, or silent.
      if (origin === 'http://127.0.0.1:11434') return fetch(String(input).replace(origin, url), init);
      if (origin === 'http://127.0.0.1:8000')
        return new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
      return Promise.reject(new TypeError('Failed to fetch'));
    };
    const started = performance.now();
    const found = await discover({ signal: AbortSignal.timeout(5000), fetch: elsewhere });
    expect(found).toMatchObject([{ backend: 'ollama', baseUrl: 'http://127.0.0.1:11434', models: [{ id: 'llama3.2:latest' }] }]);
    expect([...asked].sort()).toEqual([...knownLocalAddresses].sort());
    expect(performance.now() - started).toBeLessThan(4000);
  });
});

async function serve(answers: Answers, seen?: (headers: { authorization?: string }, path: string) => void): Promise<string> {
  const server = createServer((request, response) => {
    seen?.(request.headers as { authorization?: string }, request.url ?? '');
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const answer = answers[request.method === 'GET' ? pathname : '*'] ?? answers['*'] ?? [404, { detail: 'Not Found' }];
    const [status, body, headers] = Array.isArray(answer)
      ? (answer as [number, unknown, Record<string, string>?])
      : ([200, answer] as const);
    const type = typeof body === 'string' ? 'text/plain' : 'application/json';
    response.writeHead(status, { 'content-type': type, ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
