import { afterEach, describe, expect, it } from 'vitest';
import { type LmStudioOptions, startLmStudio } from '../../testing/emulators/lmstudio.ts';
import { asObject } from '../../testing/kit/exchange.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, unstopped, userMessage } from '../../testing/open-engine.ts';
import { lmstudio } from './lmstudio.ts';
import { instancesOf, lmStudioModels } from './models.ts';

let emulator: Emulator;
afterEach(() => emulator?.close());

async function open(options: LmStudioOptions = {}) {
  emulator = await startLmStudio(options);
  return openEngine(lmstudio, { baseUrl: `${emulator.url}/v1` });
}

const model = 'qwen2.5-7b-instruct';
const long = { model, messages: [userMessage('word '.repeat(6000))] };

describe('LM Studio', () => {
  it('lists models with the window they were loaded with', async () => {
    const engine = await open();
    expect(await engine.models?.(unstopped())).toMatchObject([
      { id: model, name: 'Qwen2.5 7B Instruct', loaded: true, contextWindow: 4096, abilities: ['chat', 'text', 'schema', 'tools'] },
      { loaded: false, contextWindow: 32_768, abilities: ['chat', 'text', 'schema', 'images'] },
      { abilities: ['embed'] },
    ]);
    expect(await engine.contextWindow?.(model, unstopped())).toBe(4096);
  });

  it('lists models by its older routes too', async () => {
    const list = {
      data: [
        { id: 'a', type: 'vlm', state: 'loaded', max_context_length: 100, loaded_context_length: 50, capabilities: ['tool_use'] },
        { id: 'b', type: 'embeddings', state: 'not-loaded' },
        {},
      ],
    };
    expect(lmStudioModels(list)).toEqual([
      { id: 'a', loaded: true, contextWindow: 50, abilities: ['chat', 'text', 'schema', 'images', 'tools'] },
      { id: 'b', loaded: false, abilities: ['embed'] },
    ]);
    const old = await (await open({ old: true })).models?.(unstopped());
    expect(old?.map(({ id }) => id)).toContain(model);
  });

  it.each(['event', 'empty'] as const)('says that a prompt is too long, however the server says it (%s)', async (overflow) => {
    const engine = await open({ overflow });
    await expect(collect(engine.chat?.(long, unstopped()))).rejects.toMatchObject({ code: 'context-length' });
  });

  it('takes an error for one though its status is 200', async () => {
    emulator = await startLmStudio();
    const engine = openEngine(lmstudio, { baseUrl: `${emulator.url}/wrong` });
    await expect(collect(engine.chat?.({ model, messages: [userMessage('Hi')] }, unstopped()))).rejects.toMatchObject({
      code: 'bad-response',
      message: expect.stringContaining('path'),
    });
    await expect(engine.models?.(unstopped())).rejects.toMatchObject({ code: 'bad-response' });
  });

  it('asks for JSON by a schema, and for one tool by offering no other', async () => {
    const engine = await open();
    const tools = [{ name: 'f', parameters: { type: 'object', properties: {} } }, { name: 'g' }];
    await collect(engine.chat?.({ model, messages: [userMessage('Hi')], responseFormat: { type: 'json' } }, unstopped()));
    expect(asObject(emulator.requests.at(-1)?.body).response_format).toMatchObject({ type: 'json_schema' });
    await collect(engine.chat?.({ model, messages: [userMessage('Hi')], tools, toolChoice: { name: 'f' } }, unstopped()));
    expect(emulator.requests.at(-1)?.body).toMatchObject({ tool_choice: 'required', tools: [{ function: { name: 'f' } }] });
  });

  it('loads with the context of the settings, once, and unloads', async () => {
    emulator = await startLmStudio();
    const engine = openEngine(lmstudio, { baseUrl: emulator.url, contextLength: 16_384 });
    const id = 'llava-v1.6-mistral-7b';
    const find = async () => (await engine.models?.(unstopped()))?.find((each) => each.id === id);
    expect(await collect(engine.load?.(id, unstopped()))).toEqual([{ type: 'loading' }]);
    expect(await find()).toMatchObject({ loaded: true, contextWindow: 16_384 });
    expect(await collect(engine.load?.(id, unstopped()))).toEqual([]);
    expect(emulator.requests.filter(({ path }) => path === '/api/v1/models/load')).toHaveLength(1);
    await engine.unload?.(id, unstopped());
    expect(await find()).toMatchObject({ loaded: false });
  });

  it('loads anew what was loaded with another context', async () => {
    emulator = await startLmStudio();
    const engine = openEngine(lmstudio, { baseUrl: emulator.url, contextLength: 8192 });
    await collect(engine.load?.(model, unstopped()));
    expect(emulator.requests.map(({ method, path }) => method === 'POST' && path).filter(Boolean)).toEqual([
      '/api/v1/models/unload',
      '/api/v1/models/load',
    ]);
    expect(await engine.contextWindow?.(model, unstopped())).toBe(8192);
  });

  it('leaves a loaded model alone where no context was set', async () => {
    const engine = await open();
    expect(await collect(engine.load?.(model, unstopped()))).toEqual([]);
    expect(emulator.requests.some(({ path }) => path.endsWith('/load'))).toBe(false);
  });

  it('has a model downloaded, looks how far it is, and says where that fails', async () => {
    const engine = await open();
    const parts = await collect(engine.pull?.('qwen/qwen3-4b-2507', unstopped()));
    const totalBytes = 2_279_145_003;
    expect(parts).toEqual([
      { type: 'loading', progress: 0, bytes: 0, totalBytes },
      { type: 'loading', progress: expect.closeTo(1 / 3), bytes: expect.closeTo(totalBytes / 3), totalBytes },
      { type: 'loading', progress: expect.closeTo(2 / 3), bytes: expect.closeTo((totalBytes * 2) / 3), totalBytes },
      { type: 'loading', progress: 1 },
    ]);
    expect((await engine.models?.(unstopped()))?.some(({ id }) => id === 'qwen/qwen3-4b-2507')).toBe(true);
    expect(await collect(engine.pull?.('qwen/qwen3-4b-2507', unstopped()))).toEqual([{ type: 'loading', progress: 1 }]);
    await expect(collect(engine.pull?.('org/broken', unstopped()))).rejects.toMatchObject({ code: 'backend-error' });
    await expect(collect(engine.pull?.('nonsense', unstopped()))).rejects.toMatchObject({ code: 'model-not-found' });
  }, 15_000);

  it('says what to do where its version cannot be told to load', async () => {
    const engine = await open({ old: true });
    const refused = { code: 'not-supported', message: expect.stringContaining('update to 0.4') };
    await expect(collect(engine.load?.(model, unstopped()))).rejects.toMatchObject(refused);
    await expect(engine.unload?.(model, unstopped())).rejects.toMatchObject(refused);
    await expect(collect(engine.pull?.('a/b', unstopped()))).rejects.toMatchObject(refused);
  });

  it('knows every instance of a model', () => {
    const models = [
      { key: 'a', loaded_instances: [{ id: 'a', config: { context_length: 9 } }, { id: 'a:2' }] },
      { key: 'b', loaded_instances: [{ id: 'mine' }] },
    ];
    expect(instancesOf({ models }, 'a')).toEqual([
      { id: 'a', contextWindow: 9 },
      { id: 'a:2', contextWindow: undefined },
    ]);
    expect(instancesOf({ models }, 'mine')).toMatchObject([{ id: 'mine' }]);
    expect(instancesOf({}, 'a')).toEqual([]);
  });
});
