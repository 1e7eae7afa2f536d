import { afterEach, describe, expect, it } from 'vitest';
import { type KoboldAi, type KoboldAiOptions, startKoboldAi } from '../../testing/emulators/koboldai.ts';
import { until } from '../../testing/kit/wait.ts';
import { collect, openEngine, textOf, unstopped } from '../../testing/open-engine.ts';
import { koboldai } from './koboldai.ts';

let emulator: KoboldAi;

afterEach(() => emulator.close());

async function open(options: KoboldAiOptions = {}) {
  emulator = await startKoboldAi(options);
  return openEngine(koboldai, { baseUrl: emulator.url });
}

const request = { model: 'any', prompt: 'The door opened.\n' };
const bodies = () => emulator.requests.filter(({ method }) => method === 'POST').map(({ body }) => body as Record<string, unknown>);

describe('KoboldAI', () => {
  it('gives the whole answer in one part, and does not pretend to know why it ended', async () => {
    const engine = await open();
    const parts = await collect(engine.text?.(request, unstopped()));
    expect(parts).toEqual([
      { type: 'text', text: 'Hello from the emulator: grüße, 你好, 👋.' },
      { type: 'end', reason: 'other' },
    ]);
    expect(engine.chat).toBeUndefined();
    expect(engine.countTokens).toBeUndefined();
  });

  it('keeps the blank in front where the prompt goes on in the middle of a line', async () => {
    const engine = await open();
    expect(textOf(await collect(engine.text?.({ ...request, prompt: 'Once upon a time' }, unstopped())))).toMatch(/^ Hello/);
    expect(textOf(await collect(engine.text?.({ ...request, prompt: 'USER: Hi\nASSISTANT:' }, unstopped())))).toMatch(/^Hello/);
    const echoed = await collect(engine.text?.({ ...request, prompt: 'Once', echo: true }, unstopped()));
    expect(textOf(echoed)).toMatch(/^Once Hello/);
  });

  it('cuts the answer at the stop text, which the server leaves in', async () => {
    const engine = await open({ scenario: { tokens: ['Yes.', '\nUs', 'er:', ' and'] } });
    const parts = await collect(engine.text?.({ ...request, stop: ['\nUser:'] }, unstopped()));
    expect(textOf(parts)).toBe('Yes.');
    expect(parts.at(-1)).toEqual({ type: 'end', reason: 'stop' });
    expect(bodies()[0]).toEqual({ prompt: request.prompt, stop_sequence: ['\nUser:'] });
  });

  it('sends Client nothing that it refuses, and cuts at stop texts which that one does not know', async () => {
    const engine = await open({ mode: 'client', scenario: { tokens: ['Yes.', '\nUser:', ' and more'] } });
    const sampling = {
      ...{ temperature: 0, topP: 1.5, topK: -1, minP: 0.1, repetitionPenalty: 0.5, repetitionRange: -1 },
      ...{ samplerOrder: ['top_k'], dry: { multiplier: 1 }, bannedStrings: ['x'] },
    };
    const parts = await collect(engine.text?.({ ...request, sampling, seed: -1, maxOutputTokens: 4000, stop: ['\nUser:'] }, unstopped()));
    expect(textOf(parts)).toBe('Yes.');
    expect(bodies()[0]).toEqual({
      prompt: request.prompt,
      max_length: 512,
      temperature: 0.01,
      top_p: 1,
      top_k: 0,
      rep_pen: 1,
      rep_pen_range: 0,
    });
  });

  it('sends every sampler it has, with its own sampler order', async () => {
    const engine = await open();
    const order = [6, 0, 1, 2, 3, 4, 5];
    const sampling = { topA: 0.2, typicalP: 0.9, tailFree: 0.95, repetitionPenalty: 1.1, repetitionSlope: 0.7, samplerOrder: order };
    await collect(engine.text?.({ ...request, sampling, seed: 7, maxOutputTokens: 4000 }, unstopped()));
    expect(bodies()[0]).toMatchObject({ top_a: 0.2, typical: 0.9, tfs: 0.95, rep_pen: 1.1, rep_pen_slope: 0.7, sampler_order: order });
    expect(bodies()[0]).toMatchObject({ sampler_seed: 7, max_length: 4000 });
  });

  it('waits for an answer of its own that nobody wants any more, because nothing can stop the server', async () => {
    const engine = await open({ scenario: { tokenDelayMs: 250 } });
    const controller = new AbortController();
    const stopped = collect(engine.text?.(request, controller.signal));
    await until(() => emulator.generating, 'the answer to begin');
    controller.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect(emulator.generating).toBe(true);

    emulator.scenario = {};
    const parts = await collect(engine.text?.(request, unstopped()));
    expect(parts[0]).toEqual({ type: 'queued' });
    expect(textOf(parts)).toContain('Hello');
  }, 15_000);

  it('says at once when it is busy with somebody else', async () => {
    const engine = await open({ isBusy: true });
    await expect(collect(engine.text?.(request, unstopped()))).rejects.toMatchObject({ code: 'overloaded' });
  });

  it('says that no model is loaded, in a call and in the test', async () => {
    const engine = await open({ model: null });
    await expect(collect(engine.text?.(request, unstopped()))).rejects.toMatchObject({
      code: 'model-not-found',
      message: expect.stringContaining('no model loaded'),
    });
    await expect(engine.test?.(unstopped())).rejects.toMatchObject({ code: 'model-not-found' });
    expect(await engine.models?.(unstopped())).toEqual([]);
  });

  it('lists its model with the window, and that it does not stream', async () => {
    const engine = await open({ mode: 'client' });
    await engine.test?.(unstopped());
    expect(await engine.models?.(unstopped())).toEqual([
      {
        id: 'KoboldAI/OPT-2.7B-Erebus',
        description: expect.stringContaining('cannot stream'),
        abilities: ['text'],
        loaded: true,
        contextWindow: 1024,
      },
    ]);
  });

  it('refuses what it would ignore', async () => {
    const engine = await open();
    for (const more of [{ responseFormat: { type: 'json' } as const }, { suffix: 'end' }]) {
      await expect(collect(engine.text?.({ ...request, ...more }, unstopped()))).rejects.toMatchObject({ code: 'not-supported' });
    }
    expect(bodies()).toEqual([]);
  });
});
