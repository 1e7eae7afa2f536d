import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/message.ts';
import type { Part, ThoughtPart, ToolCallPart } from '../../protocol/part.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import { geminiModels, startGemini } from '../../testing/emulators/gemini.ts';
import type { Emulator, EmulatorOptions } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { gemini } from './gemini.ts';
import { geminiModelInfo } from './models.ts';
import { geminiBody } from './request.ts';

const key = ['AI', 'za', 'test'].join('-');
let emulator: Emulator | undefined;

afterEach(async () => {
  await emulator?.close();
  emulator = undefined;
});

async function open(options: EmulatorOptions = {}, config: object = {}) {
  emulator = await startGemini({ apiKey: key, ...options });
  return openEngine(gemini, { baseUrl: emulator.url, ...config }, { key });
}

const chat = { model: 'gemini-3.5-flash', messages: [userMessage('Hi')] };
const body = (request: Partial<ChatRequest>) => geminiBody({ ...chat, ...request });
const isThought = (part: Part): part is ThoughtPart => part.type === 'thought';
const isCall = (part: Part): part is ToolCallPart => part.type === 'tool-call';

describe('the body for Gemini', () => {
  it('holds nothing that nobody asked for', () => {
    expect(body({})).toEqual({ contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] });
  });

  it('puts samplers, limits and stops where the service looks for them', () => {
    const stop = ['a', 'b', 'c', 'd', 'e', 'f'];
    expect(
      body({ sampling: { temperature: 1.5, topP: 0.9, topK: 3, minP: 0.1 }, maxOutputTokens: 9, seed: 4, stop }).generationConfig,
    ).toEqual({
      temperature: 1.5,
      topP: 0.9,
      topK: 3,
      maxOutputTokens: 9,
      seed: 4,
      stopSequences: ['a', 'b', 'c', 'd', 'e'],
    });
  });

  it('keeps system text apart, and for Gemma in front of the first turn', () => {
    const messages: Message[] = [{ role: 'system', content: [{ type: 'text', text: 'Be brief.' }] }, userMessage('Hi')];
    expect(body({ messages })).toMatchObject({ systemInstruction: { parts: [{ text: 'Be brief.' }] } });
    expect(body({ messages, model: 'gemma-3-27b-it' })).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'Be brief.' }, { text: 'Hi' }] }],
    });
  });

  it('asks for thinking as each version knows it', () => {
    const thinkingConfig = (request: Partial<ChatRequest>) =>
      (body(request).generationConfig as { thinkingConfig?: object } | undefined)?.thinkingConfig;
    expect(thinkingConfig({ thinking: { effort: 'none' } })).toEqual({ includeThoughts: false, thinkingLevel: 'minimal' });
    expect(thinkingConfig({ thinking: { effort: 'high' } })).toEqual({ includeThoughts: true, thinkingLevel: 'high' });
    expect(thinkingConfig({ model: 'gemini-2.5-flash', thinking: { effort: 'none' } })).toEqual({
      includeThoughts: false,
      thinkingBudget: 0,
    });
    expect(thinkingConfig({ model: 'gemini-2.5-pro', thinking: { effort: 'none' } })).toEqual({
      includeThoughts: false,
      thinkingBudget: 128,
    });
    expect(thinkingConfig({ model: 'gemini-2.5-flash', thinking: { budgetTokens: 77 } })).toEqual({
      includeThoughts: true,
      thinkingBudget: 77,
    });
    expect(thinkingConfig({ model: 'gemini-2.0-flash', thinking: { effort: 'high' } })).toBeUndefined();
    const level = (model: string, effort: 'none' | 'max') => thinkingConfig({ model, thinking: { effort } });
    for (const model of ['gemini-3-pro-preview', 'gemini-3.8-flash', 'gemini-flash-latest', 'gemini-4-hydrogen'])
      expect(level(model, 'none'), model).toMatchObject({ thinkingLevel: 'low' });
    for (const model of ['gemini-3.6-flash', 'gemini-3.5-flash-lite', 'gemini-4-argon'])
      expect(level(model, 'none'), model).toMatchObject({ thinkingLevel: 'minimal' });
    expect(level('gemini-4-hydrogen', 'max')).toMatchObject({ thinkingLevel: 'xhigh' });
    expect(level('gemini-4-argon', 'max')).toMatchObject({ thinkingLevel: 'high' });
  });

  it('leaves out what the models of 2.5 refuse, and tells them of a format beside tools', () => {
    const sampling = { temperature: 1, presencePenalty: 0.5 };
    expect(body({ model: 'gemini-2.5-flash', sampling }).generationConfig).toEqual({ temperature: 1 });
    expect(body({ sampling }).generationConfig).toEqual({ temperature: 1, presencePenalty: 0.5 });
    const both = { tools: [{ name: 'f' }], responseFormat: { type: 'json-schema', schema: { type: 'object' } } } as const;
    const old = body({ model: 'gemini-2.5-flash', ...both, tools: [...both.tools] });
    expect(old).toMatchObject({ systemInstruction: { parts: [{ text: expect.stringContaining('{"type":"object"}') }] } });
    expect(old).not.toHaveProperty('generationConfig');
    expect(body({ ...both, tools: [...both.tools] })).toMatchObject({ generationConfig: { responseMimeType: 'application/json' } });
  });

  it('puts images that a tool returned into its result, where the model looks for them there', () => {
    const messages: Message[] = [
      userMessage('Look'),
      { role: 'assistant', content: [{ type: 'tool-call', id: 'c1', name: 'f', arguments: '{}' }] },
      {
        role: 'tool',
        content: [{ type: 'tool-result', callId: 'c1', content: [{ type: 'image', mediaType: 'image/png', data: 'AA==' }] }],
      },
    ];
    const image = { inlineData: { mimeType: 'image/png', data: 'AA==' } };
    expect(body({ messages }).contents).toMatchObject([{}, {}, { parts: [{ functionResponse: { parts: [image] } }] }]);
    expect(body({ messages, model: 'gemini-2.5-pro' }).contents).toMatchObject([{}, {}, { parts: [{ functionResponse: {} }, image] }]);
  });

  it('sends back signatures as they came, and the agreed mark where one is lost', () => {
    const turn = (opaque?: { thoughtSignature: string }): Message[] => [
      userMessage('Hi'),
      {
        role: 'assistant',
        content: [
          { type: 'tool-call', id: 'noid-1', name: 'f', arguments: '{"a":1}', ...(opaque && { opaque }) },
          { type: 'tool-call', id: 'c2', name: 'g', arguments: '' },
        ],
      },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', callId: 'noid-1', content: [{ type: 'text', text: 'one' }] },
          { type: 'tool-result', callId: 'c2', content: [{ type: 'text', text: 'broken' }], isError: true },
        ],
      },
    ];
    expect(body({ messages: turn({ thoughtSignature: 'sig' }) }).contents).toEqual([
      { role: 'user', parts: [{ text: 'Hi' }] },
      {
        role: 'model',
        parts: [
          { functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 'sig' },
          { functionCall: { id: 'c2', name: 'g', args: {} } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'f', response: { output: 'one' } } },
          { functionResponse: { id: 'c2', name: 'g', response: { error: 'broken' } } },
        ],
      },
    ]);
    const lost = JSON.stringify(body({ messages: turn() }));
    expect(lost.match(/skip_thought_signature_validator/g)).toHaveLength(1);
    expect(JSON.stringify(body({ messages: turn(), model: 'gemini-2.5-flash' }))).not.toContain('thoughtSignature');
  });

  it('says what it cannot be held to', () => {
    expect(() => body({ responseFormat: { type: 'regex', pattern: 'a' } })).toThrow('regular expression');
  });
});

