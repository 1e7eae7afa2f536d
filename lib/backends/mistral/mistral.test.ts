import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/message.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import { startMistral } from '../../testing/emulators/mistral.ts';
import { asObject } from '../../testing/kit/exchange.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { shortCallId } from '../openai-shaped/short-call-id.ts';
import { mistral } from './mistral.ts';
import { withoutPrefix } from './repeated-prefix.ts';

const key = ['mistral', 'test', 'key'].join('-');
let emulator: Emulator;

beforeEach(async () => {
  emulator = await startMistral({ apiKey: key });
});
afterEach(() => emulator.close());

const engine = () => openEngine(mistral, { baseUrl: emulator.url }, { key });
const ask = (more: Partial<ChatRequest> = {}) =>
  collect(engine().chat?.({ model: 'mistral-medium-latest', messages: [userMessage('Hi')], ...more }, unstopped()));
const sent = () => asObject(emulator.requests.at(-1)?.body);

describe('Mistral', () => {
  it('gets only fields it knows, under its own names', async () => {
    await ask({
      seed: 7,
      stop: ['~'],
      maxOutputTokens: 50,
      sampling: { temperature: 0.3, topP: 0.9, topK: 4, presencePenalty: 1, logitBias: { 5: 1 } },
      logprobs: { top: 2 },
      tools: [{ name: 'f' }],
      toolChoice: 'required',
      parallelToolCalls: false,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }], name: 'ann' }],
    });
    expect(sent()).toMatchObject({ random_seed: 7, tool_choice: 'any', parallel_tool_calls: false, presence_penalty: 1 });
    expect(sent()).not.toHaveProperty('seed');
    expect(sent().messages).toEqual([{ role: 'user', content: 'Hi' }]);
  });

  it('gets calls and results of other models under ids it takes, the same for both', async () => {
    const messages: Message[] = [
      userMessage('Weather?'),
      { role: 'assistant', content: [{ type: 'tool-call', id: 'call_0123456789abcdef', name: 'weather', arguments: '{}' }] },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            callId: 'call_0123456789abcdef',
            name: 'weather',
            content: [
              { type: 'text', text: 'Rain' },
              { type: 'image', mediaType: 'image/png', data: 'AAAA' },
            ],
          },
        ],
      },
    ];
    expect(textOf(await ask({ messages, tools: [{ name: 'weather' }] }))).not.toBe('');
    const id = shortCallId('call_0123456789abcdef');
    expect(sent().messages).toMatchObject([
      { role: 'user' },
      { tool_calls: [{ id }] },
      // An image stays with the tool: nobody may speak between a tool and the model.
      { role: 'tool', tool_call_id: id, name: 'weather', content: [{ type: 'text', text: 'Rain' }, { type: 'image_url' }] },
    ]);
  });

  it('keeps ids of nine letters, and gives others one each', () => {
    expect(shortCallId('gSIMJiOkT')).toBe('gSIMJiOkT');
    const ids = Array.from({ length: 5000 }, (_, index) => shortCallId(`call_${index}`));
    expect(new Set(ids).size).toBe(5000);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]{9}$/);
  });

  it('tells thoughts that come as a list, and is told how much to think in the two words it has', async () => {
    emulator.scenario = { thoughts: ['Let me', ' see.'], chunking: 'byte' };
    const parts = await ask({ model: 'magistral-small-latest', thinking: { effort: 'low' } });
    expect(parts.filter((part) => part.type === 'thought').map((part) => part.text)).toEqual(['Let me', ' see.']);
    expect(sent()).toMatchObject({ reasoning_effort: 'high' });
    await ask({ thinking: { effort: 'none' } });
    expect(sent()).toMatchObject({ reasoning_effort: 'none' });
    await ask({ model: 'mistral-large-4', thinking: { effort: 'none' } });
    expect(sent()).toMatchObject({ reasoning_effort: 'low' });
    await ask({ model: 'ministral-8b-latest', thinking: { effort: 'high' } });
    expect(sent()).not.toHaveProperty('reasoning_effort');
    expect(parts.at(-1)).toMatchObject({ usage: { cachedInputTokens: 1 } });
  });

  it('gets its thoughts back in front of what it said', async () => {
    const thought: Message = {
      role: 'assistant',
      content: [
        { type: 'thought', text: 'Hm.' },
        { type: 'text', text: 'Yes.' },
      ],
    };
    const messages = [userMessage('Is it?'), thought, userMessage('Sure?')];
    await ask({ model: 'magistral-small-latest', messages });
    expect(sent().messages).toMatchObject([
      {},
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
          { type: 'text', text: 'Yes.' },
        ],
      },
      {},
    ]);
    await ask({ model: 'codestral-latest', messages });
    expect(sent().messages).toMatchObject([{}, { content: 'Yes.' }, {}]);
  });

  it('makes vectors of the size that is asked for', async () => {
    const { vectors } = (await engine().embed?.({ model: 'codestral-embed', input: ['a'], dimensions: 16 }, unstopped())) ?? {};
    expect(vectors?.[0]).toHaveLength(16);
    expect(sent()).toMatchObject({ output_dimension: 16 });
  });

  it('continues a begun answer without saying its beginning again', async () => {
    const begun: Message = { role: 'assistant', content: [{ type: 'text', text: 'Once upon ' }], prefix: true };
    for (const chunking of ['event', 'byte'] as const) {
      emulator.scenario = { tokens: ['a time', ' there'], chunking };
      expect(textOf(await ask({ messages: [userMessage('Tell.'), begun] }))).toBe('a time there');
    }
    expect(sent().messages).toMatchObject([{ role: 'user' }, { role: 'assistant', content: 'Once upon ', prefix: true }]);
  });

  it.each([
    ['Once upon a time', ['Once', ' upon a', ' time.'], '.'],
    ['Once ', ['On', 'ce', ' more'], 'more'],
    ['Once ', ['Once', 'more'], 'more'],
    ['Once', ['Never', ' more'], 'Never more'],
    ['Once', ['On'], 'On'],
    ['Once', ['Once'], ''],
    ['Once', [], ''],
  ])('to %j, %j is the answer %j', async (prefix, tokens, expected) => {
    async function* answer(): AsyncGenerator<Part[]> {
      for (const text of tokens) yield [{ type: 'text', text }];
      yield [{ type: 'end', reason: 'stop' }];
    }
    const parts = await collect(withoutPrefix(answer(), prefix));
    expect(textOf(parts)).toBe(expected);
    expect(parts.at(-1)?.type).toBe('end');
  });

  it('gets audio and documents in its own shapes', async () => {
    const content: Message['content'] = [
      { type: 'audio', mediaType: 'audio/wav', data: 'UklGRg==' },
      { type: 'file', mediaType: 'application/pdf', data: 'JVBERg==', name: 'a.pdf' },
    ];
    await ask({ messages: [{ role: 'user', content } as Message] });
    expect(sent().messages).toMatchObject([
      {
        content: [
          { type: 'input_audio', input_audio: 'UklGRg==' },
          { type: 'document_url', document_url: 'data:application/pdf;base64,JVBERg==', document_name: 'a.pdf' },
        ],
      },
    ]);
  });

  it('is understood when it refuses a field, and asked again without', async () => {
    const detail = [{ type: 'extra_forbidden', loc: ['body', 'reasoning_effort'], msg: 'Extra inputs are not permitted', input: 'high' }];
    emulator.next({ raw: { status: 422, body: { object: 'error', message: { detail }, type: 'invalid_request_error' } } }, {});
    expect(textOf(await ask({ thinking: { effort: 'high' } }))).not.toBe('');
    expect(sent()).not.toHaveProperty('reasoning_effort');
  });

  it('fails where the model stopped with an error', async () => {
    const body = { choices: [{ index: 0, message: { role: 'assistant', content: 'Hm' }, finish_reason: 'error' }] };
    emulator.scenario = { raw: { status: 200, body } };
    await expect(ask()).rejects.toMatchObject({ code: 'backend-error' });
  });

  it('lists models with windows and abilities, without those for other things', async () => {
    expect(await engine().models?.(unstopped())).toEqual([
      {
        id: 'mistral-medium-latest',
        name: 'mistral-medium-2508',
        description: 'A model of the emulator.',
        contextWindow: 131_072,
        abilities: ['chat', 'schema', 'tools', 'images', 'files'],
      },
      expect.objectContaining({ id: 'magistral-small-latest', abilities: ['chat', 'schema', 'tools', 'thinking'] }),
      expect.objectContaining({ id: 'mistral-embed', abilities: ['embed'] }),
    ]);
  });
});
