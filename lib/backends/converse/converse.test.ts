import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/message.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import { startKoboldAi } from '../../testing/emulators/koboldai.ts';
import { startKoboldCpp } from '../../testing/emulators/koboldcpp.ts';
import { startLlamaCpp } from '../../testing/emulators/llamacpp.ts';
import { startOobabooga } from '../../testing/emulators/oobabooga.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, textOf, unstopped } from '../../testing/open-engine.ts';
import type { Backend, Engine } from '../backend.ts';
import { koboldai } from '../kobold/koboldai.ts';
import { koboldcpp } from '../kobold/koboldcpp.ts';
import { llamacpp } from '../llamacpp/llamacpp.ts';
import { novelai } from '../novelai/novelai.ts';
import { oobabooga } from '../oobabooga/oobabooga.ts';
import { openai } from '../openai/openai.ts';
import { converse } from './converse.ts';
import { previewTemplate } from './preview.ts';

const said = (role: 'system' | 'user' | 'assistant', text: string) => ({ role, content: [{ type: 'text', text }] }) as Message;
const long: ChatRequest = {
  model: 'KoboldAI/OPT-Vicuna-13B',
  messages: [
    said('system', 'Speak of lighthouses.'),
    ...Array.from({ length: 40 }, (_, turn) => said(turn % 2 === 0 ? 'user' : 'assistant', `Turn${turn}. ${'Much was said. '.repeat(20)}`)),
    said('user', 'Which colour?'),
  ],
};

describe('a conversation', () => {
  let server: Emulator | undefined;
  afterEach(() => server?.close());

  async function open(backend: object, start: (options?: never) => Promise<Emulator>): Promise<Engine> {
    server = await start();
    return openEngine(backend as Backend, { baseUrl: server.url });
  }

  const converseWith = async (engine: Engine, request: ChatRequest, template?: string) =>
    await collect(converse(engine, request, { template, window: async () => await engine.contextWindow?.('', unstopped()) }, unstopped()));
  const sentBody = () => server?.requests.findLast(({ wantsAnswer }) => wantsAnswer)?.body as Record<string, unknown>;

  it('is cut for a model of text alone, so that its server has nothing to trim, and the end says by how much', async () => {
    const engine = await open(koboldai, startKoboldAi);
    const parts = await converseWith(engine, long);
    const prompt = String(sentBody().prompt);
    expect(prompt).toContain('Speak of lighthouses.');
    expect(prompt.trimEnd()).toMatch(/Which colour\?\s+ASSISTANT:$/);
    expect(prompt).not.toContain('Turn0.');
    expect(prompt).toContain('Turn39.');
    expect(prompt.length / 4).toBeLessThan(2048);
    expect(parts.at(-1)).toMatchObject({ type: 'end', leftOutMessages: expect.any(Number) });
    expect(textOf(parts)).not.toBe('');
  });

  it('is cut for a KoboldCpp, which would trim its instructions away, by its own count', async () => {
    const engine = await open(koboldcpp, startKoboldCpp);
    const window = await engine.contextWindow?.('', unstopped());
    const turns = Array.from({ length: 200 }, (_, turn) =>
      said(turn % 2 === 0 ? 'user' : 'assistant', `Turn${turn}. ${'Much was said. '.repeat(60)}`),
    );
    const messages = [...long.messages.slice(0, 1), ...turns, said('user', 'Which colour?')];
    await converseWith(engine, { ...long, messages });
    const sent = JSON.stringify(sentBody());
    expect(sent).toContain('Speak of lighthouses.');
    expect(sent).not.toContain('Turn0.');
    expect(sent).toContain('Which colour?');
    expect(server?.requests.some(({ path }) => path === '/api/extra/tokencount')).toBe(true);
    expect(window).toBeGreaterThan(2000);
  });

  it('goes out whole to a server that says itself what is too long', async () => {
    const engine = await open(llamacpp, startLlamaCpp);
    await converseWith(engine, { ...long, messages: long.messages.slice(-5) });
    expect(JSON.stringify(sentBody())).toContain('Turn36.');
    expect(sentBody().messages).toHaveLength(5);
  });

  it('is written by the template that the user chose, also where the server has one, unless it needs more than text', async () => {
    const engine = await open(llamacpp, startLlamaCpp);
    const short = { ...long, messages: long.messages.slice(-1) };
    await converseWith(engine, short, 'gemma');
    expect(sentBody().prompt).toBe('<start_of_turn>user\nWhich colour?<end_of_turn>\n<start_of_turn>model\n');
    await converseWith(engine, { ...short, tools: [{ name: 'look' }] }, 'gemma');
    expect(sentBody()).toHaveProperty('messages');
  });

  it('refuses pictures and tools for a model of text alone', async () => {
    const engine = await open(koboldai, startKoboldAi);
    const picture: Message = { role: 'user', content: [{ type: 'image', mediaType: 'image/png', data: 'AA==' }] };
    for (const more of [{ messages: [picture] }, { tools: [{ name: 'look' }] }])
      await expect(converseWith(engine, { ...long, messages: long.messages.slice(-1), ...more })).rejects.toMatchObject({
        code: 'not-supported',
      });
    expect(server?.requests).toEqual([]);
  });
});

describe('the preview of a template', () => {
  let server: Emulator | undefined;
  afterEach(() => server?.close());

  const preview = (engine: Engine, model: string, template?: string) => previewTemplate(engine, { model, template }, unstopped());

  it('shows what the user chose', async () => {
    const engine = openEngine(koboldai, { baseUrl: 'http://127.0.0.1:1' });
    expect(await preview(engine, 'any', 'chatml')).toMatchObject({
      name: 'chatml',
      chosenBecause: 'settings',
      prompt: expect.stringContaining('<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi'),
      stop: ['<|im_end|>'],
    });
    await expect(preview(engine, 'any', 'nonsense')).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('tells a template known by the name of the model from the usual one', async () => {
    const engine = openEngine(koboldai, { baseUrl: 'http://127.0.0.1:1' });
    expect(await preview(engine, 'gemma-7b')).toMatchObject({ name: 'gemma', chosenBecause: 'model-name' });
    expect(await preview(engine, 'mystery')).toMatchObject({ name: 'alpaca', chosenBecause: 'nothing-known' });
  });

  it('shows the prompt of a server that shows it, and what it looks like', async () => {
    server = await startLlamaCpp();
    expect(await preview(openEngine(llamacpp, { baseUrl: server.url }), '')).toMatchObject({
      name: 'chatml',
      chosenBecause: 'server',
      prompt: expect.stringContaining('Be brief.'),
      stop: [],
    });
    await server.close();
    server = await startOobabooga();
    const { prompt, chosenBecause } = await preview(openEngine(oobabooga, { baseUrl: server.url }), '');
    expect(chosenBecause).toBe('server');
    expect(prompt).toContain('Be brief.');
    await server.close();
    server = await startKoboldCpp();
    expect(await preview(openEngine(koboldcpp, { baseUrl: server.url }), '')).toMatchObject({ name: 'chatml', chosenBecause: 'server' });
  });

  it('says that a service writes it, where nobody else can know', async () => {
    expect(await preview(openEngine(openai, {}), 'gpt-4o')).toEqual({ chosenBecause: 'server', stop: [] });
    expect(await preview(openEngine(novelai, {}), 'kayra-v1')).toMatchObject({ prompt: expect.stringContaining('Assistant:') });
  });
});