describe('Gemini', () => {
  it('streams text, with thinking counted as output', async () => {
    const engine = await open({ scenario: { thoughts: ['Hm', '.'] } });
    const parts = await collect(engine.chat?.(chat, unstopped()));
    expect(textOf(parts)).toBe('Hello from the emulator: grüße, 你好, 👋.');
    expect(parts.filter(isThought).map((part) => part.text)).toEqual(['Hm', '.', '']);
    expect(parts.filter(isThought).at(-1)?.opaque).toEqual({ thoughtSignature: 'sig-end' });
    expect(parts.at(-1)).toMatchObject({
      reason: 'stop',
      model: 'gemini-3.5-flash',
      responseId: 'resp-1',
      usage: { outputTokens: 13, reasoningTokens: 2 },
    });
    expect(emulator?.requests[0]).toMatchObject({ path: '/v1beta/models/gemini-3.5-flash:streamGenerateContent', query: 'alt=sse' });
    expect(emulator?.requests[0]?.headers['x-goog-api-key']).toBe(key);
  });

  it('goes through a turn with parallel tools, keeping the signature', async () => {
    const toolCalls = [
      { id: 'c1', name: 'weather', arguments: '{"city":"Köln"}' },
      { id: 'c2', name: 'now', arguments: '{}' },
    ];
    const engine = await open({ scenario: { toolCalls } });
    const tools = [{ name: 'weather' }, { name: 'now' }];
    const parts = await collect(engine.chat?.({ ...chat, tools }, unstopped()));
    expect(parts.filter(isCall)).toEqual([
      { type: 'tool-call', index: 0, id: 'c1', name: 'weather', arguments: '{"city":"Köln"}', opaque: { thoughtSignature: 'sig-call' } },
      { type: 'tool-call', index: 1, id: 'c2', name: 'now', arguments: '{}' },
    ]);
    expect(parts.at(-1)).toMatchObject({ reason: 'tool-calls' });
    const calls = parts.filter(isCall).map(({ index, id = '', name = '', ...call }) => ({ ...call, id, name }));
    const results = calls.map(({ id }) => ({ type: 'tool-result' as const, callId: id, content: [{ type: 'text' as const, text: 'ok' }] }));
    if (emulator) emulator.scenario = {};
    const messages: Message[] = [...chat.messages, { role: 'assistant', content: calls }, { role: 'tool', content: results }];
    expect(await collect(engine.chat?.({ ...chat, tools, messages }, unstopped()))).toContainEqual(
      expect.objectContaining({ reason: 'stop' }),
    );
  });

  it('reads the growing array of a proxy that drops alt=sse', async () => {
    const chunks = [
      { candidates: [{ content: { parts: [{ text: 'He' }] } }] },
      { candidates: [{ content: { parts: [{ text: 'llo' }] }, finishReason: 'STOP' }] },
    ];
    const engine = await open({ scenario: { raw: { status: 200, body: chunks } } });
    expect(textOf(await collect(engine.chat?.(chat, unstopped())))).toBe('Hello');
  });

  it('reports a blocked prompt as such', async () => {
    const engine = await open({ scenario: { raw: { status: 200, body: { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } } } } });
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({
      code: 'content-filter',
      message: expect.stringContaining('PROHIBITED_CONTENT'),
    });
  });

  it('reads on where the service says that nothing was blocked, and fails where a call cannot be read', async () => {
    const said = { candidates: [{ content: { parts: [{ text: 'Hi' }] }, finishReason: 'CONTINUATION' }] };
    const feedback = { promptFeedback: { blockReason: 'BLOCK_REASON_UNSPECIFIED' } };
    const engine = await open({ scenario: { raw: { status: 200, body: { ...said, ...feedback } } } });
    const parts = await collect(engine.chat?.(chat, unstopped()));
    expect(textOf(parts)).toBe('Hi');
    expect(parts.at(-1)).toMatchObject({ reason: 'length' });
    if (emulator) emulator.scenario = { raw: { status: 200, body: { candidates: [{ finishReason: 'MALFORMED_FUNCTION_CALL' }] } } };
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({ code: 'bad-response' });
  });

  it.each([
    [400, 'User location is not supported for the API use.', 'FAILED_PRECONDITION', 'unauthorized', 'where this device is'],
    [403, 'Requests from referer <empty> are blocked.', 'API_KEY_HTTP_REFERRER_BLOCKED', 'unauthorized', 'restriction'],
    [429, 'Your project has exceeded its monthly spending cap.', 'RESOURCE_EXHAUSTED', 'payment-required', 'Raise it'],
  ])('understands %i %s', async (status, message, reason, code, next) => {
    const body = { error: { code: status, message, status: reason, details: [{ reason }] } };
    const engine = await open({ scenario: { raw: { status, body } } });
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({ code, message: expect.stringContaining(next) });
  });

  it('reads how long to wait from the body', async () => {
    const engine = await open({ scenario: { failure: 'rate-limited' } });
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterSeconds: 34.4,
      status: 429,
    });
  });

  it.each([
    ['unauthorized', 'unauthorized'],
    ['out-of-credit', 'payment-required'],
    ['model-not-found', 'model-not-found'],
    ['context-length', 'context-length'],
    ['bad-request', 'bad-request'],
    ['forbidden', 'unauthorized'],
  ] as const)('calls %s %s', async (failure, code) => {
    const engine = await open({ scenario: { failure } });
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({ code });
  });

  it('counts a stream without a reason to end as cut off', async () => {
    const engine = await open({ scenario: { failAt: 2, failMode: 'cut' } });
    await expect(collect(engine.chat?.(chat, unstopped()))).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('lists what can chat or embed, with limits and abilities', async () => {
    const engine = await open();
    const models = (await engine.models?.(unstopped())) ?? [];
    expect(models.map(({ id }) => id)).toEqual(geminiModels);
    const methods = { supportedGenerationMethods: ['generateContent'] };
    for (const name of ['gemini-3.8-flash-tts', 'gemini-3-pro-image-preview', 'gemini-3.5-transcribe', 'nano-banana-pro-preview'])
      expect(geminiModelInfo({ name: `models/${name}`, ...methods }), name).toEqual([]);
    expect(models[0]).toMatchObject({
      contextWindow: 1_048_576,
      maxOutputTokens: 65_536,
      abilities: expect.arrayContaining(['chat', 'tools', 'schema', 'thinking']),
    });
    expect(models[2]?.abilities).toEqual(['chat', 'images']);
    expect(models[3]?.abilities).toEqual(['embed']);
    expect(await engine.contextWindow?.('gemini-2.5-flash', unstopped())).toBe(1_048_576);
  });

  it('embeds and counts', async () => {
    const engine = await open();
    const { vectors } = (await engine.embed?.({ model: 'gemini-embedding-001', input: ['a', 'bcd'], dimensions: 2 }, unstopped())) ?? {
      vectors: [],
    };
    expect(vectors).toHaveLength(2);
    expect(vectors[0]).toHaveLength(2);
    const many = await engine.embed?.({ model: 'gemini-embedding-001', input: Array.from({ length: 150 }, String) }, unstopped());
    expect(many?.vectors).toHaveLength(150);
    expect(await engine.countTokens?.({ model: 'gemini-3.5-flash', text: 'Hello there' }, unstopped())).toBeGreaterThan(0);
  });

  it('asks the service not to filter only when the user says so', async () => {
    const engine = await open({}, { safety: 'off' });
    await collect(engine.chat?.(chat, unstopped()));
    expect(emulator?.requests[0]?.body).toMatchObject({ safetySettings: Array.from({ length: 5 }, () => ({ threshold: 'OFF' })) });
    expect(body({})).not.toHaveProperty('safetySettings');
  });

  it('stops at more texts than the service takes', async () => {
    const engine = await open({ scenario: { tokens: ['One', ' two', ' three', ' four'] } });
    const stop = ['a!', 'b!', 'c!', 'd!', 'e!', ' three'];
    expect(textOf(await collect(engine.chat?.({ ...chat, stop }, unstopped())))).toBe('One two');
  });

  it('reads log probabilities', async () => {
    const engine = await open({ scenario: { tokens: ['Yes'] } });
    const parts = await collect(engine.chat?.({ ...chat, logprobs: { top: 2 } }, unstopped()));
    expect(parts[0]).toEqual({
      type: 'text',
      text: 'Yes',
      logprobs: [
        {
          token: 'Yes',
          logprob: -0.125,
          top: [
            { token: 'Yes', logprob: -0.125 },
            { token: 'Yes~1', logprob: -1.125 },
          ],
        },
      ],
    });
  });
});
