import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/message.ts';
import type { Part } from '../../protocol/part.ts';
import { type LlamaCppOptions, llamaCppModel, startLlamaCpp } from '../../testing/emulators/llamacpp.ts';
import { asObject } from '../../testing/kit/exchange.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { llamacpp } from './llamacpp.ts';

let emulator: Emulator;
afterEach(() => emulator.close());

async function open(options: LlamaCppOptions = {}, secrets: Record<string, string> = {}) {
  emulator = await startLlamaCpp(options);
  return openEngine(llamacpp, { baseUrl: emulator.url }, secrets);
}

const chat = { model: llamaCppModel, messages: [userMessage('Hi')] };
const lastBody = () => asObject(emulator.requests.at(-1)?.body);

describe('llama.cpp', () => {
  it('is listed with the window of a slot, its size and what it takes', async () => {
    const engine = await open({ contextWindow: 2048, vision: true });
    expect(await engine.models?.(unstopped())).toEqual([
      {
        id: llamaCppModel,
        name: 'tiny-instruct-q4',
        contextWindow: 2048,
        sizeBytes: 799_862_912,
        abilities: ['chat', 'text', 'schema', 'tools', 'images'],
      },
    ]);
    expect(await engine.contextWindow?.(llamaCppModel, unstopped())).toBe(2048);
  });

  it('counts tokens of text, and of a talk with its template', async () => {
    const engine = await open();
    const plain = await engine.countTokens?.({ model: 'm', text: 'one two three' }, unstopped());
    const talk = await engine.countTokens?.({ model: 'm', messages: [userMessage('one two three')] }, unstopped());
    expect(plain).toBeGreaterThan(0);
    expect(talk).toBeGreaterThan(plain ?? 0);
    expect(emulator.requests.map(({ path }) => path)).toEqual(['/tokenize', '/apply-template', '/tokenize']);
  });

  it('says that it is loading, and answers when it has', async () => {
    const engine = await open({ loadingRequests: 2 });
    const parts = await collect(engine.chat?.(chat, unstopped()));
    expect(parts[0]).toEqual({ type: 'loading' });
    expect(textOf(parts)).not.toBe('');
    expect(parts.at(-1)).toMatchObject({ type: 'end', reason: 'stop' });
  });

  it('stops waiting for a model when the caller does', async () => {
    const engine = await open({ loadingRequests: 1000 });
    const controller = new AbortController();
    const stream = engine.chat?.(chat, controller.signal);
    const first = await stream?.[Symbol.asyncIterator]().next();
    expect(first?.value).toEqual([{ type: 'loading' } satisfies Part]);
    setTimeout(() => controller.abort(), 20);
    await expect(collect(stream)).rejects.toMatchObject({ code: 'aborted' });
  });

  it('hears the errors of old versions in the stream', async () => {
    const engine = await open({ old: true });
    emulator.scenario = { failAt: 2, failure: 'server', chunking: 'byte' };
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({ code: 'backend-error' });
  });

  it('says when the key is wrong, also where the list of models is open', async () => {
    const engine = await open({ old: true, apiKey: 'right-key' }, { key: 'wrong-key' });
    await expect(engine.test?.(unstopped())).rejects.toMatchObject({ code: 'unauthorized' });
    await emulator.close();
    await (await open({ old: true, apiKey: 'right-key' }, { key: 'right-key' })).test?.(unstopped());
  });

  it('gets its own samplers, grammars and the wish to think', async () => {
    const engine = await open();
    const sampling = {
      minP: 0.1,
      repetitionPenalty: 1.1,
      mirostat: { mode: 2, tau: 5 },
      dry: { multiplier: 0.8 },
      samplerOrder: ['top_k', 'temperature'],
      banEos: true,
    } as const;
    await collect(
      engine.chat?.(
        {
          ...chat,
          sampling: { ...sampling, samplerOrder: [...sampling.samplerOrder] },
          thinking: { effort: 'none', budgetTokens: 9 },
          responseFormat: { type: 'regex', pattern: 'a|b' },
        },
        unstopped(),
      ),
    );
    expect(lastBody()).toMatchObject({
      min_p: 0.1,
      repeat_penalty: 1.1,
      mirostat: 2,
      mirostat_tau: 5,
      dry_multiplier: 0.8,
      samplers: ['top_k', 'temperature'],
      ignore_eos: true,
      chat_template_kwargs: { enable_thinking: false },
      thinking_budget_tokens: 9,
      grammar: 'root ::= ("a" | "b")',
    });
  });

  it('writes biases and ranges as every version takes them', async () => {
    const engine = await open();
    const sampling = { logitBias: { '15': -3.5, '7': 2 }, repetitionRange: -1, dry: { multiplier: 0.8, range: -1 } };
    await collect(engine.chat?.({ ...chat, sampling }, unstopped()));
    const bias = [
      [7, 2],
      [15, -3.5],
    ];
    expect(lastBody()).toMatchObject({ logit_bias: bias, repeat_last_n: 65_536, dry_penalty_last_n: 65_536 });
    await collect(engine.text?.({ model: 'm', prompt: 'a', sampling: { logitBias: { '7': 2 } } }, unstopped()));
    expect(lastBody()).toMatchObject({ logit_bias: [[7, 2]] });
  });

  it('asks old versions for tools without a stream, and says what they need for them', async () => {
    const engine = await open({ old: true, jinja: true, scenario: { toolCalls: [{ name: 'look', arguments: '{"at":"sea"}' }] } });
    const asked = { ...chat, tools: [{ name: 'look' }] };
    const parts = await collect(engine.chat?.(asked, unstopped()));
    expect(parts).toMatchObject([
      { type: 'tool-call', name: 'look', arguments: '{"at":"sea"}' },
      { type: 'end', reason: 'tool-calls' },
    ]);
    await emulator.close();
    await expect(collect((await open({ old: true })).chat?.(asked, unstopped()))).rejects.toThrow('--jinja');
  });

  it('continues an answer that was begun, by the text route where the chat route would begin another', async () => {
    const messages: Message[] = [userMessage('Hi'), { role: 'assistant', prefix: true, content: [{ type: 'text', text: 'Well, ' }] }];
    const modern = await open();
    await collect(modern.chat?.({ ...chat, messages }, unstopped()));
    expect(emulator.requests.at(-1)).toMatchObject({ path: '/v1/chat/completions', body: { continue_final_message: true } });
    await emulator.close();
    const old = await open({ old: true });
    await collect(old.chat?.({ ...chat, messages, maxOutputTokens: 3 }, unstopped()));
    expect(emulator.requests.at(-1)).toMatchObject({
      path: '/v1/completions',
      body: { prompt: expect.stringMatching(/Hi.*assistant\nWell, $/s), max_tokens: 3 },
    });
    await expect(collect(old.chat?.({ ...chat, messages, tools: [{ name: 'f' }] }, unstopped()))).rejects.toMatchObject({
      code: 'not-supported',
    });
  });

  it('echoes a prompt itself, and refuses to fill in the middle', async () => {
    const engine = await open();
    const parts = await collect(engine.text?.({ model: 'm', prompt: 'Once ', echo: true }, unstopped()));
    expect(textOf(parts)).toMatch(/^Once \S/);
    expect(lastBody()).not.toHaveProperty('echo');
    await expect(collect(engine.text?.({ model: 'm', prompt: 'a', suffix: 'b' }, unstopped()))).rejects.toMatchObject({
      code: 'not-supported',
    });
  });

  it('loads and unloads models as a router', async () => {
    const engine = await open({ router: ['a', 'b'] });
    expect(await engine.models?.(unstopped())).toMatchObject([
      { id: 'a', loaded: false },
      { id: 'b', loaded: false },
    ]);
    expect(await collect(engine.load?.('b', unstopped()))).toEqual([{ type: 'loading' }]);
    expect(await engine.models?.(unstopped())).toMatchObject([{ loaded: false }, { loaded: true }]);
    expect(await collect(engine.load?.('b', unstopped()))).toEqual([{ type: 'loading' }]);
    await engine.unload?.('b', unstopped());
    await engine.unload?.('b', unstopped());
    expect(await engine.models?.(unstopped())).toMatchObject([{ loaded: false }, { loaded: false }]);
  });

  it('does not load a model of a router by asking about it', async () => {
    const engine = await open({ router: ['a'] });
    expect(await engine.contextWindow?.('a', unstopped())).toBeUndefined();
    await engine.room?.('a', unstopped());
    expect(await engine.models?.(unstopped())).toMatchObject([{ loaded: false }]);
  });

  it('cannot unload the one model of a server that is no router', async () => {
    const engine = await open();
    expect(await collect(engine.load?.(llamaCppModel, unstopped()))).toEqual([{ type: 'loading' }]);
    await expect(engine.unload?.(llamaCppModel, unstopped())).rejects.toMatchObject({ code: 'not-supported' });
  });

  it('says so where a router cannot load a model, and where it has none of that name', async () => {
    const engine = await open({ router: ['a'], broken: ['a'] });
    await expect(collect(engine.load?.('a', unstopped()))).rejects.toMatchObject({
      code: 'backend-error',
      message: expect.stringContaining("server's log"),
    });
    await expect(collect(engine.load?.('z', unstopped()))).rejects.toMatchObject({ code: 'model-not-found' });
  });
});
