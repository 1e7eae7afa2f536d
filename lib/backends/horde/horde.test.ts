import { afterEach, describe, expect, it } from 'vitest';
import type { Part } from '../../protocol/part.ts';
import type { TextRequest } from '../../protocol/request.ts';
import { type HordeOptions, startHorde } from '../../testing/emulators/horde.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { until } from '../../testing/kit/wait.ts';
import { collect, openEngine, textOf, unstopped } from '../../testing/open-engine.ts';
import type { Backend } from '../backend.ts';
import { horde, openHorde } from './horde.ts';
import { type HordePace, politePace } from './job.ts';
import { hordeBody } from './request.ts';

const key = ['horde', 'test', 'key'].join('-');
const model = 'koboldcpp/L3-8B-Stheno-v3.2';
const quick: HordePace = { waitMs: () => 5, troubleMs: 5, patience: 3 };
const quickHorde: Backend<Parameters<typeof openHorde>[0]> = { ...horde, open: (config, resources) => openHorde(config, resources, quick) };
let emulator: Emulator;

afterEach(() => emulator.close());

async function open(options: HordeOptions = {}, config: object = {}, secrets: Record<string, string> = {}) {
  emulator = await startHorde({ apiKey: key, ...options });
  return openEngine(quickHorde, { baseUrl: emulator.url, ...config }, secrets);
}

const request: TextRequest = { model, prompt: 'Once upon a time' };
const submitted = () => emulator.requests.filter(({ path }) => path.endsWith('/async')).map(({ body }) => body as Record<string, unknown>);
const cancelled = () => emulator.requests.filter(({ method }) => method === 'DELETE').length;
const queued = (parts: Part[]) => parts.flatMap((part) => (part.type === 'queued' ? [part.position] : []));

