import { afterEach, describe, expect, it } from 'vitest';
import { type OobaboogaLegacy, type OobaboogaLegacyOptions, startOobaboogaLegacy } from '../../testing/emulators/oobabooga-legacy.ts';
import { sleep, until } from '../../testing/kit/wait.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { oobabooga } from './oobabooga.ts';

let emulator: OobaboogaLegacy;

afterEach(() => emulator.close());

async function open(options: OobaboogaLegacyOptions = {}, config: object = {}) {
  emulator = await startOobaboogaLegacy(options);
  return openEngine(oobabooga, { baseUrl: emulator.url, api: 'legacy', streamUrl: emulator.socketUrl, ...config });
}

const request = { model: 'TheBloke_tiny-GPTQ', prompt: 'The door opened.' };
const answered = () => emulator.requests.filter(({ wantsAnswer }) => wantsAnswer);
const wasToldToStop = () => emulator.requests.some(({ path }) => path === '/api/v1/stop-stream');
/** Nobody listens there. */
const closedPort = 'ws://127.0.0.1:1';

describe('the legacy API of text-generation-webui', () => {
  it('streams over its WebSocket', async () => {
    const engine = await open({ scenario: { chunking: 'byte' } });
    const parts = await collect(
      engine.text?.(
        { ...request, sampling: { temperature: 0.7, topK: 30, repetitionPenalty: 1.2 }, seed: 1, maxOutputTokens: 99, stop: ['\n\n'] },
        unstopped(),
      ),
    );
    expect(textOf(parts)).toBe('Hello from the emulator: grüße, 你好, 👋.');
    expect(parts.at(-1)).toEqual({ type: 'end', reason: 'other' });
    expect(answered()).toHaveLength(1);
    expect(answered()[0]).toMatchObject({
      path: '/api/v1/stream',
      body: {
        ...{ prompt: request.prompt, max_new_tokens: 99, seed: 1, stopping_strings: ['\n\n'], temperature: 0.7, top_k: 30 },
        // What the model was loaded with; without it every prompt would be cut to 2048 tokens.
        ...{ repetition_penalty: 1.2, truncation_length: 4096 },
      },
    });
    expect(engine.chat).toBeUndefined();
    expect(wasToldToStop()).toBe(false);
  });

  it('fetches the answer whole where the port of the stream is closed', async () => {
    const engine = await open({}, { streamUrl: closedPort });
    const parts = await collect(engine.text?.(request, unstopped()));
    expect(parts).toEqual([
      { type: 'text', text: 'Hello from the emulator: grüße, 你好, 👋.' },
      { type: 'end', reason: 'other' },
    ]);
    expect(answered()[0]?.path).toBe('/api/v1/generate');
  });

  it.each(['the WebSocket', 'HTTP'])('stops the server over %s', async (road) => {
    const engine = await open({ scenario: { tokenDelayMs: 60_000 } }, road === 'HTTP' ? { streamUrl: closedPort } : {});
    const controller = new AbortController();
    const stopped = collect(engine.text?.(request, controller.signal));
    await until(() => emulator.generating, 'the answer to begin');
    await sleep(30);
    controller.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    await until(() => !emulator.generating, 'the server to stop', 1000);
    expect(wasToldToStop()).toBe(true);
  });

  it('goes on without a word to stop where only the connection closes', async () => {
    await open({ scenario: { tokenDelayMs: 60_000 } });
    const socket = new WebSocket(`${emulator.socketUrl}/api/v1/stream`);
    await new Promise((resolve) => {
      socket.onopen = resolve;
    });
    socket.send(JSON.stringify({ prompt: 'x' }));
    await until(() => emulator.generating, 'the answer to begin');
    socket.close();
    await sleep(100);
    expect(emulator.generating).toBe(true);
  });

  it('tells apart a stream that breaks off, that is no stream, and a caller who leaves', async () => {
    for (const failMode of ['cut', 'reset', 'instream', 'half-character'] as const) {
      const engine = await open({ scenario: { failAt: 3, failMode } });
      const seen: string[] = [];
      const reading = (async () => {
        for await (const parts of engine.text?.(request, unstopped()) ?? []) seen.push(textOf(parts));
      })();
      await expect(reading, failMode).rejects.toMatchObject({ code: 'interrupted' });
      expect(seen.join(''), failMode).toBe('Hello from the');
      await emulator.close();
    }
    const engine = await open({ scenario: { endless: true } });
    for await (const _ of engine.text?.(request, unstopped()) ?? []) break;
    await until(() => !emulator.generating, 'the server to stop', 1000);
  });

  it('gives several callers their own answers, one after the other', async () => {
    const engine = await open();
    const answers = await Promise.all([1, 2, 3].map(() => collect(engine.text?.(request, unstopped()))));
    expect(answers.map(textOf)).toEqual(Array.from({ length: 3 }, () => 'Hello from the emulator: grüße, 你好, 👋.'));
  });

  it('lists, loads and unloads its models, counts, and knows the window', async () => {
    const engine = await open();
    await engine.test?.(unstopped());
    expect(await engine.models?.(unstopped())).toEqual([
      { id: 'TheBloke_tiny-GPTQ', loaded: true, abilities: ['text', 'schema'], contextWindow: 4096 },
      { id: 'other-model', loaded: false },
    ]);
    expect(await engine.contextWindow?.('any', unstopped())).toBe(4096);
    expect(await engine.countTokens?.({ model: 'any', text: 'Hello there' }, unstopped())).toBe(3);
    expect(await engine.countTokens?.({ model: 'any', messages: [userMessage('Hello there')] }, unstopped())).toBeGreaterThan(3);
    await collect(engine.load?.('other-model', unstopped()));
    expect((await engine.models?.(unstopped()))?.[0]).toMatchObject({ id: 'other-model', loaded: true });
    await engine.unload?.('other-model', unstopped());
    expect((await engine.models?.(unstopped()))?.some(({ loaded }) => loaded)).toBe(false);
    await expect(collect(engine.load?.('no-such-model', unstopped()))).rejects.toMatchObject({
      code: 'backend-error',
      message: expect.stringContaining('no such model'),
    });
  });

  it('says that there is no model at all, and refuses what it would ignore', async () => {
    const engine = await open({ models: [], loaded: null });
    await expect(engine.test?.(unstopped())).rejects.toMatchObject({ code: 'model-not-found' });
    await expect(collect(engine.text?.({ ...request, suffix: 'x' }, unstopped()))).rejects.toMatchObject({ code: 'not-supported' });
  });
});
