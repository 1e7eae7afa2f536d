import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../../protocol/message.ts';
import type { Part } from '../../../protocol/part.ts';
import type { ChatRequest } from '../../../protocol/request.ts';
import { type OpenAiOptions, startOpenAi } from '../../../testing/emulators/openai.ts';
import { asObject } from '../../../testing/kit/exchange.ts';
import type { Emulator } from '../../../testing/kit/start-emulator.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../../testing/open-engine.ts';
import { isResponsesOnly } from '../models.ts';
import { openai } from '../openai.ts';

const key = ['sk', 'test', '0123456789abcdef'].join('-');
let emulator: Emulator;

beforeEach(() => start());
afterEach(() => emulator.close());

async function start(options: OpenAiOptions = {}): Promise<void> {
  await emulator?.close();
  emulator = await startOpenAi({ apiKey: key, ...options });
}

const engine = () => openEngine(openai, { baseUrl: emulator.url }, { key });
const ask = (model: string, more: Partial<ChatRequest> = {}) =>
  collect(engine().chat?.({ model, messages: [userMessage('Hi')], ...more }, unstopped()));
const paths = () => emulator.requests.map(({ path }) => path);
const sent = () => asObject(emulator.requests.at(-1)?.body);
const thoughtOf = (parts: Part[]) => parts.map((part) => (part.type === 'thought' ? part.text : '')).join('');

