import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/message.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import { startCohere } from '../../testing/emulators/cohere.ts';
import type { Emulator, EmulatorOptions } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { vectorOf } from '../../testing/openai-shape/answer-embeddings.ts';
import { cohere } from './cohere.ts';
import { cohereBody } from './request.ts';

const key = ['co', 'test'].join('-');
let emulator: Emulator | undefined;

afterEach(async () => {
  await emulator?.close();
  emulator = undefined;
});

async function open(options: EmulatorOptions = {}, config: object = {}) {
  emulator = await startCohere({ apiKey: key, ...options });
  return openEngine(cohere, { baseUrl: emulator.url, ...config }, { key });
}

const chat = { model: 'command-a-03-2025', messages: [userMessage('Hi')] };
const body = (request: Partial<ChatRequest>) => cohereBody({ ...chat, ...request });

describe('the body for Cohere', () => {
  it('holds nothing that nobody asked for', () => {
    expect(body({})).toEqual({ model: 'command-a-03-2025', messages: [{ role: 'user', content: 'Hi' }], stream: true });
  });

  it("uses the service's names and stays within its ranges", () => {
    expect(
      body({
        sampling: { temperature: 1.8, topP: 1, topK: 900, presencePenalty: -1, minP: 0.1 },
        maxOutputTokens: 3,
        seed: 1,
        stop: ['x'],
      }),
    ).toMatchObject({
      temperature: 1,
      p: 0.99,
      k: 500,
      presence_penalty: 0,
      max_tokens: 3,
      seed: 1,
      stop_sequences: ['x'],
    });
  });

  it('says in tokens how much to think, and leaves room for the answer', () => {
    const thinking = (effort: 'none' | 'low' | 'high', more: Partial<ChatRequest> = {}) => body({ thinking: { effort }, ...more }).thinking;
    expect(thinking('none')).toEqual({ type: 'disabled' });
    expect(thinking('low')).toEqual({ type: 'enabled', token_budget: 4096 });
    expect(thinking('low', { maxOutputTokens: 100 })).toEqual({ type: 'enabled', token_budget: 99 });
    expect(thinking('high')).toEqual({ type: 'enabled' });
    expect(body({ thinking: { budgetTokens: 7 } }).thinking).toEqual({ type: 'enabled', token_budget: 7 });
  });

  it('offers one tool alone where it is chosen by name', () => {
    const tools = [{ name: 'f' }, { name: 'g', strict: true }];
    const sent = body({ tools, toolChoice: { name: 'g' } });
    expect(sent).toMatchObject({ tools: [{ function: { name: 'g' } }], tool_choice: 'REQUIRED', strict_tools: true });
    expect(sent.tools).toHaveLength(1);
    expect(body({ tools, toolChoice: 'auto' })).not.toHaveProperty('tool_choice');
    expect(body({ tools, toolChoice: 'none' })).toMatchObject({ tool_choice: 'NONE' });
  });

  it('sends tool turns with their plan, and files as documents beside the conversation', () => {
    const messages: Message[] = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'file', mediaType: 'text/plain', name: 'notes', data: btoa('secret plan') },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thought', text: 'I will call f.' },
          { type: 'tool-call', id: 'c1', name: 'f', arguments: '' },
        ],
      },
      { role: 'tool', content: [{ type: 'tool-result', callId: 'c1', content: [{ type: 'text', text: '7' }] }] },
    ];
    expect(body({ messages })).toMatchObject({
      documents: [{ data: { title: 'notes', text: 'secret plan' } }],
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', tool_plan: 'I will call f.', tool_calls: [{ id: 'c1', function: { name: 'f', arguments: '{}' } }] },
        { role: 'tool', tool_call_id: 'c1', content: '7' },
      ],
    });
  });

  it('says what it does not take', () => {
    const pdf: Message = { role: 'user', content: [{ type: 'file', mediaType: 'application/pdf', data: '' }] };
    expect(() => body({ messages: [pdf] })).toThrow('application/pdf');
    expect(() => body({ responseFormat: { type: 'grammar', grammar: 'x' } })).toThrow('grammar');
    const begun: Message = { role: 'assistant', content: [{ type: 'text', text: 'Once' }], prefix: true };
    expect(() => body({ messages: [userMessage('Hi'), begun] })).toThrow('already begun');
  });
});

