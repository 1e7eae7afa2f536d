import { afterEach, describe, expect, it } from 'vitest';
import { type OllamaOptions, startOllama } from '../../testing/emulators/ollama.ts';
import { asObject } from '../../testing/kit/exchange.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { createHttp } from '../http.ts';
import { ollamaModels, wantedWindow } from './models.ts';
import { ollama } from './ollama.ts';

let emulator: Emulator;
afterEach(() => emulator.close());

async function open(options: OllamaOptions = {}) {
  emulator = await startOllama(options);
  return openEngine(ollama, { baseUrl: emulator.url });
}

describe('Ollama', () => {
  it('lists models with abilities, and the window of those that are loaded', async () => {
    const engine = await open({ contextWindow: 4096 });
    await collect(engine.chat?.({ model: 'qwen3:4b', messages: [userMessage('Hi')] }, unstopped()));
    const models = await engine.models?.(unstopped());
    expect(models?.find(({ id }) => id === 'qwen3:4b')).toMatchObject({
      loaded: true,
      contextWindow: 4096,
      abilities: ['chat', 'text', 'schema', 'tools', 'thinking'],
    });
    expect(models?.find(({ id }) => id === 'llava:7b')).toMatchObject({
      loaded: false,
      abilities: ['chat', 'text', 'schema', 'images'],
      sizeBytes: 2_019_393_189,
    });
    expect(models?.find(({ id }) => id === 'nomic-embed-text:latest')?.abilities).toEqual(['embed']);
    expect(await engine.contextWindow?.('qwen3:4b', unstopped())).toBe(4096);
    expect(await engine.contextWindow?.('llava:7b', unstopped())).toBeUndefined();
  });

  it('is asked model by model where its list tells no abilities', async () => {
    const asked: string[] = [];
    const models = await ollamaModels({ models: [{ name: 'a' }, { name: 'b' }, { name: 'a' }, null] }, {}, async (name) => {
      asked.push(name);
      if (name === 'b') throw new Error('gone');
      return { capabilities: ['completion', 'tools', 7], parameters: 'temperature 1\nnum_ctx                        2048' };
    });
    expect(asked).toEqual(['a', 'b']);
    expect(models).toEqual([
      { id: 'a', loaded: false, abilities: ['chat', 'text', 'schema', 'tools'], contextWindow: 2048 },
      { id: 'b', loaded: false },
    ]);
    expect(wantedWindow({ parameters: 'stop "x"' })).toBeUndefined();
  });

  it('takes a prompt as it is, over its own route', async () => {
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
      body: { prompt: 'Once ', raw: true, options: { num_predict: 900, stop: ['~'], seed: 1, top_k: 5 } },
    });
  });

  it('fills in the middle with its template, and shapes text by a schema', async () => {
    const engine = await open();
    await collect(
      engine.text?.(
        { model: 'llama3.2', prompt: 'a', suffix: 'b', responseFormat: { type: 'json-schema', schema: { type: 'object' } } },
        unstopped(),
      ),
    );
    const body = asObject(emulator.requests.at(-1)?.body);
    expect(body).toMatchObject({ suffix: 'b', format: { type: 'object' } });
    expect(body).not.toHaveProperty('raw');
    await expect(
      collect(engine.text?.({ model: 'm', prompt: 'a', responseFormat: { type: 'regex', pattern: 'a' } }, unstopped())),
    ).rejects.toMatchObject({ code: 'not-supported' });
  });

  it('tells an error and a cut in the middle of raw text', async () => {
    const engine = await open();
    const ask = () => collect(engine.text?.({ model: 'llama3.2', prompt: 'a' }, unstopped()));
    emulator.scenario = { failAt: 2, failure: 'server' };
    await expect(ask()).rejects.toMatchObject({ code: 'backend-error' });
    emulator.scenario = { failAt: 2, failMode: 'cut' };
    await expect(ask()).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('loads and unloads', async () => {
    const engine = await open();
    const isLoaded = async () => (await engine.models?.(unstopped()))?.find(({ id }) => id === 'qwen3:4b')?.loaded;
    expect(await collect(engine.load?.('qwen3:4b', unstopped()))).toEqual([{ type: 'loading' }]);
    expect(await isLoaded()).toBe(true);
    await engine.unload?.('qwen3:4b', unstopped());
    expect(await isLoaded()).toBe(false);
  });

  it('says what to do where it refuses extensions, which only a POST shows', async () => {
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
    await expect(collect(engine.chat?.({ model: 'qwen3:4b', messages: [userMessage('Hi')] }, unstopped()))).rejects.toMatchObject(refused);
  });

  it('says how to get a model where there is none', async () => {
    await expect((await open({ models: [] })).test?.(unstopped())).rejects.toMatchObject({
      code: 'model-not-found',
      message: expect.stringContaining('ollama pull'),
    });
  });
});
