import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/message.ts';
import { type NovelOptions, startNovelAi } from '../../testing/emulators/novelai.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { until } from '../../testing/kit/wait.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { novelai } from './novelai.ts';
import { storyBody } from './request.ts';

const key = ['pst', 'test'].join('-');
let emulator: Emulator;

afterEach(() => emulator.close());

async function open(options: NovelOptions = {}, config: object = {}) {
  emulator = await startNovelAi({ apiKey: key, ...options });
  return openEngine(novelai, { baseUrl: emulator.url, ...config }, { key });
}

const story = { model: 'kayra-v1', prompt: 'The door opened.' };
const chat = { model: 'glm-4-6', messages: [userMessage('Hi')] };
const bodies = () => emulator.requests.filter(({ method }) => method === 'POST').map(({ body }) => body as Record<string, unknown>);
const parametersOf = (index: number) => bodies()[index]?.parameters as Record<string, unknown>;

describe('NovelAI', () => {
  it('continues a story by its own protocol, token by token', async () => {
    const engine = await open();
    const parts = await collect(
      engine.text?.(
        { ...story, sampling: { temperature: 1.35, tailFree: 0.9, repetitionRange: 0, repetitionSlope: 0, repetitionPenalty: 2.8 } },
        unstopped(),
      ),
    );
    expect(textOf(parts)).toBe('Hello from the emulator: grüße, 你好, 👋.');
    expect(parts.at(-1)).toEqual({ type: 'end', reason: 'stop', model: 'kayra-v1' });
    expect(emulator.requests[0]?.path).toBe('/ai/generate-stream');
    expect(bodies()[0]).toEqual({
      input: 'The door opened.',
      model: 'kayra-v1',
      parameters: {
        use_string: true,
        max_length: 150,
        min_length: 1,
        prefix: 'vanilla',
        generate_until_sentence: true,
        bracket_ban: true,
        logit_bias_exp: [21, 23].map((token) => ({
          sequence: [token],
          bias: -0.08,
          ensure_sequence_finish: false,
          generate_once: false,
        })),
        temperature: 1.35,
        tail_free_sampling: 0.9,
        repetition_penalty: 2.8,
      },
    });
  });

  it("begins Erato's texts as that family needs, and reads braces as instructions", () => {
    const options = { maxLength: 9 };
    expect(storyBody({ ...story, model: 'llama-3-erato-v1' }, options).input).toBe(
      '<|startoftext|><|reserved_special_token81|>The door opened.',
    );
    expect(storyBody({ ...story, prompt: '{ Describe the door. }' }, options)).toMatchObject({
      parameters: { prefix: 'special_instruct' },
    });
    expect(storyBody({ ...story, prompt: '{ x }' }, { ...options, module: 'theme_textadventure' })).toMatchObject({
      parameters: { prefix: 'theme_textadventure' },
    });
    expect(() => storyBody({ ...story, prompt: ' ' }, options)).toThrow('empty text');
  });

  it('stops at a stop text by closing the connection, because the service knows only token numbers', async () => {
    const engine = await open({ scenario: { endless: true, tokens: ['He said', ' yes.', '\nYo', 'u:', ' then'] } });
    const parts = await collect(engine.text?.({ ...story, stop: ['\nYou:'] }, unstopped()));
    expect(textOf(parts)).toBe('He said yes.');
    expect(parts.at(-1)).toMatchObject({ reason: 'stop' });
    expect(parametersOf(0)).not.toHaveProperty('stop_sequences');
    await until(() => emulator.aborted === 1, 'the connection to close', 1500);
  });

  it('waits for its place when the answer before was stopped a moment ago', async () => {
    const engine = await open({ lockMs: 400, scenario: { endless: true } });
    for await (const _ of engine.text?.(story, unstopped()) ?? []) break;
    await until(() => emulator.aborted === 1, 'the connection to close');
    emulator.scenario = {};
    expect(textOf(await collect(engine.text?.(story, unstopped())))).toContain('Hello');
    expect(bodies()).toHaveLength(3);
  });

  it('asks for no longer an answer than the tier allows, and says when the limit cut it', async () => {
    const engine = await open({ tier: 2 });
    await collect(engine.text?.({ ...story, maxOutputTokens: 1000 }, unstopped()));
    expect(parametersOf(0)).toMatchObject({ max_length: 150 });
    const parts = await collect(engine.text?.({ ...story, maxOutputTokens: 3 }, unstopped()));
    expect(parts.at(-1)).toMatchObject({ reason: 'length' });
    const opus = openEngine(novelai, { baseUrl: (await restart({ tier: 3 })).url }, { key });
    await collect(opus.text?.({ ...story, maxOutputTokens: 1000 }, unstopped()));
    expect(parametersOf(0)).toMatchObject({ max_length: 250 });
  });

  it('holds conversations with story models as a transcript', async () => {
    const engine = await open({ scenario: { tokens: [' Hello', ' you.', '\nUser:', ' more'] } });
    const messages: Message[] = [{ role: 'system', content: [{ type: 'text', text: 'Be brief.' }] }, userMessage('Hi')];
    const parts = await collect(engine.chat?.({ model: 'clio-v1', messages }, unstopped()));
    expect(textOf(parts)).toBe('Hello you.');
    expect(bodies()[0]).toMatchObject({ input: 'Be brief.\n\nUser: Hi\nAssistant:' });
  });

  it('holds conversations with the newer models by the OpenAI-shaped route, with thinking taken out of the text', async () => {
    const engine = await open({ scenario: { tokens: ['<think>hm', '</think>', 'Hello'] } });
    const parts = await collect(
      engine.chat?.({ ...chat, thinking: { effort: 'high' }, stop: ['\n'], sampling: { minP: 0.1 } }, unstopped()),
    );
    expect(textOf(parts)).toBe('Hello');
    expect(
      parts
        .filter((part) => part.type === 'thought')
        .map((part) => part.text)
        .join(''),
    ).toBe('hm');
    expect(emulator.requests[0]?.path).toBe('/oa/v1/chat/completions');
    expect(bodies()[0]).toEqual({
      model: 'glm-4-6',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      stop: ['\n'],
      min_p: 0.1,
      enable_thinking: true,
    });
    expect(textOf(await collect(engine.text?.({ model: 'glm-4-6', prompt: 'x' }, unstopped())))).toContain('Hello');
  });

  it('says what the service would ignore in silence', async () => {
    const engine = await open();
    expect(() => engine.chat?.({ ...chat, tools: [{ name: 'f' }] }, unstopped())).toThrow('call tools');
    expect(() => engine.chat?.({ ...chat, responseFormat: { type: 'json' } }, unstopped())).toThrow('format');
    const image: Message = { role: 'user', content: [{ type: 'image', mediaType: 'image/png', data: 'AA' }] };
    expect(() => engine.chat?.({ ...chat, messages: [image] }, unstopped())).toThrow('images');
  });

  it('lists the models of the tier, those only the service knows, and all of them when its list is empty', async () => {
    const opus = await open();
    const models = (await opus.models?.(unstopped())) ?? [];
    expect(models.map(({ id }) => id)).toEqual(['glm-4-6', 'xialong-v1', 'llama-3-erato-v1', 'kayra-v1', 'clio-v1', 'brand-new-v1']);
    expect(models.find(({ id }) => id === 'kayra-v1')).toMatchObject({ contextWindow: 8192, maxOutputTokens: 250, abilities: ['text'] });
    const tablet = openEngine(novelai, { baseUrl: (await restart({ tier: 1, listsNothing: true })).url }, { key });
    expect((await tablet.models?.(unstopped()))?.map(({ id }) => id)).toEqual(['glm-4-6', 'kayra-v1', 'clio-v1']);
    expect(await tablet.contextWindow?.('kayra-v1', unstopped())).toBe(4096);
    expect(await tablet.contextWindow?.('glm-4-6', unstopped())).toBe(28_672);
  });

  it('says plainly that a subscription has ended', async () => {
    const engine = await open({ isExpired: true });
    await expect(engine.test?.(unstopped())).rejects.toMatchObject({
      code: 'payment-required',
      message: expect.stringContaining('no active subscription'),
    });
    await expect(collect(engine.text?.(story, unstopped()))).rejects.toMatchObject({
      code: 'payment-required',
      message: expect.stringContaining('Renew'),
    });
    expect(await engine.account?.(unstopped())).toEqual({ note: expect.stringContaining('no active subscription') });
  });

  it('tells tier and date of a subscription', async () => {
    const engine = await open();
    await engine.test?.(unstopped());
    expect(await engine.account?.(unstopped())).toEqual({ note: 'Opus, active until 2026-01-01.' });
    const wrong = openEngine(novelai, { baseUrl: emulator.url }, { key: `${key}-not` });
    await expect(wrong.test?.(unstopped())).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('Persistent API Token'),
    });
  });

  it('says that the tier is too low for a model', async () => {
    const engine = await open({ tier: 1 });
    await expect(collect(engine.text?.({ ...story, model: 'llama-3-erato-v1' }, unstopped()))).rejects.toMatchObject({
      code: 'payment-required',
      message: expect.stringContaining('tier'),
    });
  });

  it.each([
    ['context-length', 'context-length'],
    ['model-not-found', 'model-not-found'],
    ['bad-request', 'bad-request'],
    ['server', 'backend-error'],
  ] as const)('calls %s %s, also in the stream', async (failure, code) => {
    const engine = await open({ scenario: { failure } });
    await expect(collect(engine.text?.(story, unstopped()))).rejects.toMatchObject({ code });
    emulator.scenario = { failure, failAt: 2, failMode: 'instream' };
    await expect(collect(engine.text?.(story, unstopped()))).rejects.toMatchObject({ code });
  });

  it('counts a story without its last token as cut off', async () => {
    const engine = await open({ scenario: { failAt: 3, failMode: 'cut' } });
    await expect(collect(engine.text?.(story, unstopped()))).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('asks two hosts of the service, or one gateway for both', () => {
    const parse = (config: object) => novelai.hosts(novelai.schema.parse(config));
    expect(parse({})).toEqual(['https://text.novelai.net', 'https://api.novelai.net']);
    expect(parse({ baseUrl: 'http://127.0.0.1:5' })).toEqual(['http://127.0.0.1:5']);
  });
});

async function restart(options: NovelOptions): Promise<Emulator> {
  await emulator.close();
  emulator = await startNovelAi({ apiKey: key, ...options });
  return emulator;
}