describe('Cohere', () => {
  it('streams text and thinking, with usage at the end', async () => {
    const engine = await open({ scenario: { thoughts: ['Hm', '.'] } });
    const parts = await collect(engine.chat?.(chat, unstopped()));
    expect(textOf(parts)).toBe('Hello from the emulator: grüße, 你好, 👋.');
    expect(parts.flatMap((part) => (part.type === 'thought' ? [part.text] : []))).toEqual(['Hm', '.']);
    expect(parts.at(-1)).toEqual({ type: 'end', reason: 'stop', responseId: 'c1', usage: { inputTokens: 1, outputTokens: 13 } });
  });

  it('rebuilds parallel tool calls and shows their plan as a thought', async () => {
    const toolCalls = [
      { id: 'a', name: 'weather', arguments: '{"city":"Köln"}' },
      { id: 'b', name: 'now', arguments: '{}' },
    ];
    const engine = await open({ scenario: { toolCalls, thoughts: ['I will ', 'look.'], argumentPiece: 1 } });
    const parts = await collect(engine.chat?.({ ...chat, tools: [{ name: 'weather' }, { name: 'now' }] }, unstopped()));
    const calls = parts.filter((part) => part.type === 'tool-call');
    expect([0, 1].map((index) => calls.flatMap((call) => (call.index === index ? [call.arguments] : [])).join(''))).toEqual([
      '{"city":"Köln"}',
      '{}',
    ]);
    expect(calls.filter((call) => call.id).map(({ id, name }) => [id, name])).toEqual([
      ['a', 'weather'],
      ['b', 'now'],
    ]);
    expect(parts[0]).toEqual({ type: 'thought', text: 'I will ' });
    expect(parts.at(-1)).toMatchObject({ reason: 'tool-calls' });
  });

  it('reads an answer that came whole', async () => {
    const answer = {
      id: 'x',
      finish_reason: 'MAX_TOKENS',
      message: {
        content: [
          { type: 'thinking', thinking: 'hm' },
          { type: 'text', text: 'Hi' },
        ],
      },
    };
    const engine = await open({ scenario: { raw: { status: 200, body: answer } } });
    expect(await collect(engine.chat?.(chat, unstopped()))).toEqual([
      { type: 'thought', text: 'hm' },
      { type: 'text', text: 'Hi' },
      { type: 'end', reason: 'length', responseId: 'x' },
    ]);
  });

  it('reports an answer that ended in an error', async () => {
    const engine = await open({ scenario: { failure: 'server', failMode: 'instream', failAt: 3 } });
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({ code: 'backend-error' });
  });

  it.each([
    ['unauthorized', 'unauthorized'],
    ['out-of-credit', 'payment-required'],
    ['model-not-found', 'model-not-found'],
    ['context-length', 'context-length'],
    ['content-filter', 'content-filter'],
    ['bad-request', 'bad-request'],
  ] as const)('calls %s %s', async (failure, code) => {
    const engine = await open({ scenario: { failure } });
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({ code });
  });

  it('knows the status of its own for a wrong key', async () => {
    const engine = await open({ scenario: { raw: { status: 498, body: { message: 'invalid token' } } } });
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({ code: 'unauthorized', status: 498 });
  });

  it('lists models with abilities, without those on their way out', async () => {
    const engine = await open();
    expect(await engine.models?.(unstopped())).toEqual([
      { id: 'command-a-03-2025', contextWindow: 256_000, abilities: ['chat', 'schema', 'tools', 'thinking'] },
      { id: 'embed-v4.0', contextWindow: 8192, abilities: ['embed'] },
    ]);
    expect(await engine.contextWindow?.('command-a-03-2025', unstopped())).toBe(256_000);
  });

  it('embeds more texts than one request takes, in order', async () => {
    const engine = await open();
    const input = Array.from({ length: 200 }, (_, index) => 'x'.repeat(index));
    const result = await engine.embed?.({ model: 'embed-v4.0', input }, unstopped());
    expect(result?.vectors).toEqual(input.map((text) => vectorOf(text, 8)));
    expect(emulator?.requests).toHaveLength(3);
  });

  it('counts tokens of long texts in pieces', async () => {
    const engine = await open();
    const text = 'word '.repeat(20_000);
    expect(await engine.countTokens?.({ model: 'command-a-03-2025', text }, unstopped())).toBeGreaterThanOrEqual(20_000);
    expect(emulator?.requests).toHaveLength(2);
  });

  it('stops at more texts than the service takes', async () => {
    const engine = await open({ scenario: { tokens: ['One', ' two', ' three', ' four'] } });
    const stop = ['a!', 'b!', 'c!', 'd!', 'e!', ' three'];
    expect(textOf(await collect(engine.chat?.({ ...chat, stop }, unstopped())))).toBe('One two');
  });

  it('names the safety mode the user chose', async () => {
    const engine = await open({}, { safety: 'off' });
    await collect(engine.chat?.(chat, unstopped()));
    expect(emulator?.requests[0]?.body).toMatchObject({ safety_mode: 'OFF' });
  });
});
