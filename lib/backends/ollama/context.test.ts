import { afterEach, describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../protocol/request.ts';
import { type OllamaOptions, startOllama } from '../../testing/emulators/ollama.ts';
import { ollamaModels as emulated } from '../../testing/emulators/ollama-models.ts';
import { asObject } from '../../testing/kit/exchange.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, unstopped, userMessage } from '../../testing/open-engine.ts';
import type { Engine } from '../backend.ts';
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

describe('the context of Ollama', () => {
  const contextOf = async (engine: Engine, words = 1, more: Partial<ChatRequest> = {}) => {
    await ask(engine, { model: 'llama3.2', messages: [userMessage('word '.repeat(words))], ...more });
    return asObject(sent().options).num_ctx;
  };

  it('is enough to begin with, rises in steps with the conversation, and does not fall', async () => {
    const engine = await open();
    expect(await contextOf(engine)).toBe(8192);
    expect(await contextOf(engine, 5000)).toBe(16_384);
    expect(await contextOf(engine, 1)).toBe(16_384);
    expect(await contextOf(engine, 1, { maxOutputTokens: 20_000 })).toBe(32_768);
    expect(await contextOf(engine, 90_000)).toBe(32_768);
  });

  it('is what the model was made for, where that is less', async () => {
    const engine = await open({ models: [{ ...(emulated[0] as (typeof emulated)[0]), contextLength: 4096 }] });
    expect(await contextOf(engine)).toBe(4096);
    expect(await engine.contextWindow?.('llama3.2', unstopped())).toBe(4096);
  });

  it('stays as large as others loaded it, because each change loads the model anew', async () => {
    const engine = await open();
    const body = JSON.stringify({ model: 'llama3.2', messages: [], options: { num_ctx: 65_536 } });
    await fetch(`${emulator.url}/api/chat`, { method: 'POST', body });
    expect(await contextOf(engine)).toBe(65_536);
    expect(await engine.contextWindow?.('llama3.2', unstopped())).toBe(65_536);
  });

  it('is the one of the settings, where there is one', async () => {
    const engine = await open({}, { contextLength: 2048 });
    expect(await contextOf(engine, 5000)).toBe(2048);
    expect(await engine.contextWindow?.('llama3.2:latest', unstopped())).toBe(2048);
    expect((await engine.models?.(unstopped()))?.[0]).toMatchObject({ contextWindow: 2048 });
  });

  it('is left to a model that chose its own, and to the cloud', async () => {
    const show = (more: object) => ({ model_info: { 'general.architecture': 'a', 'a.context_length': 9000 }, ...more });
    const engine = await open({
      alsoAnswers: { 'POST /api/show': show({ parameters: 'temperature 1\nnum_ctx                        3000' }) },
    });
    expect(await contextOf(engine)).toBeUndefined();
    expect(await engine.contextWindow?.('llama3.2', unstopped())).toBe(4096);
    await emulator.close();
    const remote = await open({ alsoAnswers: { 'POST /api/show': show({ remote_host: 'https://ollama.com:443' }) } });
    expect(await contextOf(remote)).toBeUndefined();
    expect(await remote.contextWindow?.('llama3.2', unstopped())).toBe(9000);
  });

  it('is asked for once, and not in the way where the server does not tell it', async () => {
    const engine = await open();
    for (let turn = 0; turn < 3; turn++) await contextOf(engine);
    expect(emulator.requests.filter(({ path }) => path === '/api/show' || path === '/api/ps')).toHaveLength(2);
    await emulator.close();
    const mute = await open({ alsoAnswers: { 'POST /api/show': 'what?', 'GET /api/ps': 'what?' } });
    expect(await contextOf(mute)).toBeUndefined();
  });
});
