import { afterEach, describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../protocol/request.ts';
import { type OllamaOptions, startOllama } from '../../testing/emulators/ollama.ts';
import { asObject } from '../../testing/kit/exchange.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, unstopped, userMessage } from '../../testing/open-engine.ts';
import type { Engine } from '../backend.ts';
import { ollama } from './ollama.ts';
import { pullParts } from './pull.ts';

let emulator: Emulator;
afterEach(() => emulator.close());

async function open(options: OllamaOptions = {}, config: object = {}): Promise<Engine> {
  emulator = await startOllama(options);
  return openEngine(ollama, { baseUrl: emulator.url, ...config });
}

const ask = (engine: Engine, more: Partial<ChatRequest> = {}) =>
  collect(engine.chat?.({ model: 'qwen3:4b', messages: [userMessage('Hi')], ...more }, unstopped()));
const sent = () => asObject(emulator.requests.findLast(({ wantsAnswer }) => wantsAnswer)?.body);

describe('the models of Ollama', () => {
  it('are listed with abilities, and with the window they can have', async () => {
    const engine = await open();
    const listed = await engine.models?.(unstopped());
    expect(listed?.find(({ id }) => id === 'qwen3:4b')).toMatchObject({
      loaded: false,
      contextWindow: 32_768,
      abilities: ['chat', 'text', 'schema', 'tools', 'thinking'],
    });
    expect(listed?.find(({ id }) => id === 'llava:7b')).toMatchObject({
      abilities: ['chat', 'text', 'schema', 'images'],
      sizeBytes: 2_019_393_189,
    });
    expect(listed?.find(({ id }) => id === 'nomic-embed-text:latest')).toMatchObject({ abilities: ['embed'], contextWindow: 2048 });
  });

  it('are asked for one by one where the list tells no abilities', async () => {
    const tags = { models: [{ name: 'llama3.2:latest', size: 1 }, { name: 'gone:1b' }, { name: 'llama3.2:latest' }, null] };
    const engine = await open({ alsoAnswers: { 'GET /api/tags': tags } });
    expect(await engine.models?.(unstopped())).toEqual([
      { id: 'llama3.2:latest', loaded: false, sizeBytes: 1, abilities: ['chat', 'text', 'schema', 'tools'], contextWindow: 32_768 },
      { id: 'gone:1b', loaded: false },
    ]);
  });

  it.each(['qwen3:4b', 'nomic-embed-text:latest'])('load and unload (%s)', async (model) => {
    const engine = await open({}, { keepAlive: '-1' });
    const isLoaded = async () => (await engine.models?.(unstopped()))?.find(({ id }) => id === model)?.loaded;
    expect(await collect(engine.load?.(model, unstopped()))).toEqual([{ type: 'loading' }]);
    expect(sent()).toMatchObject({ keep_alive: -1 });
    expect(await isLoaded()).toBe(true);
    await engine.unload?.(model, unstopped());
    expect(await isLoaded()).toBe(false);
  });

  it('load with the context their first answer needs', async () => {
    const engine = await open();
    await collect(engine.load?.('qwen3:4b', unstopped()));
    expect(sent()).toMatchObject({ messages: [], options: { num_ctx: 8192 } });
    await ask(engine);
    expect(sent()).toMatchObject({ options: { num_ctx: 8192 } });
  });

  it('are pulled with their progress over all files, and deleted', async () => {
    const engine = await open();
    const parts = await collect(engine.pull?.('tiny:1b', unstopped()));
    expect(parts.every(({ type }) => type === 'loading')).toBe(true);
    expect(parts.at(-1)).toEqual({ type: 'loading', progress: 1 });
    const ids = async () => (await engine.models?.(unstopped()))?.map(({ id }) => id);
    expect(await ids()).toContain('tiny:1b');
    await engine.remove?.('tiny:1b', unstopped());
    expect(await ids()).not.toContain('tiny:1b');
    await expect(engine.remove?.('tiny:1b', unstopped())).rejects.toMatchObject({ code: 'model-not-found' });
  });

  it('tell how far all their files are while they are pulled', async () => {
    emulator = await startOllama();
    const lines = [
      { status: 'pulling manifest' },
      { status: 'pulling 966de95ca8a6', digest: 'sha256:966de95ca8a6', total: 300 },
      { status: 'pulling 966de95ca8a6', digest: 'sha256:966de95ca8a6', total: 300, completed: 150 },
      { status: 'pulling dde5aa3fc5ff', digest: 'sha256:dde5aa3fc5ff', total: 100, completed: 150 },
      { status: 'verifying sha256 digest' },
      { status: 'success' },
    ];
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (const line of lines) controller.enqueue(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
        controller.close();
      },
    });
    expect(await collect(pullParts(new Response(body), { host: 'here', place: 'device', secrets: [] }))).toEqual([
      { type: 'loading', what: 'pulling manifest' },
      { type: 'loading', what: 'pulling', progress: 0, bytes: 0, totalBytes: 300 },
      { type: 'loading', what: 'pulling', progress: 0.5, bytes: 150, totalBytes: 300 },
      { type: 'loading', what: 'pulling', progress: 0.625, bytes: 250, totalBytes: 400 },
      { type: 'loading', what: 'verifying sha256 digest', progress: 0.625, bytes: 250, totalBytes: 400 },
      { type: 'loading', progress: 1 },
    ]);
  });

  it('that nobody has are not pulled, nor are those whose download breaks off or is stopped', async () => {
    const engine = await open();
    await expect(collect(engine.pull?.('no-such:1b', unstopped()))).rejects.toMatchObject({ name: 'SwitchboardError' });
    emulator.scenario = { failAt: 2, failMode: 'cut' };
    await expect(collect(engine.pull?.('tiny:1b', unstopped()))).rejects.toMatchObject({ code: 'interrupted' });
    emulator.scenario = { failAt: 2, failMode: 'silence' };
    for await (const parts of engine.pull?.('tiny:1b', unstopped()) ?? []) if (parts[0]?.type === 'loading' && parts[0].progress) break;
    await expect.poll(() => emulator.aborted).toBe(1);
  });
});
