import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/message.ts';
import { type Oobabooga, type OobaboogaOptions, startOobabooga } from '../../testing/emulators/oobabooga.ts';
import { until } from '../../testing/kit/wait.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { oobabooga } from './oobabooga.ts';

const key = `local-${'test'}-0123`;
const adminKey = `local-${'admin'}-0123`;
let emulator: Oobabooga;

afterEach(() => emulator.close());

async function open(options: OobaboogaOptions = {}, config: object = {}, secrets: Record<string, string> = {}) {
  emulator = await startOobabooga(options);
  return openEngine(oobabooga, { baseUrl: emulator.url, ...config }, secrets);
}

const chat = { model: 'tiny-instruct-Q4.gguf', messages: [userMessage('Hi')] };
const text = { model: chat.model, prompt: 'The door opened.' };
const bodyAt = (path: string) => emulator.requests.findLast((request) => request.path === path)?.body as Record<string, unknown>;

describe('text-generation-webui', () => {
  it.each(['2', '3', '4.0', '4.1'] as const)('reads the streams of version %s to their end, with tools and usage', async (version) => {
    const engine = await open({ version });
    const parts = await collect(engine.chat?.(chat, unstopped()));
    expect(textOf(parts)).toBe('Hello from the emulator: grüße, 你好, 👋.');
    expect(parts.at(-1)).toMatchObject({ reason: 'stop', usage: { inputTokens: 1, outputTokens: 11 } });
    const called = await collect(engine.chat?.({ ...chat, tools: [{ name: 'look', parameters: { type: 'object' } }] }, unstopped()));
    expect(called.find((part) => part.type === 'tool-call')).toMatchObject({ name: 'look', arguments: '{}' });
    expect(textOf(await collect(engine.text?.(text, unstopped())))).toContain('Hello');
  });

  it('says its own samplers in its own words', async () => {
    const engine = await open();
    const sampling = {
      ...{ temperature: 0.8, topP: 0.9, topK: 40, minP: 0.05, typicalP: 0.97, topA: 0.1, tailFree: 0.95, topNSigma: 1 },
      ...{ repetitionPenalty: 1.1, repetitionRange: 512, presencePenalty: 0.1, frequencyPenalty: 0.2, banEos: true },
      dry: { multiplier: 0.8, base: 1.75, allowedLength: 2, range: 99, breakers: ['\n', '"'] },
      dynamicTemperature: { range: 0.3, exponent: 2 },
      ...{ mirostat: { mode: 2 as const, tau: 5 }, xtc: { threshold: 0.1, probability: 0.5 }, smoothing: { factor: 0.2 } },
      ...{ samplerOrder: ['temperature', 'top_k'], repetitionSlope: 1, bannedStrings: ['x'] },
    };
    await collect(engine.chat?.({ ...chat, sampling, seed: 5, maxOutputTokens: 20, stop: ['\n'] }, unstopped()));
    expect(bodyAt('/v1/chat/completions')).toEqual({
      ...{ model: chat.model, messages: [{ role: 'user', content: 'Hi' }], stream: true, stream_options: { include_usage: true } },
      ...{ max_tokens: 20, stop: ['\n'], seed: 5, temperature: 0.8, top_p: 0.9, top_k: 40, min_p: 0.05, typical_p: 0.97 },
      ...{ top_a: 0.1, tfs: 0.95, top_n_sigma: 1, repetition_penalty: 1.1, repetition_penalty_range: 512 },
      ...{ presence_penalty: 0.1, frequency_penalty: 0.2, ban_eos_token: true, mirostat_mode: 2, mirostat_tau: 5 },
      ...{ dry_multiplier: 0.8, dry_base: 1.75, dry_allowed_length: 2, dry_sequence_breakers: '"\\n","\\""' },
      ...{ dynamic_temperature: true, dynatemp_low: 0.5, dynatemp_high: 1.1, dynatemp_exponent: 2 },
      ...{ xtc_threshold: 0.1, xtc_probability: 0.5, smoothing_factor: 0.2, sampler_priority: ['temperature', 'top_k'] },
    });
  });

  it('builds the prompt in the mode, character and template of the settings, and counts it so', async () => {
    const engine = await open({}, { mode: 'chat-instruct', character: 'Chiharu', instructionTemplate: 'Alpaca' });
    const fields = { mode: 'chat-instruct', character: 'Chiharu', instruction_template: 'Alpaca' };
    await collect(engine.chat?.(chat, unstopped()));
    expect(bodyAt('/v1/chat/completions')).toMatchObject(fields);
    const counted = await engine.countTokens?.(chat, unstopped());
    expect(bodyAt('/v1/internal/chat-prompt')).toMatchObject({ ...fields, messages: [{ role: 'user', content: 'Hi' }] });
    expect(bodyAt('/v1/internal/token-count').text).toContain("Chiharu's Persona.");
    expect(counted).toBeGreaterThan((await engine.countTokens?.({ model: chat.model, text: 'Hi' }, unstopped())) ?? 0);
    expect(engine.contextWindow).toBeUndefined();
  });

  it('continues an answer that was begun, thinks as told, and holds a form by a grammar', async () => {
    const engine = await open();
    const begun: Message = { role: 'assistant', prefix: true, content: [{ type: 'text', text: 'Well, ' }] };
    const schema = { type: 'object', properties: { a: { type: 'boolean' } }, required: ['a'] };
    await collect(
      engine.chat?.(
        { ...chat, messages: [userMessage('Hi'), begun], thinking: { effort: 'max' }, responseFormat: { type: 'json-schema', schema } },
        unstopped(),
      ),
    );
    expect(bodyAt('/v1/chat/completions')).toMatchObject({
      continue_: true,
      enable_thinking: true,
      reasoning_effort: 'high',
      grammar_string: expect.stringContaining('boolean'),
    });
    await collect(engine.chat?.({ ...chat, thinking: { effort: 'none' } }, unstopped()));
    expect(bodyAt('/v1/chat/completions')).toMatchObject({ enable_thinking: false });
    expect(bodyAt('/v1/chat/completions')).not.toHaveProperty('reasoning_effort');
  });

  it.each(['3', '4.1'] as const)('tells version %s of tools and their calls what it insists on', async (version) => {
    const engine = await open({ version });
    const messages: Message[] = [
      userMessage('Hi'),
      { role: 'assistant', content: [{ type: 'tool-call', id: 'c1', name: 'look', arguments: '' }] },
      { role: 'tool', content: [{ type: 'tool-result', callId: 'c1', content: [{ type: 'text', text: 'sea' }] }] },
    ];
    const tools = [{ name: 'look', parameters: { properties: {} } }, { name: 'wait' }];
    expect(textOf(await collect(engine.chat?.({ ...chat, messages, tools }, unstopped())))).toContain('Hello');
    expect(bodyAt('/v1/chat/completions')).toMatchObject({
      messages: [{ role: 'user' }, { role: 'assistant', content: '', tool_calls: [{ id: 'c1' }] }, { role: 'tool', content: 'sea' }],
      tools: [{ function: { parameters: { type: 'object' } } }, { function: { parameters: { type: 'object' } } }],
    });
  });

  it('lists its files with the admin key, and the loaded model without', async () => {
    const engine = await open({ apiKey: key, adminKey }, {}, { key, adminKey });
    await engine.test?.(unstopped());
    expect(await engine.models?.(unstopped())).toEqual([
      { id: 'tiny-instruct-Q4.gguf', loaded: true },
      { id: 'other-model', loaded: false },
    ]);
    const plain = openEngine(oobabooga, { baseUrl: emulator.url }, { key });
    await plain.test?.(unstopped());
    expect((await plain.models?.(unstopped()))?.map(({ id }) => id)).toEqual(['tiny-instruct-Q4.gguf']);
    // Each key opens its own routes and no others.
    const swapped = openEngine(oobabooga, { baseUrl: emulator.url }, { key: adminKey });
    await expect(swapped.test?.(unstopped())).rejects.toMatchObject({ code: 'unauthorized' });
    const wrongAdmin = openEngine(oobabooga, { baseUrl: emulator.url }, { key, adminKey: key });
    await expect(wrongAdmin.test?.(unstopped())).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('loads and unloads, with one key for all where the server has but one', async () => {
    const engine = await open({ apiKey: key }, {}, { key });
    expect(await collect(engine.load?.('other-model', unstopped()))).toEqual([{ type: 'loading', what: 'other-model' }]);
    expect(emulator.loaded).toBe('other-model');
    expect(bodyAt('/v1/internal/model/load')).toEqual({ model_name: 'other-model' });
    await engine.unload?.('other-model', unstopped());
    expect(emulator.loaded).toBeNull();
  });

  it.each(['2', '3', '4.0', '4.1'] as const)('knows a failed load of version %s, whatever status it has', async (version) => {
    const engine = await open({ version, brokenModel: 'other-model' });
    await expect(collect(engine.load?.('other-model', unstopped()))).rejects.toMatchObject({ code: 'backend-error' });
    expect(emulator.loaded).toBe('tiny-instruct-Q4.gguf');
  });

  it('explains what the server does not: no model, and a host name it refuses', async () => {
    const engine = await open({ loaded: null });
    for (const call of [engine.chat?.(chat, unstopped()), engine.text?.(text, unstopped())]) {
      await expect(collect(call)).rejects.toMatchObject({ code: 'model-not-found', message: expect.not.stringContaining('webui') });
    }
    await expect(engine.test?.(unstopped())).rejects.toMatchObject({ code: 'model-not-found' });
    await emulator.close();

    emulator = await startOobabooga({ host: '::1' });
    const foreign = openEngine(oobabooga, { baseUrl: emulator.url });
    await expect(foreign.test?.(unstopped())).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('--listen') });
    await expect(collect(foreign.chat?.(chat, unstopped()))).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('stops by closing the connection, and everybody only where the settings say so', async () => {
    const scenario = { tokenDelayMs: 60_000 };
    const engine = await open({ scenario });
    const controller = new AbortController();
    const stopped = collect(engine.chat?.(chat, controller.signal));
    await until(() => emulator.generating === 1, 'the answer to begin');
    controller.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    await until(() => emulator.generating === 0, 'the answer to end', 1000);
    expect(bodyAt('/v1/internal/stop-generation')).toBeUndefined();
    expect(emulator.requests.some(({ path }) => path.endsWith('stop-generation'))).toBe(false);
    await emulator.close();

    const loud = await open({ scenario }, { stopAll: true });
    const reading = loud.chat?.(chat, unstopped())[Symbol.asyncIterator]();
    await reading?.next();
    await reading?.return?.();
    await until(() => emulator.requests.some(({ path }) => path.endsWith('stop-generation')), 'the word to stop', 1000);
  });

  it('has settings that fit together, and a stream address on the same machine alone', () => {
    const parse = (config: object) => oobabooga.schema.safeParse({ baseUrl: 'http://127.0.0.1:5000', ...config });
    expect(parse({ api: 'legacy' }).success).toBe(true);
    expect(parse({ streamUrl: 'ws://localhost:5005' }).success).toBe(true);
    expect(parse({ streamUrl: 'ws://elsewhere.example:5005' }).success).toBe(false);
    expect(parse({ streamUrl: 'http://127.0.0.1:5005' }).success).toBe(false);
    expect(parse({ baseUrl: 'https://models.example', streamUrl: 'wss://models.example:5005' }).success).toBe(true);
    const hosts = (config: object) => oobabooga.hosts(oobabooga.schema.parse({ baseUrl: 'http://127.0.0.1:5000', ...config }));
    expect(hosts({})).toEqual(['http://127.0.0.1:5000']);
    expect(hosts({ api: 'legacy' })).toEqual(['http://127.0.0.1:5000', 'http://127.0.0.1:5005']);
  });
});