describe('the AI Horde', () => {
  it('works without a key, tells the place in the queue, and answers with the model that took the request', async () => {
    const engine = await open();
    const parts = await collect(engine.text?.(request, unstopped()));
    expect(queued(parts)).toEqual([undefined, 2, 1, 0]);
    expect(parts[1]).toEqual({ type: 'queued', position: 2, etaSeconds: 17 });
    expect(textOf(parts)).toBe('Hello from the emulator: grüße, 你好, 👋.');
    expect(parts.at(-1)).toEqual({ type: 'end', reason: 'stop', model });
    expect(
      emulator.requests.every(({ headers }) => headers.apikey === '0000000000' && headers['client-agent']?.split(':').length === 3),
    ).toBe(true);
    expect(cancelled()).toBe(0);
  });

  it('lowers answer and context to what every worker of the model can do', async () => {
    const engine = await open();
    await collect(engine.text?.({ ...request, prompt: 'long '.repeat(9000), maxOutputTokens: 900 }, unstopped()));
    expect(submitted()[0]).toMatchObject({ params: { max_length: 200, max_context_length: 4096 }, models: [model] });
    expect(await engine.contextWindow?.(model, unstopped())).toBe(4096);
    expect(await engine.contextWindow?.('any', unstopped())).toBe(8192);
  });

  it('reckons with the workers alone that may take the request', async () => {
    const workers = [
      { id: 'w1', models: [model], max_length: 512, max_context_length: 8192, trusted: false },
      { id: 'w2', models: [model], max_length: 120, max_context_length: 3072 },
    ];
    const engine = await open({ workers }, { trustedWorkers: true });
    expect(await engine.contextWindow?.('any', unstopped())).toBe(3072);
    await collect(engine.text?.({ ...request, model: 'any', maxOutputTokens: 400 }, unstopped()));
    expect(submitted()[0]).toMatchObject({ params: { max_length: 120 }, trusted_workers: true });
  });

  it('asks for no more context than the prompt needs, and for the usual length', async () => {
    const engine = await open();
    await collect(engine.text?.(request, unstopped()));
    expect(submitted()[0]).toMatchObject({ params: { max_length: 200, max_context_length: 2048 } });
  });

  it('asks for any model, or for one of several, and for the workers the user chose', async () => {
    const engine = await open({}, { workers: 'w1, w2', avoidWorkers: true, trustedWorkers: true, allowDowngrade: true });
    await collect(engine.text?.({ ...request, model: 'any' }, unstopped()));
    await collect(engine.text?.({ ...request, model: `${model}, aphrodite/Mistral-Small-22B` }, unstopped()));
    expect(submitted()[0]).toMatchObject({
      models: [],
      workers: ['w1', 'w2'],
      worker_blacklist: true,
      trusted_workers: true,
      slow_workers: true,
      allow_downgrade: true,
    });
    expect(submitted()[1]).toMatchObject({ models: [model, 'aphrodite/Mistral-Small-22B'] });
  });

  it('cuts the stop text that the service leaves in, and sends no more stops than it takes', async () => {
    const engine = await open({ scenario: { tokens: ['Yes.', '\nYou:', ' and more'] } });
    const parts = await collect(
      engine.text?.({ ...request, stop: ['\nYou:', ...Array.from({ length: 200 }, (_, index) => `stop number ${index}`)] }, unstopped()),
    );
    expect(textOf(parts)).toBe('Yes.');
    const [{ params } = { params: undefined }] = submitted();
    const { stop_sequence: stops } = params as { stop_sequence: string[] };
    expect(stops.length).toBeLessThan(129);
    expect(stops.join('').length).toBeLessThan(2001);
  });

  it('moves samplers into their ranges and leaves out what the service does not know', () => {
    const sampling = {
      temperature: 9,
      topP: 0,
      topK: 500,
      minP: 0.1,
      repetitionPenalty: 0.5,
      samplerOrder: [6, 0, 1, 3, 4, 2, 5],
      xtc: { threshold: 1, probability: 1 },
    };
    expect(hordeBody({ ...request, sampling, seed: 3, extra: { nsfw: false } }, {}, {})).toEqual({
      prompt: request.prompt,
      params: {
        n: 1,
        max_length: 256,
        max_context_length: 2048,
        temperature: 5,
        top_p: 0.001,
        top_k: 100,
        min_p: 0.1,
        rep_pen: 1,
        sampler_order: [6, 0, 1, 3, 4, 2, 5],
      },
      models: [model],
      nsfw: false,
    });
    expect(hordeBody({ ...request, prompt: 'a\0b', sampling: { samplerOrder: [0, 1] } }, {}, {})).toMatchObject({ prompt: 'ab' });
    expect(JSON.stringify(hordeBody({ ...request, sampling: { samplerOrder: [0, 1] } }, {}, {}))).not.toContain('sampler_order');
    expect(() => hordeBody({ ...request, prompt: '' }, {}, {})).toThrow('empty prompt');
  });

  it('cancels the job at the service when the caller stops', async () => {
    const engine = await open({ outcome: 'idle' });
    const stop = new AbortController();
    const answer = collect(engine.text?.(request, stop.signal));
    await until(() => emulator.requests.some(({ path }) => path.includes('/status/job-1')), 'the first look');
    stop.abort();
    await expect(answer).rejects.toMatchObject({ code: 'aborted' });
    expect(cancelled()).toBe(1);
  });

  it('keeps what had come when it was cancelled', async () => {
    const engine = await open({ outcome: 'idle', finishedWhenCancelled: true });
    const stop = new AbortController();
    const parts: Part[] = [];
    const reading = (async () => {
      for await (const batch of engine.text?.(request, stop.signal) ?? []) parts.push(...batch);
    })();
    const told = expect(reading).rejects.toMatchObject({ code: 'aborted' });
    await until(() => parts.length > 1, 'the place in the queue');
    stop.abort();
    await told;
    expect(textOf(parts)).toBe('Hello from the emulator: grüße, 你好, 👋.');
    expect(parts.some((part) => part.type === 'end')).toBe(false);
  });

  it('cancels the job when the reader leaves, and also one that is still being submitted', async () => {
    const engine = await open({ outcome: 'idle' });
    for await (const _ of engine.text?.(request, unstopped()) ?? []) break;
    await until(() => cancelled() === 1, 'the job to be cancelled');
    emulator.scenario = { headersDelayMs: 100 };
    const stop = new AbortController();
    const answer = collect(engine.text?.(request, stop.signal));
    const told = expect(answer).rejects.toMatchObject({ code: 'aborted' });
    await until(() => submitted().length === 2, 'the request');
    stop.abort();
    await told;
    expect(cancelled()).toBe(1);
    await until(() => cancelled() === 2, 'the second job to be cancelled');
  });

  it('reports a job that failed, one that nobody can do, and one that was forgotten', async () => {
    const engine = await open({ outcome: 'faulted' });
    await expect(collect(engine.text?.(request, unstopped()))).rejects.toMatchObject({
      code: 'backend-error',
      message: expect.stringContaining('gave this request up'),
    });
    await emulator.close();
    const second = await open({ outcome: 'impossible' });
    await expect(collect(second.text?.(request, unstopped()))).rejects.toMatchObject({ code: 'overloaded' });
    expect(cancelled()).toBe(1);
    await emulator.close();
    const third = await open({ outcome: 'expired' });
    await expect(collect(third.text?.(request, unstopped()))).rejects.toMatchObject({ code: 'timeout' });
  });

  it('ends a censored answer as such', async () => {
    const engine = await open({ outcome: 'censored' });
    const parts = await collect(engine.text?.(request, unstopped()));
    expect(textOf(parts)).toBe('');
    expect(parts.at(-1)).toMatchObject({ reason: 'content-filter' });
  });

  it('goes on looking after a look that failed', async () => {
    const engine = await open({ queue: 3 });
    const answer = collect(engine.text?.(request, unstopped()));
    await until(() => emulator.requests.some(({ path }) => path.includes('/status/job-1')), 'the first look');
    emulator.scenario = { failure: 'server', scope: 'everything' };
    await until(() => emulator.requests.length > 4, 'a look that fails');
    emulator.scenario = {};
    expect(textOf(await answer)).toBe('Hello from the emulator: grüße, 你好, 👋.');
  });

  it('looks at jobs less often than the service allows', () => {
    const perMinute = 60_000 / politePace.waitMs({ wait_time: 5 });
    expect(perMinute).toBeLessThan(45);
    expect(politePace.waitMs({ wait_time: 300 })).toBeGreaterThan(politePace.waitMs({ wait_time: 5 }));
  });

  it.each([
    [{ failure: 'out-of-credit' }, 'payment-required', 'kudos'],
    [{ failure: 'context-length' }, 'context-length', 'fewer tokens'],
    [{ failure: 'unauthorized' }, 'unauthorized', 'does not know this key'],
    [{ failure: 'overloaded' }, 'overloaded', ''],
    [{ failure: 'rate-limited', retryAfter: '42' }, 'rate-limited', 'so many requests'],
    [{ failure: 'server' }, 'backend-error', ''],
  ] as const)('explains %o', async (scenario, code, text) => {
    const engine = await open({ scenario });
    await expect(collect(engine.text?.(request, unstopped()))).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
  });

  it('names the field that the service does not accept', async () => {
    const engine = await open({
      scenario: { raw: { status: 400, body: { errors: { 'params.top_k': 'too large' }, message: 'Input payload validation failed' } } },
    });
    await expect(collect(engine.text?.(request, unstopped()))).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('params.top_k'),
    });
  });

  it('says that too many requests wait', async () => {
    const engine = await open({ concurrency: 0 });
    await expect(collect(engine.text?.(request, unstopped()))).rejects.toMatchObject({
      code: 'rate-limited',
      message: expect.stringContaining('Too many requests of yours'),
    });
  });

  it('lists text models with workers, queue, speed, waiting time and price, and any model last', async () => {
    const engine = await open();
    const models = (await engine.models?.(unstopped())) ?? [];
    expect(models.map(({ id }) => id)).toEqual([model, 'aphrodite/Mistral-Small-22B', 'any']);
    expect(models[0]).toEqual({
      id: model,
      name: 'L3-8B-Stheno-v3.2',
      description: '3 workers · 24 tokens/s · 300 tokens queued · about 13 s to wait · about 48 kudos per 100 tokens',
      abilities: ['text'],
      contextWindow: 4096,
      maxOutputTokens: 200,
    });
    expect(models[1]?.description).not.toContain('to wait');
  });

  it('offers the workers that take requests, each with speed, length, models and price', async () => {
    const engine = await open();
    const offers = (await engine.offers?.('workers', unstopped())) ?? [];
    expect(offers.map(({ value }) => value)).toEqual(['w1', 'w2']);
    expect(offers[0]).toEqual({
      value: 'w1',
      name: 'Box',
      detail: `7.4 tokens/s · trusted · answers up to 512 of 8192 tokens · ${model} for about 95 kudos per 100 tokens`,
    });
  });

  it('tells the kudos of a key, and what anonymous means', async () => {
    const anonymous = await open();
    expect(await anonymous.account?.(unstopped())).toEqual({ note: expect.stringContaining('anonymously') });
    await anonymous.test?.(unstopped());
    const own = openEngine(quickHorde, { baseUrl: emulator.url }, { key });
    expect(await own.account?.(unstopped())).toEqual({ note: 'alice#12 has 1,235 kudos.' });
    const wrong = openEngine(quickHorde, { baseUrl: emulator.url }, { key: 'nobody-knows-me' });
    await expect(wrong.test?.(unstopped())).rejects.toMatchObject({ code: 'unauthorized' });
  });
});
