import { afterAll, beforeAll, expect, it } from 'vitest';
import { backends } from '../backends/all.ts';
import type { Message as ChatMessage } from '../protocol/message.ts';
import { startEcho } from './echo.ts';
import { echoSentence } from './echo-reply.ts';
import type { Emulator } from './kit/start-emulator.ts';
import { openEngine, unstopped } from './open-engine.ts';

let echo: Emulator;
beforeAll(async () => {
  echo = await startEcho();
});
afterAll(() => echo.close());

type Message = { role: string; content: unknown; tool_calls?: unknown; tool_call_id?: string };

async function post(path: string, body: object): Promise<{ status: number; body: Record<string, never> }> {
  const response = await fetch(echo.url + path, { method: 'POST', body: JSON.stringify({ model: 'echo', ...body }) });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
}

async function say(
  messages: Message[],
  more: object = {},
): Promise<{ message: { content: string; tool_calls?: unknown }; usage: object; finish: string }> {
  const { body } = (await post('/v1/chat/completions', { messages, ...more })) as { body: { choices?: never[]; usage?: object } };
  const choice = body.choices?.[0] as unknown as { message: { content: string }; finish_reason: string };
  return { message: choice.message, usage: body.usage ?? {}, finish: choice.finish_reason };
}

const system = { role: 'system', content: 'Be kind. ' };

it('repeats what was said behind its sentence, and counts bytes', async () => {
  const { message, usage } = await say([system, { role: 'user', content: 'Grüße' }]);
  expect(message.content).toBe(`${echoSentence}Be kind. Grüße`);
  expect(usage).toMatchObject({ prompt_tokens: 9 + 7, completion_tokens: Buffer.byteLength(message.content) });
});

it('says its sentence once in a conversation and repeats only what is new', async () => {
  const first = { role: 'user', content: 'One' };
  const answer = { role: 'assistant', content: (await say([system, first])).message.content };
  const later = await say([system, first, answer, { role: 'user', content: 'Two. ' }, { role: 'user', content: 'Three.' }]);
  expect(later.message.content).toBe('Two. Three.');
});

it('knows its own answers although the oldest messages are gone', async () => {
  const history = [
    { role: 'user', content: 'Two' },
    { role: 'assistant', content: 'Two' },
  ];
  expect((await say([...history, { role: 'user', content: 'Three' }])).message.content).toBe('Three');
});

it('repeats assistant messages that are not its own', async () => {
  const example = [
    { role: 'user', content: 'Q' },
    { role: 'assistant', content: 'An example. ' },
    { role: 'user', content: 'Now' },
  ];
  expect((await say(example)).message.content).toBe(`${echoSentence}QAn example. Now`);
});

it('marks images and sound and counts 100 for each', async () => {
  const content = [
    { type: 'text', text: 'See ' },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
    { type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } },
  ];
  const { message, usage } = await say([{ role: 'user', content }]);
  expect(message.content).toBe(`${echoSentence}See <image><audio>`);
  expect(usage).toMatchObject({ prompt_tokens: 204 });
});

it('calls every tool with the arguments its description names', async () => {
  const tool = (name: string, description: string) => ({
    type: 'function',
    function: { name, description, parameters: { type: 'object' } },
  });
  const tools = [tool('weather', 'Tells the weather. Args: {"place":{"city":"Oslo"}}'), tool('time', 'Tells the time.')];
  const ask = { role: 'user', content: '<GenerateSimpleToolCalls>Go' };
  const { message, finish } = await say([ask], { tools });
  expect(message.content).toBe(`${echoSentence}Go`);
  expect(finish).toBe('tool_calls');
  expect(message.tool_calls).toEqual([
    { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"place":{"city":"Oslo"}}' } },
    { id: 'call_2', type: 'function', function: { name: 'time', arguments: '{}' } },
  ]);
  const results = [
    { role: 'assistant', ...message },
    { role: 'tool', tool_call_id: 'call_1', content: 'Rain' },
  ];
  expect((await say([ask, ...results], { tools })).message.content).toBe(
    '<tool-response>{"callID":"call_1","name":"weather","result":["Rain"]}</tool-response>',
  );
  const failure = { role: 'tool', tool_call_id: 'call_2', content: 'Error: No clock' };
  expect((await say([ask, { role: 'assistant', ...message }, failure], { tools })).message.content).toBe(
    '<tool-response>{"callID":"call_2","name":"time","errorMessage":"No clock"}</tool-response>',
  );
  expect((await say([ask])).message.content).toBe(`${echoSentence}<GenerateSimpleToolCalls>Go`);
});

it('answers a schema with a value that conforms, continuing a prefix', async () => {
  const schema = {
    type: 'object',
    properties: { rating: { type: 'integer', minimum: 3 } },
    required: ['rating'],
    additionalProperties: false,
  };
  const response_format = { type: 'json_schema', json_schema: { name: 'rating', schema } };
  const ask = { role: 'user', content: 'Rate it' };
  expect((await say([ask], { response_format })).message.content).toBe('{"rating":3}');
  expect((await say([ask, { role: 'assistant', content: '{ "rating":' }], { response_format })).message.content).toBe('3}');
});

it('answers a pattern with a text that matches', async () => {
  expect(
    (await say([{ role: 'user', content: 'Mail?' }], { structured_outputs: { regex: '^[a-z]+@[a-z]+\\.no$' } })).message.content,
  ).toMatch(/^[a-z]+@[a-z]+\.no$/);
});

it('refuses more than its window and counts exactly', async () => {
  const long = { role: 'user', content: 'x'.repeat(1001) };
  expect(await post('/v1/chat/completions', { messages: [long] })).toMatchObject({
    status: 400,
    body: { error: { code: 'context_length_exceeded' } },
  });
  expect((await post('/tokenize', { messages: [long] })).body).toMatchObject({ count: 1001, max_model_len: 1000 });
  expect((await post('/tokenize', { prompt: 'né' })).body).toMatchObject({ count: 3 });
});

it('is counted exactly by the backends that count', async () => {
  const image = { type: 'image' as const, mediaType: 'image/png', data: 'AAAA' };
  const messages: ChatMessage[] = [{ role: 'user', content: [{ type: 'text', text: 'né' }, image] }];
  for (const backend of [backends.vllm, backends.llamacpp]) {
    const engine = openEngine(backend, { baseUrl: echo.url });
    expect(await engine.countTokens?.({ model: 'echo', messages }, unstopped()), backend.id).toBe(103);
    expect(await engine.contextWindow?.('echo', unstopped()), backend.id).toBe(1000);
  }
});

it('stops after the bytes it may answer with', async () => {
  const { message, finish } = await say([{ role: 'user', content: 'Hi' }], { max_tokens: 5 });
  expect(message.content).toBe(echoSentence.slice(0, 5));
  expect(finish).toBe('length');
});
