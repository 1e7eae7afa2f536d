import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/message.ts';
import { startTabby, type Tabby, type TabbyOptions } from '../../testing/emulators/tabbyapi.ts';
import { until } from '../../testing/kit/wait.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { tabbyapi } from './tabbyapi.ts';

const key = `local-${'test'}-0123`;
const adminKey = `local-${'admin'}-0123`;
let emulator: Tabby;

afterEach(() => emulator.close());

async function open(options: TabbyOptions = {}, secrets: Record<string, string> = { key, adminKey }, config: object = {}) {
  emulator = await startTabby({ apiKey: key, adminKey, ...options });
  return openEngine(tabbyapi, { baseUrl: emulator.url, ...config }, secrets);
}

const chat = { model: 'tiny-instruct-4.0bpw', messages: [userMessage('Hi')] };
const text = { model: chat.model, prompt: 'The door opened.' };
const requestsAt = (path: string) => emulator.requests.filter((request) => request.path === path);
const bodyAt = (path: string) => requestsAt(path).at(-1)?.body as Record<string, unknown>;

describe('TabbyAPI', () => {
  it('reads its streams: no role, CRLF, the finish beside the usage', async () => {
    const engine = await open();
    const parts = await collect(engine.chat?.(chat, unstopped()));
    expect(textOf(parts)).toBe('Hello from the emulator: grüße, 你好, 👋.');
    expect(parts.at(-1)).toMatchObject({ reason: 'stop', model: 'tiny-instruct-4.0bpw', usage: { inputTokens: 1, outputTokens: 11 } });
    const cut = await collect(engine.chat?.({ ...chat, maxOutputTokens: 2 }, unstopped()));
    expect(cut.at(-1)).toMatchObject({ reason: 'length' });
    const called = await collect(engine.chat?.({ ...chat, tools: [{ name: 'look', parameters: { type: 'object' } }] }, unstopped()));
    expect(called.find((part) => part.type === 'tool-call')).toMatchObject({ name: 'look', arguments: '{}' });
    expect(called.at(-1)).toMatchObject({ reason: 'tool-calls' });
  });

  it('says how much room a text has, because the server fails where nobody says', async () => {
    const engine = await open({ contextWindow: 100 });
    const parts = await collect(engine.text?.(text, unstopped()));
    expect(textOf(parts)).toBe('Hello from the emulator: grüße, 你好, 👋.');
    expect(bodyAt('/v1/completions')).toMatchObject({ prompt: text.prompt, max_tokens: 100 - 5 });
    await collect(engine.text?.({ ...text, maxOutputTokens: 7 }, unstopped()));
    expect(bodyAt('/v1/completions')).toMatchObject({ max_tokens: 7 });
  });

  it('reads an answer that comes whole because the server never streams, with its nulls', async () => {
    const engine = await open({ neverStreams: true });
    expect(textOf(await collect(engine.chat?.(chat, unstopped())))).toBe('Hello from the emulator: grüße, 你好, 👋.');
    expect(textOf(await collect(engine.text?.(text, unstopped())))).toBe('Hello from the emulator: grüße, 你好, 👋.');
  });

  it('tells an error in the stream, although no end marker follows', async () => {
    const engine = await open({ scenario: { failAt: 2, failure: 'context-length' } });
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({ code: 'context-length' });
    emulator.scenario = { failAt: 2, failure: 'server' };
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({ code: 'backend-error' });
    emulator.scenario = { failure: 'server' };
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({ code: 'backend-error', status: 503 });
    expect(requestsAt('/v1/chat/completions')).toHaveLength(3);
  });

  it('says its own samplers, and moves values that it would refuse', async () => {
    const engine = await open();
    const sampling = {
      ...{ temperature: 12, topK: -1, presencePenalty: -0.5, minP: 0.1, typicalP: 0, repetitionPenalty: 1.1, repetitionRange: 512 },
      ...{ bannedStrings: ['x'], xtc: { threshold: 0.1, probability: 0.5 }, dynamicTemperature: { range: 0.5 } },
    };
    await collect(engine.chat?.({ ...chat, sampling, seed: 4, thinking: { effort: 'low', budgetTokens: 99 } }, unstopped()));
    expect(bodyAt('/v1/chat/completions')).toMatchObject({
      ...{ temperature: 10, top_k: 0, presence_penalty: 0, min_p: 0.1, typical: 0.001, repetition_penalty: 1.1, penalty_range: 512 },
      ...{ banned_strings: ['x'], xtc_threshold: 0.1, xtc_probability: 0.5, min_temp: 11.5, max_temp: 12.5 },
      ...{ template_vars: { enable_thinking: true, reasoning_effort: 'low' }, reasoning_budget_tokens: 99 },
    });
    expect(bodyAt('/v1/chat/completions')).not.toHaveProperty('seed');
  });

  it('goes on from a beginning, holds a form, and refuses a grammar in another language', async () => {
    const engine = await open();
    const begun: Message = { role: 'assistant', prefix: true, content: [{ type: 'text', text: 'Well, ' }] };
    await collect(engine.chat?.({ ...chat, messages: [userMessage('Hi'), begun] }, unstopped()));
    expect(bodyAt('/v1/chat/completions')).toMatchObject({ response_prefix: 'Well, ', messages: [{ role: 'user', content: 'Hi' }] });
    const schema = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] };
    const json = await collect(engine.chat?.({ ...chat, responseFormat: { type: 'json-schema', schema } }, unstopped()));
    expect(JSON.parse(textOf(json))).toEqual({ a: expect.any(Number) });
    await collect(engine.chat?.({ ...chat, responseFormat: { type: 'json' } }, unstopped()));
    expect(bodyAt('/v1/chat/completions')).toMatchObject({ json_schema: { type: 'object' } });
    const pattern = await collect(engine.text?.({ ...text, responseFormat: { type: 'regex', pattern: 'yes|no' } }, unstopped()));
    expect(textOf(pattern)).toMatch(/^(yes|no)$/);
    const grammar = { type: 'grammar' as const, grammar: 'root ::= "x"' };
    await expect(collect(engine.chat?.({ ...chat, responseFormat: grammar }, unstopped()))).rejects.toMatchObject({
      code: 'not-supported',
    });
  });

  it('writes the conversation itself for a model without a template', async () => {
    const engine = await open({ hasNoTemplate: true });
    expect(textOf(await collect(engine.chat?.({ ...chat, model: 'qwen-chatml' }, unstopped())))).toContain('Hello');
    expect(bodyAt('/v1/completions')).toMatchObject({
      prompt: '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
      stop: ['<|im_end|>'],
      max_tokens: expect.any(Number),
    });
    await expect(collect(engine.chat?.({ ...chat, tools: [{ name: 'f' }] }, unstopped()))).rejects.toMatchObject({ code: 'not-supported' });
  });

  it('shows every model to the admin key and the loaded one to the other, without the dummy', async () => {
    const engine = await open({ dummy: true, vision: true });
    await engine.test?.(unstopped());
    const loaded = {
      id: 'tiny-instruct-4.0bpw',
      loaded: true,
      contextWindow: 8192,
      abilities: ['chat', 'text', 'tools', 'schema', 'images'],
    };
    expect(await engine.models?.(unstopped())).toEqual([loaded, { id: 'other-6.0bpw', loaded: false }]);
    expect(await engine.account?.(unstopped())).toEqual({
      note: 'This key may load and unload models. Templates: alpaca, chatml. Sampler presets: safe, wild.',
    });
    expect(await engine.offers?.('loadTemplate', unstopped())).toEqual([{ value: 'alpaca' }, { value: 'chatml' }]);
    expect(await engine.offers?.('samplerPreset', unstopped())).toEqual([{ value: 'safe' }, { value: 'wild' }]);
    const plain = openEngine(tabbyapi, { baseUrl: emulator.url }, { key });
    expect(await plain.models?.(unstopped())).toEqual([loaded]);
    expect((await plain.account?.(unstopped()))?.note).toMatch(/^This key may use the loaded model only\. Templates: chatml\./);
    await expect(collect(plain.load?.('other-6.0bpw', unstopped()))).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('takes one key for both where it is the admin key, and says which of two is wrong', async () => {
    const engine = await open({}, { key: adminKey });
    await engine.test?.(unstopped());
    expect(await engine.models?.(unstopped())).toHaveLength(2);
    await collect(engine.load?.('other-6.0bpw', unstopped()));
    expect(emulator.loaded).toBe('other-6.0bpw');
    const wrong = (secrets: Record<string, string>) => openEngine(tabbyapi, { baseUrl: emulator.url }, secrets).test?.(unstopped());
    await expect(wrong({ key: 'nonsense' })).rejects.toMatchObject({ code: 'unauthorized', message: expect.not.stringContaining('admin') });
    await expect(wrong({ key, adminKey: key })).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('admin_key'),
    });
    await expect(wrong({ key, adminKey: 'nonsense' })).rejects.toMatchObject({ message: expect.stringContaining('admin_key') });
  });

  it('loads with its progress, the draft model first, with what the settings say', async () => {
    const config = { loadContext: 4096, draftModel: 'small-draft', loadTemplate: 'alpaca', samplerPreset: 'wild' };
    const engine = await open({ loaded: null }, undefined, config);
    const parts = await collect(engine.load?.('other-6.0bpw', unstopped()));
    const steps = [0.25, 0.5, 0.75, 1, 1];
    expect(parts).toEqual([
      ...steps.map((progress) => ({ type: 'loading', progress, what: 'draft' })),
      ...steps.map((progress) => ({ type: 'loading', progress })),
    ]);
    expect(bodyAt('/v1/model/load')).toMatchObject({
      model_name: 'other-6.0bpw',
      max_seq_len: 4096,
      draft_model: { draft_model_name: 'small-draft' },
      prompt_template: 'alpaca',
    });
    expect([emulator.loaded, emulator.template, emulator.preset]).toEqual(['other-6.0bpw', 'alpaca', 'wild']);
    const sent = requestsAt('/v1/model/load')[0]?.headers ?? {};
    expect(sent['x-admin-key']).toBe(adminKey);
    await engine.unload?.('other-6.0bpw', unstopped());
    expect(emulator.loaded).toBeNull();
    // There is nothing left to unload, which is what was wanted.
    await engine.unload?.('other-6.0bpw', unstopped());
  });

  it('tells of a load that fails at once, in the middle, or breaks off', async () => {
    const engine = await open();
    await expect(collect(engine.load?.('no-such-folder', unstopped()))).rejects.toMatchObject({
      code: 'model-not-found',
      message: expect.stringContaining('model path'),
    });
    emulator.scenario = { failAt: 2 };
    await expect(collect(engine.load?.('other-6.0bpw', unstopped()))).rejects.toMatchObject({
      code: 'backend-error',
      message: expect.stringContaining('Insufficient VRAM'),
    });
    emulator.scenario = { failAt: 2, failMode: 'cut' };
    await expect(collect(engine.load?.('other-6.0bpw', unstopped()))).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('stops listening to a load at once when nobody wants it', async () => {
    const engine = await open({ scenario: { tokenDelayMs: 60_000 } });
    const controller = new AbortController();
    const loading = engine.load?.('other-6.0bpw', controller.signal)[Symbol.asyncIterator]();
    await loading?.next();
    const next = loading?.next();
    controller.abort();
    await expect(next).rejects.toMatchObject({ code: 'aborted' });
    // What was loaded so far stays in memory until somebody unloads it.
    await until(() => requestsAt('/v1/model/unload').length === 1, 'the word to unload');
  });

  it('takes a model that is loaded already for loaded, and says where none makes vectors', async () => {
    const engine = await open({ hasNoEmbedder: true });
    expect(await collect(engine.load?.('tiny-instruct-4.0bpw', unstopped()))).toEqual([]);
    expect(requestsAt('/v1/model/unload')).toEqual([]);
    await expect(engine.embed?.({ model: 'any', input: ['x'] }, unstopped())).rejects.toMatchObject({
      code: 'model-not-found',
      message: expect.stringContaining('embeddings'),
    });
  });

  it.each([true, false])('says that no model is loaded (old version: %s), unless one could be', async (old) => {
    const engine = await open({ old, loaded: null }, { key });
    for (const call of [engine.chat?.(chat, unstopped()), engine.text?.(text, unstopped())]) {
      await expect(collect(call)).rejects.toMatchObject({ code: 'model-not-found', message: expect.not.stringContaining('Tabby') });
    }
    await expect(engine.countTokens?.({ model: 'any', text: 'x' }, unstopped())).rejects.toMatchObject({ code: 'model-not-found' });
    await expect(engine.test?.(unstopped())).rejects.toMatchObject({ code: 'model-not-found' });
    expect(await engine.models?.(unstopped())).toEqual([]);
    // With the admin key there is something to choose from.
    const admin = openEngine(tabbyapi, { baseUrl: emulator.url }, { key, adminKey });
    await admin.test?.(unstopped());
    expect((await admin.models?.(unstopped()))?.map(({ loaded }) => loaded)).toEqual([false, false]);
    expect(await admin.contextWindow?.('any', unstopped())).toBeUndefined();
  });

  it('counts a text, and a conversation in its template', async () => {
    const engine = await open();
    expect(await engine.countTokens?.({ model: 'any', text: 'Hello there' }, unstopped())).toBe(3);
    expect(await engine.countTokens?.(chat, unstopped())).toBeGreaterThan(3);
    expect(bodyAt('/v1/token/encode')).toEqual({ text: [{ role: 'user', content: 'Hi' }] });
    expect(await engine.contextWindow?.('any', unstopped())).toBe(8192);
  });
});
