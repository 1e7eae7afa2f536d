import { afterEach, describe, expect, it } from 'vitest';
import type { Part } from '../../protocol/part.ts';
import { type ClaudeOptions, startClaude } from '../../testing/emulators/claude.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { until } from '../../testing/kit/wait.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { claude } from './claude.ts';

const key = ['sk', 'ant', 'test'].join('-');
const model = 'claude-haiku-4-5-20251001';
let emulator: Emulator;

afterEach(() => emulator.close());

async function open(options: ClaudeOptions = {}, config: object = {}) {
  emulator = await startClaude({ apiKey: key, ...options });
  return openEngine(claude, { baseUrl: emulator.url, ...config }, { key });
}

const chat = { model, messages: [userMessage('Hi')] };
const endOf = (parts: Part[]) => parts.at(-1);

describe('Claude', () => {
  it('streams text with the model, the id and the usage of the answer', async () => {
    const engine = await open({ scenario: { pings: true } });
    const parts = await collect(engine.chat?.(chat, unstopped()));
    expect(textOf(parts)).toBe('Hello from the emulator: grüße, 你好, 👋.');
    expect(endOf(parts)).toEqual({
      type: 'end',
      reason: 'stop',
      model,
      responseId: 'msg_01A',
      usage: { inputTokens: expect.any(Number), outputTokens: 11 },
    });
  });

  it('sends the header for browsers with every request, and the key in its own header', async () => {
    const engine = await open();
    await engine.models?.(unstopped());
    await collect(engine.chat?.(chat, unstopped()));
    for (const { headers } of emulator.requests) {
      expect(headers).toMatchObject({
        'anthropic-dangerous-direct-browser-access': 'true',
        'anthropic-version': '2023-06-01',
        'x-api-key': key,
      });
      expect(headers).not.toHaveProperty('authorization');
    }
  });

  it("asks for the model's own limit of tokens, for the user's or the caller's where there is one", async () => {
    const engine = await open({ models: [model, 'claude-novella-9'] });
    await collect(engine.chat?.(chat, unstopped()));
    await collect(engine.chat?.({ ...chat, maxOutputTokens: 7 }, unstopped()));
    await collect(engine.chat?.({ ...chat, maxOutputTokens: 900_000 }, unstopped()));
    await collect(engine.chat?.({ ...chat, model: 'claude-novella-9' }, unstopped()));
    const limited = openEngine(claude, { baseUrl: emulator.url, maxOutputTokens: 321 }, { key });
    await collect(limited.chat?.(chat, unstopped()));
    const sent = emulator.requests
      .filter(({ path }) => path === '/v1/messages')
      .map(({ body }) => (body as { max_tokens: number }).max_tokens);
    expect(sent).toEqual([64_000, 7, 64_000, 128_000, 321]);
  });

  it('rebuilds parallel tool calls exactly, whatever the pieces, and an empty one as {}', async () => {
    const args = '{"city":"Köln \\"am Rhein\\"","days":[1, 2],"big":12345678901234567890}';
    const toolCalls = [
      { id: 'call_1', name: 'weather', arguments: args },
      { id: 'call_2', name: 'now', arguments: '{}' },
    ];
    const engine = await open({ scenario: { toolCalls, tokens: ['Let me see.'], argumentPiece: 1 } });
    const parts = await collect(engine.chat?.({ ...chat, tools: [{ name: 'weather' }, { name: 'now' }] }, unstopped()));
    const calls = parts.filter((part) => part.type === 'tool-call');
    expect(calls.filter((call) => call.id)).toMatchObject([
      { index: 0, id: 'toolu_1', name: 'weather' },
      { index: 1, id: 'toolu_2', name: 'now' },
    ]);
    const joined = [0, 1].map((index) => calls.flatMap((call) => (call.index === index ? [call.arguments] : [])).join(''));
    expect(joined).toEqual([args, '{}']);
    expect(endOf(parts)).toMatchObject({ reason: 'tool-calls' });
  });

  it('goes through a turn with thinking and a tool, sending the signed thought back', async () => {
    const engine = await open({ scenario: { thoughts: ['Hm', ', well.'] } });
    const tools = [{ name: 'now' }];
    const first = await collect(engine.chat?.({ ...chat, tools, thinking: { effort: 'low' } }, unstopped()));
    const thoughts = first.filter((part) => part.type === 'thought');
    expect(thoughts.map((part) => part.text).join('')).toBe('Hm, well.');
    const signature = thoughts.find((part) => part.signature)?.signature ?? '';
    expect(signature).toBe('signed:2');
    const second = await collect(
      engine.chat?.(
        {
          ...chat,
          tools,
          thinking: { effort: 'low' },
          messages: [
            ...chat.messages,
            {
              role: 'assistant',
              content: [
                { type: 'thought', text: 'Hm, well.', signature },
                { type: 'tool-call', id: 'toolu_1', name: 'now', arguments: '{}' },
              ],
            },
            { role: 'tool', content: [{ type: 'tool-result', callId: 'toolu_1', content: [{ type: 'text', text: 'noon' }] }] },
          ],
        },
        unstopped(),
      ),
    );
    expect(endOf(second)).toMatchObject({ reason: 'stop', usage: { reasoningTokens: 2 } });
  });

  it('hands a redacted thought on as it is', async () => {
    const events = [
      {
        type: 'message_start',
        message: { id: 'm', usage: { input_tokens: 1, cache_read_input_tokens: 5, cache_creation_input_tokens: 2, output_tokens: 1 } },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'redacted_thinking', data: 'zz' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'something_new', index: 9 },
      { type: 'content_block_delta', index: 3, delta: { type: 'citations_delta', citation: {} } },
      { type: 'message_delta', delta: { stop_reason: 'pause_turn' }, usage: { input_tokens: null, output_tokens: 4 } },
      { type: 'message_stop' },
    ];
    const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
    const engine = await open({ scenario: { raw: { status: 200, headers: { 'content-type': 'text/event-stream' }, body } } });
    expect(await collect(engine.chat?.(chat, unstopped()))).toEqual([
      { type: 'thought', text: '', opaque: { type: 'redacted_thinking', data: 'zz' } },
      {
        type: 'end',
        reason: 'other',
        responseId: 'm',
        usage: { inputTokens: 8, outputTokens: 4, cachedInputTokens: 5, cacheWriteTokens: 2 },
      },
    ]);
  });

  it('reads an answer that a gateway did not stream', async () => {
    const message = {
      type: 'message',
      id: 'm',
      model,
      content: [
        { type: 'thinking', thinking: 'hm', signature: 's' },
        { type: 'text', text: 'Hi' },
        { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 1, output_tokens: 2 },
    };
    const engine = await open({ scenario: { raw: { status: 200, body: message } } });
    expect(await collect(engine.chat?.(chat, unstopped()))).toEqual([
      { type: 'thought', text: 'hm', signature: 's' },
      { type: 'text', text: 'Hi' },
      { type: 'tool-call', index: 0, id: 't', name: 'f', arguments: '' },
      { type: 'tool-call', index: 0, arguments: '{"a":1}' },
      { type: 'end', reason: 'tool-calls', model, responseId: 'm', usage: { inputTokens: 1, outputTokens: 2 } },
    ]);
  });

  it('tells a refusal from an answer', async () => {
    const engine = await open({ scenario: { refusal: 'Not that.' } });
    expect(await collect(engine.chat?.(chat, unstopped()))).toMatchObject([
      { type: 'text', text: 'Not that.', refusal: true },
      { type: 'end', reason: 'content-filter' },
    ]);
  });

  it('holds the answer to a schema', async () => {
    const engine = await open();
    const schema = { type: 'object', properties: { age: { type: 'integer', minimum: 1 } }, required: ['age'] };
    const parts = await collect(engine.chat?.({ ...chat, responseFormat: { type: 'json-schema', schema } }, unstopped()));
    expect(JSON.parse(textOf(parts))).toEqual({ age: expect.any(Number) });
  });

  it('works with a model that refuses samplers', async () => {
    const engine = await open();
    const parts = await collect(
      engine.chat?.({ ...chat, model: 'claude-sonnet-5', sampling: { temperature: 0.2, topP: 0.9, topK: 4 } }, unstopped()),
    );
    expect(endOf(parts)).toMatchObject({ reason: 'stop' });
  });

  it('reports an overloaded service in the stream, at its first event and in its middle', async () => {
    const engine = await open({ scenario: { failure: 'overloaded', failMode: 'instream', failAt: 0 } });
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({ code: 'overloaded' });
    emulator.scenario = { failure: 'overloaded', failMode: 'instream', failAt: 3 };
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({ code: 'overloaded' });
  });

  it('gives out the text that came with an error in one read before it fails', async () => {
    const engine = await open({ scenario: { failure: 'overloaded', failMode: 'instream', failAt: 3, chunking: 'whole' } });
    const parts: Part[] = [];
    const reading = async () => {
      for await (const batch of engine.chat?.(chat, unstopped()) ?? []) parts.push(...batch);
    };
    await expect(reading()).rejects.toMatchObject({ code: 'overloaded' });
    expect(textOf(parts)).toBe('Hello from the');
  });

  it.each([
    ['model-not-found', 'model-not-found'],
    ['out-of-credit', 'payment-required'],
    ['context-length', 'context-length'],
    ['content-filter', 'content-filter'],
    ['unauthorized', 'unauthorized'],
    ['bad-request', 'bad-request'],
    ['server', 'backend-error'],
  ] as const)('calls %s %s', async (failure, code) => {
    const engine = await open({ scenario: { failure } });
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({ code });
  });

  it('knows a spending limit from a limit of requests, which alike come as 429', async () => {
    const refusal = (code: string) => ({
      raw: {
        status: 429,
        body: { type: 'error', error: { type: 'rate_limit_error', message: 'No more.', details: { error_code: code } } },
      },
    });
    const engine = await open({ scenario: refusal('enforced_spend_limit_reached') });
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({
      code: 'payment-required',
      message: expect.stringContaining('spending limit'),
    });
    emulator.scenario = refusal('ramp_limit_exceeded');
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({ code: 'rate-limited' });
  });

  it('says who can help when the organisation forbids browsers, and does not blame the key', async () => {
    emulator = await startClaude({ forbidsBrowsers: true });
    const withOrigin: typeof fetch = (input, init) =>
      fetch(input, { ...init, headers: { ...Object.fromEntries(new Headers(init?.headers)), origin: 'chrome-extension://a' } });
    const { createHttp } = await import('../http.ts');
    const http = createHttp({ allowedOrigins: [emulator.url], secrets: () => [key], place: 'device', fetch: withOrigin });
    const engine = claude.open({ baseUrl: emulator.url }, { http, secret: () => key });
    await expect(engine.test?.(unstopped())).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('organisation does not allow calls from browsers'),
    });
  });

  it('reads all pages of the list, with limits and abilities', async () => {
    const models = Array.from({ length: 1500 }, (_, index) => `claude-haiku-4-5-${index}`).concat('claude-3-haiku-20240307');
    const engine = await open({ models });
    const list = await engine.models?.(unstopped());
    expect(list).toHaveLength(1501);
    expect(list?.[0]).toMatchObject({
      contextWindow: 200_000,
      maxOutputTokens: 128_000,
      abilities: ['chat', 'tools', 'images', 'files', 'schema', 'thinking'],
    });
    expect(list?.at(-1)).toEqual({
      id: 'claude-3-haiku-20240307',
      name: 'Claude 3 haiku 20240307',
      maxOutputTokens: 4096,
      abilities: ['chat', 'tools', 'images', 'files'],
    });
    expect(await engine.contextWindow?.('claude-haiku-4-5-3', unstopped())).toBe(200_000);
  });

  it('counts tokens at the service, without fields of a generation', async () => {
    const engine = await open();
    expect(await engine.countTokens?.({ model, text: 'Hello there' }, unstopped())).toBeGreaterThan(0);
    expect(Object.keys(emulator.requests[0]?.body as object)).toEqual(['model', 'messages']);
  });

  it('tests address, key and calls from a browser', async () => {
    const engine = await open();
    await engine.test?.(unstopped());
    const wrong = openEngine(claude, { baseUrl: emulator.url }, { key: `${key}-not` });
    await expect(wrong.test?.(unstopped())).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('stops at white space, which the service refuses as a stop, by leaving', async () => {
    const engine = await open({ scenario: { tokens: ['One', ' line', '\n', 'and more'], endless: true } });
    const parts = await collect(engine.chat?.({ ...chat, stop: ['\n', 'END'] }, unstopped()));
    expect(textOf(parts)).toBe('One line');
    expect(endOf(parts)).toMatchObject({ reason: 'stop' });
    expect(emulator.requests[0]?.body).toMatchObject({ stop_sequences: ['END'] });
    await until(() => emulator.aborted === 1, 'the connection to close');
  });

  it('names the trial features it needs and those the user wants', async () => {
    const engine = await open({}, { cache: '1h', betas: 'context-1m-2025-08-07' });
    await collect(engine.chat?.(chat, unstopped()));
    expect(emulator.requests[0]?.headers['anthropic-beta']).toBe('context-1m-2025-08-07,extended-cache-ttl-2025-04-11');
  });
});