describe('the Responses API', () => {
  it.each([
    ['gpt-5-pro', {}],
    ['gpt-5.4-mini', { thinking: { effort: 'low' } }],
    ['gpt-5.4-mini', { tools: [{ name: 'f' }] }],
  ] as [string, Partial<ChatRequest>][])('is asked for %s with %j', async (model, more) => {
    await ask(model, more);
    expect(paths()).toEqual(['/v1/responses']);
  });

  it.each([
    ['gpt-5.4-mini', {}],
    ['gpt-5.4-mini', { thinking: { effort: 'none' } }],
    ['gpt-4o-mini', { tools: [{ name: 'f' }], thinking: { effort: 'low' } }],
    [
      'gpt-5.4-mini',
      { tools: [{ name: 'f' }], messages: [{ role: 'user', content: [{ type: 'audio', mediaType: 'audio/wav', data: 'AA==' }] }] },
    ],
  ] as [string, Partial<ChatRequest>][])('is not asked for %s with %j', async (model, more) => {
    await ask(model, more);
    expect(paths()).toEqual(['/v1/chat/completions']);
  });

  it('keeps nothing at OpenAI, and gets everything under its own names', async () => {
    const schema = { type: 'object', properties: {}, required: [], additionalProperties: false };
    const messages: Message[] = [
      { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image', mediaType: 'image/png', data: 'AAAA', detail: 'low' },
          { type: 'file', mediaType: 'application/pdf', data: 'BBBB', name: 'a.pdf' },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'I see.' }] },
      userMessage('Go on'),
    ];
    await ask('gpt-5-pro', {
      messages,
      maxOutputTokens: 90,
      thinking: { effort: 'high' },
      sampling: { temperature: 0.5 },
      seed: 3,
      logprobs: { top: 1 },
      tools: [{ name: 'f' }, { name: 'g', description: 'G', parameters: schema, strict: true }],
      toolChoice: { name: 'g' },
      parallelToolCalls: false,
      responseFormat: { type: 'json-schema', schema, name: 'thing', strict: true },
    });
    expect(sent()).toEqual({
      model: 'gpt-5-pro',
      stream: true,
      store: false,
      include: ['reasoning.encrypted_content'],
      reasoning: { summary: 'auto', effort: 'high' },
      max_output_tokens: 90,
      text: { format: { type: 'json_schema', name: 'thing', schema, strict: true } },
      tools: [
        { type: 'function', name: 'f', parameters: { type: 'object', properties: {} }, strict: false },
        { type: 'function', name: 'g', description: 'G', parameters: schema, strict: true },
      ],
      tool_choice: { type: 'function', name: 'g' },
      parallel_tool_calls: false,
      input: [
        { role: 'developer', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'Look' },
            { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'low' },
            { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' },
          ],
        },
        { role: 'assistant', content: 'I see.' },
        { role: 'user', content: 'Go on' },
      ],
    });
  });

  it('tells the summary of what a model thought, and gets its encrypted reasoning back with the results of tools', async () => {
    emulator.scenario = { thoughts: ['I ask', ' f.'], toolCalls: [{ id: 'call_7', name: 'f', arguments: '{"a":1}' }], chunking: 'random' };
    const tools = [{ name: 'f' }];
    const parts = await ask('gpt-5.4-mini', { tools });
    expect(thoughtOf(parts)).toBe('I ask f.');
    const opaque = parts.find((part) => part.type === 'thought' && part.opaque);
    expect(opaque).toMatchObject({ opaque: { openai: { id: 'rs_1', encrypted_content: 'gAAAAAB-emulated' } } });
    expect(parts.at(-1)).toMatchObject({ type: 'end', reason: 'tool-calls', responseId: 'resp_1', usage: { reasoningTokens: 2 } });

    emulator.scenario = {};
    const messages: Message[] = [
      userMessage('Hi'),
      {
        role: 'assistant',
        content: [
          { type: 'thought', text: 'I ask f.', ...(opaque?.type === 'thought' && opaque.opaque && { opaque: opaque.opaque }) },
          { type: 'text', text: 'One moment.' },
          { type: 'tool-call', id: 'call_7', name: 'f', arguments: '' },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            callId: 'call_7',
            isError: true,
            content: [
              { type: 'text', text: 'no' },
              { type: 'image', mediaType: 'image/png', data: 'AAAA' },
            ],
          },
        ],
      },
    ];
    expect(textOf(await ask('gpt-5.4-mini', { messages, tools }))).toContain('Hello');
    expect(sent().input).toEqual([
      { role: 'user', content: 'Hi' },
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'I ask f.' }], encrypted_content: 'gAAAAAB-emulated' },
      { role: 'assistant', content: 'One moment.' },
      { type: 'function_call', call_id: 'call_7', name: 'f', arguments: '{}' },
      {
        type: 'function_call_output',
        call_id: 'call_7',
        output: [
          { type: 'input_text', text: 'Error: no' },
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
        ],
      },
    ]);
  });

  it('does not send back thoughts of other models', async () => {
    const content: Message['content'] = [{ type: 'thought', text: 'Hm', signature: 's', opaque: { reasoning_details: [] } }];
    await ask('gpt-5-pro', { messages: [userMessage('Hi'), { role: 'assistant', content } as Message, userMessage('And?')] });
    expect(sent().input).toEqual([
      { role: 'user', content: 'Hi' },
      { role: 'user', content: 'And?' },
    ]);
  });

  it('keeps a comment apart from the answer behind it', async () => {
    const message = (text: string, phase: string) => ({ type: 'message', phase, content: [{ type: 'output_text', text }] });
    const output = [message('Let me see.', 'commentary'), message('It rains.', 'final_answer')];
    emulator.scenario = { raw: { status: 200, body: { id: 'resp_1', status: 'completed', output } } };
    expect(textOf(await ask('gpt-5-pro'))).toBe('Let me see.\n\nIt rains.');
    const events = output.flatMap((item, index) => [
      { type: 'response.output_item.added', output_index: index, item: { ...item, content: [] } },
      { type: 'response.output_text.delta', output_index: index, delta: item.content[0]?.text },
      { type: 'response.output_item.done', output_index: index, item },
    ]);
    const body = [...events, { type: 'response.completed', response: { status: 'completed' } }]
      .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      .join('');
    emulator.scenario = { raw: { status: 200, body, headers: { 'content-type': 'text/event-stream' } } };
    expect(textOf(await ask('gpt-5-pro'))).toBe('Let me see.\n\nIt rains.');
  });

  it('marks a refusal, and is stopped by us', async () => {
    emulator.next({ refusal: 'I will not.' });
    expect((await ask('gpt-5-pro'))[0]).toMatchObject({ type: 'text', refusal: true });
    const parts = await ask('gpt-5-pro', { stop: [' grüße'] });
    expect(textOf(parts)).toBe('Hello from the emulator:');
    expect(sent()).not.toHaveProperty('stop');
  });

  it.each([false, true])('is understood when it fails in the middle, in either shape (flat: %s)', async (hasFlatErrors) => {
    await start({ hasFlatErrors });
    emulator.scenario = { failAt: 2, failure: 'out-of-credit' };
    await expect(ask('gpt-5-pro')).rejects.toMatchObject({ code: 'payment-required' });
  });

  it('is understood when a response fails without an error event', async () => {
    const failed = { type: 'response.failed', response: { status: 'failed', error: { code: 'server_error', message: 'Sorry.' } } };
    const body = `event: response.failed\ndata: ${JSON.stringify(failed)}\n\n`;
    emulator.scenario = { raw: { status: 200, body, headers: { 'content-type': 'text/event-stream' } } };
    await expect(ask('gpt-5-pro')).rejects.toMatchObject({ code: 'backend-error', message: expect.stringContaining('Sorry.') });
  });

  it('tells why an answer is incomplete', async () => {
    emulator.scenario = { finish: 'content_filter' };
    expect((await ask('gpt-5-pro')).at(-1)).toMatchObject({ reason: 'content-filter' });
  });

  it('is asked again without summaries where the account may not have them', async () => {
    const error = {
      message: 'Your organization must be verified to generate reasoning summaries.',
      type: 'invalid_request_error',
      param: 'reasoning.summary',
      code: 'unsupported_value',
    };
    emulator.next({ raw: { status: 400, body: { error } } }, {});
    expect(textOf(await ask('gpt-5-pro', { thinking: { effort: 'high' } }))).not.toBe('');
    expect(sent()).toMatchObject({ reasoning: { effort: 'high' } });
    expect(sent().reasoning).not.toHaveProperty('summary');
  });

  it('is replaced by Chat Completions at a gateway that does not have it', async () => {
    await start({ hasNoResponses: true });
    const parts = await ask('gpt-5.4-mini', { thinking: { effort: 'low' } });
    expect(textOf(parts)).toContain('Hello');
    expect(paths()).toEqual(['/v1/responses', '/v1/chat/completions']);
    await expect(ask('gpt-5-pro')).rejects.toMatchObject({ code: 'bad-response' });
  });

  it('is asked for a model nobody knows, when that says so', async () => {
    await start({ models: ['gpt-9-thing'] });
    const message = 'This model is only supported in v1/responses and not in v1/chat/completions.';
    emulator.next({ raw: { status: 404, body: { error: { message, type: 'invalid_request_error', param: 'model', code: null } } } }, {});
    expect(textOf(await ask('gpt-9-thing', { thinking: { effort: 'none' } }))).toContain('Hello');
    expect(paths()).toEqual(['/v1/chat/completions', '/v1/responses']);
  });

  it('refuses what it cannot do before anybody is asked', async () => {
    await expect(ask('gpt-5-pro', { responseFormat: { type: 'regex', pattern: 'a' } })).rejects.toMatchObject({ code: 'not-supported' });
    const begun: Message = { role: 'assistant', content: [{ type: 'text', text: 'Once' }], prefix: true };
    await expect(ask('gpt-5-pro', { messages: [userMessage('Hi'), begun] })).rejects.toMatchObject({ code: 'not-supported' });
    expect(emulator.requests).toEqual([]);
  });

  it('is the only way to some models', () => {
    const only = [
      'o1-pro',
      'o3-pro-2025-06-10',
      'gpt-5-pro',
      'gpt-5-codex',
      'gpt-5.1-codex-max',
      'gpt-5.5-pro',
      'o3-deep-research',
      'codex-mini-latest',
    ];
    expect(only.filter((id) => !isResponsesOnly(id))).toEqual([]);
    expect(['gpt-5', 'gpt-5.4-mini', 'o3', 'gpt-4o', 'gpt-5-chat-latest'].filter(isResponsesOnly)).toEqual([]);
  });
});
