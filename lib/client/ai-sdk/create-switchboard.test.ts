import type { EmbeddingModelV3, LanguageModelV3 } from '@ai-sdk/provider';
import * as six from 'ai';
import * as seven from 'ai7';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { chunk, completion, type FakeProvider, fakeProvider, pageError, usageChunk } from '../testing/fake-provider.ts';
import { createSwitchboard, type EmbeddingModel, type LanguageModel, NotInstalledError } from './create-switchboard.ts';

const weather = { id: 'call_1', type: 'function' as const, function: { name: 'weather', arguments: '{"city":"Oslo"}' } };

const schema = z.object({ city: z.string() });

it('has the types of the specification', () => {
  expectTypeOf<LanguageModel>().toExtend<LanguageModelV3>();
  expectTypeOf<EmbeddingModel>().toExtend<EmbeddingModelV3>();
  expectTypeOf<LanguageModel>().toExtend<six.LanguageModel>();
  expectTypeOf<LanguageModel>().toExtend<seven.LanguageModel>();
});

// Both say the same to a model, in types of their own.
describe.each([
  ['6', six],
  ['7', seven as unknown as typeof six],
])('with the AI SDK %s', (_, sdk) => {
  it('answers whole, with usage, reasoning and what was asked', async () => {
    const fake = fakeProvider({ whole: [completion({ content: 'Hello.', reasoning_content: 'They greet.' })] });
    const result = await sdk.generateText({
      model: modelOf(fake),
      system: 'Be short.',
      prompt: 'Hi',
      temperature: 0.5,
      topK: 4,
      maxOutputTokens: 9,
      stopSequences: ['END'],
      providerOptions: { switchboard: { reasoningEffort: 'low', minP: 0.1 } },
    });
    expect(result.text).toBe('Hello.');
    expect(result.reasoningText).toBe('They greet.');
    expect(result.finishReason).toBe('stop');
    expect(result.usage).toMatchObject({ inputTokens: 10, outputTokens: 5 });
    expect(result.response).toMatchObject({ id: 'chatcmpl-1', modelId: 'tiny' });
    expect(fake.bodies).toEqual([
      {
        stream: false,
        model: 'default',
        messages: [
          { role: 'system', content: 'Be short.' },
          { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
        ],
        temperature: 0.5,
        top_k: 4,
        max_completion_tokens: 9,
        stop: ['END'],
        reasoning_effort: 'low',
        min_p: 0.1,
      },
    ]);
  });

  it('streams text and reasoning in blocks of their own', async () => {
    const fake = fakeProvider({
      chunks: [
        chunk({ role: 'assistant', content: '' }),
        chunk({ reasoning_content: 'Hm' }),
        chunk({ reasoning_content: '.', reasoning_details: [{ type: 'reasoning.text', text: '.', signature: 'sealed' }] }),
        chunk({ content: 'Good ' }),
        chunk({ content: 'day' }),
        chunk({}, 'stop'),
        usageChunk(),
      ],
    });
    const result = sdk.streamText({ model: modelOf(fake), prompt: 'Hi', includeRawChunks: true });
    const types: string[] = [];
    for await (const part of result.fullStream) types.push(part.type);
    expect(types.filter((type) => type !== 'raw')).toEqual([
      'start',
      'start-step',
      'reasoning-start',
      'reasoning-delta',
      'reasoning-delta',
      'reasoning-end',
      'text-start',
      'text-delta',
      'text-delta',
      'text-end',
      'finish-step',
      'finish',
    ]);
    expect(types.filter((type) => type === 'raw')).toHaveLength(7);
    expect(await result.text).toBe('Good day');
    expect((await result.usage).outputTokenDetails).toMatchObject({ reasoningTokens: 2, textTokens: 3 });
    const [reasoning] = await result.reasoning;
    expect(reasoning?.providerMetadata).toEqual({
      switchboard: { reasoningDetails: [{ type: 'reasoning.text', text: '.', signature: 'sealed' }] },
    });
    expect(fake.bodies[0]).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it('goes round with tools, and brings back what the backend wants back', async () => {
    const sealed = { type: 'reasoning.text' as const, text: 'Look it up.', signature: 'sealed' };
    const fake = fakeProvider({
      whole: [
        completion(
          { reasoning_content: 'Look it up.', reasoning_details: [sealed], tool_calls: [{ ...weather, extra_content: { mark: 1 } }] },
          'tool_calls',
        ),
        completion({ content: 'Rain.' }),
      ],
    });
    const result = await sdk.generateText({
      model: modelOf(fake),
      prompt: 'Weather?',
      tools: { weather: sdk.tool({ inputSchema: schema, execute: async ({ city }) => ({ city, sky: 'rain' }) }) },
      toolChoice: 'auto',
      stopWhen: sdk.stepCountIs(3),
    });
    expect(result.text).toBe('Rain.');
    expect(fake.bodies[0]).toMatchObject({ tool_choice: 'auto', tools: [{ type: 'function', function: { name: 'weather' } }] });
    expect(fake.bodies[1]?.messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: null,
        reasoning_content: 'Look it up.',
        reasoning_details: [sealed],
        tool_calls: [{ ...weather, extra_content: { mark: 1 } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '{"city":"Oslo","sky":"rain"}' },
    ]);
  });

  it('streams the input of several tools at once', async () => {
    const fake = fakeProvider({
      chunks: [
        chunk({ tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'weather', arguments: '' } }] }),
        chunk({ tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'weather', arguments: '{"city":' } }] }),
        chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":"Oslo"}' } }] }),
        chunk({ tool_calls: [{ index: 1, function: { arguments: '"Rom"}' } }] }),
        chunk({}, 'tool_calls'),
      ],
    });
    const result = sdk.streamText({ model: modelOf(fake), prompt: 'Weather?', tools: { weather: sdk.tool({ inputSchema: schema }) } });
    expect((await result.toolCalls).map(({ toolCallId, input }) => [toolCallId, input])).toEqual([
      ['a', { city: 'Oslo' }],
      ['b', { city: 'Rom' }],
    ]);
    expect(await result.finishReason).toBe('tool-calls');
  });

  it('asks for structured output by its schema', async () => {
    const fake = fakeProvider({ whole: [completion({ content: '{"city":"Oslo"}' })] });
    const { output } = await sdk.generateText({ model: modelOf(fake), prompt: 'Where?', output: sdk.Output.object({ schema }) });
    expect(output).toEqual({ city: 'Oslo' });
    expect(fake.bodies[0]?.response_format).toMatchObject({
      type: 'json_schema',
      json_schema: { strict: true, schema: { type: 'object', properties: { city: { type: 'string' } } } },
    });
  });

  it('carries images, sound and files as bytes', async () => {
    const fake = fakeProvider({ whole: [completion({ content: 'Seen.' })] });
    await sdk.generateText({
      model: modelOf(fake),
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', image: new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]) },
            { type: 'file', data: 'AAAA', mediaType: 'audio/mpeg' },
            { type: 'file', data: 'data:application/pdf;base64,AAAA', mediaType: 'application/pdf', filename: 'a.pdf' },
          ],
        },
      ],
    });
    expect(fake.bodies[0]?.messages[0]).toEqual({
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
        { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
        { type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA', filename: 'a.pdf' } },
      ],
    });
  });

  it('fails with the SDK’s own error, which says what may be tried again', async () => {
    const refused = fakeProvider({ failures: [pageError('denied', 403)] });
    const error = await sdk.generateText({ model: modelOf(refused), prompt: 'Hi' }).catch((thrown: unknown) => thrown);
    expect(sdk.APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ statusCode: 403, code: 'denied', isRetryable: false, requestBodyValues: {} });
    expect(refused.bodies).toHaveLength(1);

    const busy = fakeProvider({ failures: [pageError('overloaded', 503, 0.001)], whole: [completion({ content: 'Now.' })] });
    expect((await sdk.generateText({ model: modelOf(busy), prompt: 'Hi', maxRetries: 1 })).text).toBe('Now.');
    expect(busy.bodies).toHaveLength(2);
  });

  it('tells of a failure in the middle of a stream, after what had come', async () => {
    const fake = fakeProvider({ chunks: [chunk({ content: 'Half' }), pageError('interrupted', 502)] });
    const errors: unknown[] = [];
    const result = sdk.streamText({ model: modelOf(fake), prompt: 'Hi', onError: ({ error }) => void errors.push(error) });
    let text = '';
    for await (const delta of result.textStream) text += delta;
    expect(text).toBe('Half');
    expect(errors).toEqual([expect.objectContaining({ code: 'interrupted', statusCode: 502 })]);
  });

  it('stops when it is aborted', async () => {
    const stop = new AbortController();
    const fake = fakeProvider({ chunks: [chunk({ content: 'One' }), chunk({ content: 'Two' }), chunk({ content: 'Three' })] });
    const result = sdk.streamText({ model: modelOf(fake), prompt: 'Hi', abortSignal: stop.signal });
    const types: string[] = [];
    for await (const part of result.fullStream) {
      types.push(part.type);
      if (part.type === 'text-delta') stop.abort();
    }
    expect(types).toContain('abort');
    expect(types).not.toContain('error');
  });

  it('warns of what it cannot carry', async () => {
    const fake = fakeProvider({ whole: [completion({ content: 'Fine.' })] });
    const search = { type: 'provider', id: 'other.search', name: 'search', args: {}, isProviderExecuted: true } as const;
    const { warnings } = await sdk.generateText({ model: modelOf(fake), prompt: 'Hi', tools: { search: search as never } });
    expect(warnings).toEqual([{ type: 'unsupported', feature: 'provider tool other.search', details: expect.any(String) }]);
  });

  it('makes embeddings', async () => {
    const asked: unknown[] = [];
    const fake = fakeProvider({
      fetch(url, init) {
        asked.push([url, JSON.parse(String(init.body))]);
        return Response.json({
          data: [
            { index: 1, embedding: [0, 1] },
            { index: 0, embedding: [1, 0] },
          ],
          usage: { prompt_tokens: 3 },
        });
      },
    });
    const model = createSwitchboard({ provider: fake.provider }).embeddingModel('small');
    const { embeddings, usage } = await sdk.embedMany({ model, values: ['a', 'b'] });
    expect(embeddings).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(usage.tokens).toBe(3);
    expect(asked).toEqual([['https://switchboard.invalid/v1/embeddings', { model: 'small', input: ['a', 'b'], encoding_format: 'float' }]]);
  });

  it('fails an embedding as it fails an answer', async () => {
    const fetch = () => Response.json({ error: { message: 'No such model.', code: 'not-supported' } }, { status: 400 });
    const model = createSwitchboard({ provider: fakeProvider({ fetch }).provider }).embeddingModel();
    const error = await sdk.embed({ model, value: 'a' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'not-supported', statusCode: 400 });
    expect(sdk.APICallError.isInstance(error)).toBe(true);
  });

  it('works in a registry, and knows no images', () => {
    const switchboard = createSwitchboard();
    const registry = sdk.createProviderRegistry({ switchboard: switchboard as never });
    expect(registry.languageModel('switchboard:tiny')).toMatchObject({ modelId: 'tiny' });
    expect(() => switchboard.imageModel('any')).toThrow(/text and embeddings/);
  });
});

