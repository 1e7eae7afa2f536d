import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../../protocol/page-errors.ts';
import type { Part } from '../../../protocol/part.ts';
import type { ChatRequest } from '../../../protocol/request.ts';
import { end, page, post, says, text } from '../../../testing/road.ts';

const url = 'https://x.example/v1/responses';
const client = (parts: Part[][]) => {
  const { ai } = page({ chat: says(...parts) });
  return new OpenAI({ apiKey: 'none', baseURL: ai.baseURL, fetch: ai.fetch, dangerouslyAllowBrowser: true });
};
const call = (index: number, more: Partial<Part> = {}): Part => ({ type: 'tool-call', index, arguments: '', ...more }) as Part;

async function events(...parts: Part[][]) {
  const { ai } = page({ chat: says(...parts) });
  const body = await (await ai.fetch(url, post({ input: 'Hi', stream: true }))).text();
  return body
    .split('\n\n')
    .filter((event) => event.startsWith('event: '))
    .map((event) => {
      const [name = '', data = ''] = event.split('\n');
      const value = JSON.parse(data.slice('data: '.length));
      expect(name).toBe(`event: ${value.type}`);
      return value;
    });
}

describe('the answer of /v1/responses', () => {
  it('is a response with its output, its usage, and what was asked', async () => {
    const response = await client([[{ type: 'thought', text: 'Hm.' }], [text('Hel'), text('lo')], [end]]).responses.create({
      model: 'default',
      input: 'Hi',
      instructions: 'Be brief.',
      metadata: { a: 'b' },
      store: true,
    });
    expect(response).toMatchObject({
      id: expect.stringMatching(/^resp_[0-9a-f]{32}$/),
      object: 'response',
      status: 'completed',
      model: 'tiny',
      output_text: 'Hello',
      instructions: 'Be brief.',
      metadata: { a: 'b' },
      // Honest whatever was asked.
      store: false,
      previous_response_id: null,
      error: null,
      usage: {
        input_tokens: 3,
        input_tokens_details: { cached_tokens: 1, cache_write_tokens: 0 },
        output_tokens: 2,
        output_tokens_details: { reasoning_tokens: 1 },
        total_tokens: 5,
      },
    });
    expect(response.output).toEqual([
      { id: expect.stringMatching(/^rs_/), type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] },
      {
        id: expect.stringMatching(/^msg_/),
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [expect.objectContaining({ type: 'output_text', text: 'Hello', annotations: [] })],
      },
    ]);
  });

  it('is streamed in the order and with the names of OpenAI', async () => {
    const got = await events([{ type: 'thought', text: 'Hm.' }], [text('Hel'), text('lo')], [end]);
    expect(got.map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.reasoning_summary_part.added',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(got.map(({ sequence_number }) => sequence_number)).toEqual(got.map((_, index) => index));
    const [, , , , , , , , added, , delta] = got;
    expect(added).toMatchObject({ output_index: 1, item: { type: 'message', status: 'in_progress', content: [] } });
    expect(delta).toMatchObject({ item_id: added.item.id, output_index: 1, content_index: 0, delta: 'Hel', logprobs: [] });
    expect(got.at(-1).response).toMatchObject({ status: 'completed', id: got[0].response.id, usage: { total_tokens: 5 } });
    expect(got[0].response).toMatchObject({ status: 'in_progress', output: [], usage: null });
  });

  it('carries log probabilities with each piece, with the whole, and not before', async () => {
    const logprobs = [
      { token: 'Hi', logprob: -0.1, bytes: [72, 105], top_logprobs: [] },
      { token: 'é', logprob: -1, bytes: [195, 169], top_logprobs: [] },
    ];
    const got = await events(
      [
        {
          type: 'text',
          text: 'Hi',
          logprobs: [
            { token: 'Hi', logprob: -0.1, bytes: [72, 105] },
            { token: 'é', logprob: -1 },
          ],
        },
      ],
      [end],
    );
    const of = (type: string) => got.find((event) => event.type === `response.${type}`);
    expect(of('content_part.added').part).toEqual({ type: 'output_text', text: '', annotations: [], logprobs: [] });
    expect(of('output_text.delta').logprobs).toEqual(logprobs);
    expect(of('output_text.done').logprobs).toEqual(logprobs);
    expect(of('completed').response.output[0].content[0].logprobs).toEqual(logprobs);
  });

  it('can be named by its items in the next request, unless they were not to be stored', async () => {
    const asked: Pick<ChatRequest, 'messages'>[] = [];
    const { ai } = page({
      async *chat(_, request) {
        asked.push(request);
        yield [text('Looking.'), call(0, { id: 'call_1', name: 'f', arguments: '{}' }), end];
      },
    });
    const openai = new OpenAI({ apiKey: 'none', baseURL: ai.baseURL, fetch: ai.fetch, dangerouslyAllowBrowser: true });
    const first = await openai.responses.create({ input: 'Hi' });
    const streamed = openai.responses.stream({ model: 'default', input: 'Hi' });
    for (const { output } of [first, await streamed.finalResponse()]) {
      const named = output.map(({ id }) => ({ type: 'item_reference' as const, id: id as string }));
      await openai.responses.create({ input: [...named, { type: 'function_call_output', call_id: 'call_1', output: 'Yes' }] });
      expect(asked.at(-1)?.messages).toMatchObject([
        { role: 'assistant', content: [{ text: 'Looking.' }, { type: 'tool-call', id: 'call_1', name: 'f' }] },
        { role: 'tool' },
      ]);
    }
    const { output } = await openai.responses.create({ input: 'Hi', store: false });
    const named = [{ type: 'item_reference' as const, id: output[0]?.id as string }];
    await expect(openai.responses.create({ input: named })).rejects.toMatchObject({ status: 400, param: 'input[0]' });
  });

  it('streams calls of functions one after the other', async () => {
    const got = await events(
      [call(0, { id: 'call_1', name: 'f', arguments: '{"a"' }), call(0, { arguments: ':1}' })],
      [call(1, { id: 'call_2', name: 'g', arguments: '{}' }), { ...end, reason: 'tool-calls' }],
    );
    expect(got.slice(2, -1).map(({ type, output_index }) => [type, output_index])).toEqual([
      ['response.output_item.added', 0],
      ['response.function_call_arguments.delta', 0],
      ['response.function_call_arguments.delta', 0],
      ['response.function_call_arguments.done', 0],
      ['response.output_item.done', 0],
      ['response.output_item.added', 1],
      ['response.function_call_arguments.delta', 1],
      ['response.function_call_arguments.done', 1],
      ['response.output_item.done', 1],
    ]);
    expect(got[2].item).toMatchObject({ type: 'function_call', call_id: 'call_1', name: 'f', arguments: '', status: 'in_progress' });
    expect(got[5]).toMatchObject({ name: 'f', arguments: '{"a":1}' });
    expect(got.at(-1).response.output).toEqual([
      expect.objectContaining({ call_id: 'call_1', arguments: '{"a":1}', status: 'completed' }),
      expect.objectContaining({ call_id: 'call_2', arguments: '{}', status: 'completed' }),
    ]);
  });

  it('tells of an answer that was cut off, and of a refusal', async () => {
    const cut = await events([text('Hel')], [{ ...end, reason: 'length' }]);
    expect(cut.at(-2)).toMatchObject({ type: 'response.output_item.done', item: { status: 'incomplete' } });
    expect(cut.at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    });
    const refused = await events([{ type: 'text', text: 'No.', refusal: true }], [end]);
    expect(refused.map(({ type }) => type).filter((type) => type.includes('refusal'))).toEqual([
      'response.refusal.delta',
      'response.refusal.done',
    ]);
    expect(refused.at(-1).response.output[0].content).toEqual([{ type: 'refusal', refusal: 'No.' }]);
  });

  it('fails as OpenAI’s client understands it, once it has begun', async () => {
    const { ai } = page({
      async *chat() {
        yield [text('a')];
        throw refusal('unreachable');
      },
    });
    const openai = new OpenAI({ apiKey: 'none', baseURL: ai.baseURL, fetch: ai.fetch, dangerouslyAllowBrowser: true });
    const stream = await openai.responses.create({ model: 'default', input: 'Hi', stream: true });
    const types: string[] = [];
    await expect(
      (async () => {
        for await (const { type } of stream) types.push(type);
      })(),
    ).rejects.toMatchObject({ code: 'unreachable' });
    expect(types).toContain('response.output_text.delta');
    const body = await (await ai.fetch(url, post({ input: 'Hi', stream: true }))).text();
    const [error, failed] = body.trim().split('\n\n').slice(-2);
    expect(error).toMatch(/^event: error\ndata: \{"type":"error","sequence_number":\d+,"code":"unreachable","message":"/);
    expect(failed).toMatch(/^event: response\.failed\n.*"status":"failed"/);
  });

  it('is accumulated by the helper of OpenAI’s client', async () => {
    const openai = client([
      [{ type: 'thought', text: 'Hm.', signature: 'S' }],
      [text('Look: ')],
      [call(0, { id: 'call_1', name: 'f', arguments: '{"a":1}' })],
      [{ ...end, reason: 'tool-calls' }],
    ]);
    const final = await openai.responses.stream({ model: 'default', input: 'Hi' }).finalResponse();
    expect(final.output.map(({ type }) => type)).toEqual(['reasoning', 'message', 'function_call']);
    expect(final.output_text).toBe('Look: ');
  });

  it('may come back as input, with what the backend wants back', async () => {
    const asked: unknown[] = [];
    const opaque = { gemini: { signature: 'T' } };
    const { ai } = page({
      chat: async function* (_: unknown, request: { messages: unknown }) {
        asked.push(request.messages);
        yield [
          { type: 'thought', text: 'Hm.', signature: 'S' },
          text('Look.'),
          call(0, { id: 'call_1', name: 'f', arguments: '{}', opaque } as object),
        ];
        yield [end];
      } as never,
    });
    const ask = async (input: unknown) => (await ai.fetch(url, post({ input }))).json();
    const { output } = await ask('Hi');
    await ask([{ role: 'user', content: 'Hi' }, ...output, { type: 'function_call_output', call_id: 'call_1', output: 'done' }]);
    expect(asked[1]).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      {
        role: 'assistant',
        content: [
          { type: 'thought', text: 'Hm.', signature: 'S' },
          { type: 'text', text: 'Look.' },
          { type: 'tool-call', id: 'call_1', name: 'f', arguments: '{}', opaque },
        ],
      },
      { role: 'tool', content: [{ type: 'tool-result', callId: 'call_1', content: [{ type: 'text', text: 'done' }] }] },
    ]);
  });

  it('is not kept', async () => {
    const { ai } = page({ chat: says([text('a'), end]) });
    for (const [path, method] of [
      ['/resp_1', 'GET'],
      ['/resp_1', 'DELETE'],
      ['/resp_1/cancel', 'POST'],
    ]) {
      const answer = await ai.fetch(`${url}${path}`, { method: method as string });
      expect([answer.status, (await answer.json()).error.message]).toEqual([404, expect.stringContaining('keeps no responses')]);
    }
  });
});
