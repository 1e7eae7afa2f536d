import { afterEach, describe, expect, it } from 'vitest';
import { type LmStudioOptions, startLmStudio } from '../../testing/emulators/lmstudio.ts';
import { asObject } from '../../testing/kit/exchange.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
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

  it('loads and unloads', async () => {
    const engine = await open();
    const id = 'llava-v1.6-mistral-7b';
    const isLoaded = async () => (await engine.models?.(unstopped()))?.find((each) => each.id === id)?.loaded;
    expect(textOf(await collect(engine.load?.(id, unstopped())))).toBe('');
    expect(await isLoaded()).toBe(true);
    await engine.unload?.(id, unstopped());
    expect(await isLoaded()).toBe(false);
  });

  it('knows every instance of a model', () => {
    const models = [
      { key: 'a', loaded_instances: [{ id: 'a' }, { id: 'a:2' }] },
      { key: 'b', loaded_instances: [{ id: 'mine' }] },
    ];
    expect(instancesOf({ models }, 'a')).toEqual(['a', 'a:2']);
    expect(instancesOf({ models }, 'mine')).toEqual(['mine']);
    expect(instancesOf({}, 'a')).toEqual([]);
  });
});