it('rejects where Switchboard is missing, and looks again at the next call', async () => {
  const model = createSwitchboard({ timeout: 1 })();
  for (let time = 0; time < 2; time++) {
    await expect(model.doGenerate({ prompt: [] })).rejects.toBeInstanceOf(NotInstalledError);
  }
});

it('leaves addresses to the SDK, says so when one comes all the same, and continues a prefix', async () => {
  const fake = fakeProvider({ whole: [completion({ content: ' end' })] });
  const { warnings } = await modelOf(fake).doGenerate({
    prompt: [
      { role: 'user', content: [{ type: 'file', mediaType: 'image/png', data: new URL('https://a.example/b.png') }] },
      { role: 'assistant', content: [{ type: 'text', text: 'The' }], providerOptions: { switchboard: { prefix: true } } },
    ],
  });
  expect(warnings).toEqual([{ type: 'unsupported', feature: 'file address', details: expect.any(String) }]);
  expect(fake.bodies[0]?.messages).toEqual([
    { role: 'user', content: [] },
    { role: 'assistant', content: 'The', prefix: true },
  ]);
});

it('stops the answer when the stream is left', async () => {
  const fake = fakeProvider({ chunks: [chunk({ content: 'One' }), chunk({ content: 'Two' })] });
  const { stream } = await modelOf(fake).doStream({ prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] });
  const reader = stream.getReader();
  await reader.read();
  await reader.cancel();
  expect(fake.returned).toBe(1);
});

function modelOf({ provider }: FakeProvider): LanguageModel {
  return createSwitchboard({ provider })();
}
