import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import { createSseParser, type SseEvent } from '../sse.ts';
import { createDecoder } from './decoder.ts';
import type { Quirks } from './quirks.ts';
import { commonSamplers } from './samplers.ts';

const plain: Quirks = { service: { label: 'it' }, samplers: commonSamplers };
const finish = (reason = 'stop') => ({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
const delta = (fields: object, more: object = {}) => ({
  id: 'a',
  model: 'm',
  choices: [{ index: 0, delta: fields, finish_reason: null, ...more }],
});
const say = (content: unknown) => delta({ content });

describe('an answer', () => {
  it('becomes one part for each piece, and an end with usage, model and id', () => {
    const usage = {
      prompt_tokens: 9,
      completion_tokens: 2,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 1 },
    };
    expect(read([delta({ role: 'assistant', content: '' }), say('He'), say('llo'), finish(), { choices: [], usage }, '[DONE]'])).toEqual({
      parts: [
        text('He'),
        text('llo'),
        end('stop', { model: 'm', responseId: 'a', usage: { inputTokens: 9, outputTokens: 2, cachedInputTokens: 4, reasoningTokens: 1 } }),
      ],
    });
  });

  it.each([
    ['no [DONE]', [say('a'), finish()]],
    ['a [DONE] without a blank line', [say('a'), finish(), '[DONE]']],
    ['a role on every chunk', [delta({ role: 'assistant', content: 'a' }), finish(), '[DONE]']],
    ['null content first', [delta({ role: 'assistant', content: null }), say('a'), finish(), '[DONE]']],
    ['the reason on the last text', [delta({ content: 'a' }, { finish_reason: 'stop' }), '[DONE]']],
    ['a usage chunk that repeats the choice', [say('a'), finish(), { ...finish(), usage: null }, '[DONE]']],
    ['an empty reason on every chunk', [delta({ content: 'a' }, { finish_reason: '' }), finish(), '[DONE]']],
    ['content as a list', [say([{ type: 'text', text: 'a' }]), finish(), '[DONE]']],
    [
      'null deltas, null choices and chunks of other kinds',
      [{ choices: [{ delta: null }] }, { choices: [null] }, { choices: null }, { type: 'ping' }, say('a'), finish()],
    ],
    [
      'other answers of n > 1',
      [say('a'), { choices: [{ index: 1, delta: { content: 'b' }, finish_reason: 'length' }] }, finish(), '[DONE]'],
    ],
    ['no index', [{ choices: [{ delta: { content: 'a' } }] }, { choices: [{ delta: {}, finish_reason: 'stop' }] }]],
    ['[DONE] and then more', [say('a'), finish(), '[DONE]', say('b'), '{nonsense']],
    ['only [DONE] at the end', [say('a'), '[DONE]']],
    [
      'text completions',
      [{ choices: [{ index: 0, text: 'a', finish_reason: null }] }, { choices: [{ text: '', finish_reason: 'stop' }] }, '[DONE]'],
    ],
  ])('may come with %s', (_what, events) => {
    const { parts, error } = read(events);
    expect(error).toBeUndefined();
    expect(parts).toMatchObject([text('a'), { type: 'end', reason: 'stop' }]);
  });

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    // Without a call: some servers say so wherever tools were on offer.
    ['tool_calls', 'stop'],
    ['function_call', 'stop'],
    ['content_filter', 'content-filter'],
    ['something new', 'other'],
  ])('that ends for %s ends for %s', (wire, ours) => {
    expect(read([say('a'), finish(wire)]).parts.at(-1)).toMatchObject({ type: 'end', reason: ours });
  });

  it('may come whole although a stream was asked for', () => {
    const answer = {
      id: 'a',
      choices: [{ index: 0, message: { role: 'assistant', content: 'whole', reasoning_content: 'hm' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 2 },
    };
    expect(read([{ data: JSON.stringify(answer, null, 2), whole: true }]).parts).toEqual([
      { type: 'thought', text: 'hm' },
      text('whole'),
      end('stop', { responseId: 'a', usage: { inputTokens: 1, outputTokens: 2 } }),
    ]);
  });

  it('joins characters that are cut between two pieces', () => {
    const [high, low] = ['\ud83e', '\udd84'];
    const { parts } = read([say(`a${high}`), say(`${low}b`), delta({ reasoning: high }), delta({ reasoning: low }), say(high), finish()]);
    expect(parts).toMatchObject([text('a'), text('🦄b'), { type: 'thought', text: '🦄' }, text('\ufffd'), { type: 'end' }]);
  });

  it('keeps thinking apart, whatever the field is called', () => {
    const { parts } = read([
      delta({ reasoning_content: 'a' }),
      delta({ reasoning: 'b' }),
      delta({ reasoning: 'c', reasoning_content: 'c' }),
      say([{ type: 'thinking', thinking: [{ type: 'text', text: 'd' }] }]),
      say('e'),
      finish(),
    ]);
    expect(parts.slice(0, -1)).toEqual([...'abcd'].map((letter) => ({ type: 'thought', text: letter })).concat(text('e') as never));
  });

  it('marks a refusal', () => {
    expect(read([delta({ refusal: 'No.' }), finish()]).parts[0]).toEqual({ type: 'text', text: 'No.', refusal: true });
  });

  it('keeps what OpenRouter wants back of its thinking', () => {
    const piece = (more: object) => delta({ reasoning_details: [{ type: 'reasoning.text', index: 0, ...more }] });
    const { parts } = read([
      piece({ text: 'let ' }),
      piece({ text: 'me', signature: null }),
      piece({ signature: 'sig' }),
      delta({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'x', index: 1 }] }),
      say('a'),
      finish(),
    ]);
    expect(parts.at(-2)).toEqual({
      type: 'thought',
      text: '',
      opaque: {
        reasoning_details: [
          { type: 'reasoning.text', index: 0, text: 'let me', signature: 'sig' },
          { type: 'reasoning.encrypted', data: 'x', index: 1 },
        ],
      },
    });
  });

  it('brings log probabilities, in the shape of chat and of completions', () => {
    const chat = read([
      delta(
        { content: 'a' },
        { logprobs: { content: [{ token: 'a', logprob: -1, bytes: [97], top_logprobs: [{ token: 'b', logprob: -2 }] }] } },
      ),
      finish(),
    ]);
    expect(chat.parts[0]).toEqual({
      type: 'text',
      text: 'a',
      logprobs: [{ token: 'a', logprob: -1, bytes: [97], top: [{ token: 'b', logprob: -2 }] }],
    });
    const legacy = read([
      { choices: [{ text: 'a', logprobs: { tokens: ['a'], token_logprobs: [-1], top_logprobs: [{ b: -2 }] } }] },
      finish(),
    ]);
    expect(legacy.parts[0]).toEqual({
      type: 'text',
      text: 'a',
      logprobs: [{ token: 'a', logprob: -1, top: [{ token: 'b', logprob: -2 }] }],
    });
  });

  it.each([
    ['cost in dollars', { prompt_tokens: 1, completion_tokens: 1, cost: 0.0000026 }, { inputTokens: 1, outputTokens: 1, costMicroUsd: 3 }],
    ['half a count', { prompt_tokens: 3, total_tokens: 3 }, { inputTokens: 3, outputTokens: 0 }],
    ['nonsense', { prompt_tokens: -1, completion_tokens: '7' }, undefined],
    ['nothing', {}, undefined],
  ])('tells usage: %s', (_what, usage, expected) => {
    expect(read([say('a'), finish(), { choices: [], usage }]).parts.at(-1)).toEqual(
      end('stop', { model: 'm', responseId: 'a', ...(expected && { usage: expected }) }),
    );
  });

  it('counts by timings where llama.cpp sends no usage', () => {
    const { parts } = read([say('a'), { ...finish(), timings: { prompt_n: 3, cache_n: 4, predicted_n: 1 } }]);
    expect(parts.at(-1)).toMatchObject({ usage: { inputTokens: 7, outputTokens: 1, cachedInputTokens: 4 } });
  });
});

describe('tool calls', () => {
  const call = (fields: object) => delta({ tool_calls: [fields] });

  it('come in pieces of one character', () => {
    const args = '{"city":"Zürich"}';
    const events = [
      call({ index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '' } }),
      ...[...args].map((piece) => call({ index: 0, function: { arguments: piece } })),
      finish('tool_calls'),
    ];
    const { parts } = read(events);
    expect(parts[0]).toEqual({ type: 'tool-call', index: 0, id: 'call_1', name: 'weather', arguments: '' });
    expect(argumentsOf(parts, 0)).toBe(args);
    expect(parts.at(-1)).toMatchObject({ type: 'end', reason: 'tool-calls' });
  });

  it('are told apart by index, by id where all have index 0, and by order where there is none', () => {
    const byIndex = read([
      call({ index: 3, id: 'a', function: { name: 'f', arguments: '1' } }),
      call({ index: 7, id: 'b', function: { name: 'g', arguments: '2' } }),
      call({ index: 3, function: { arguments: '1' } }),
      finish(),
    ]);
    expect([argumentsOf(byIndex.parts, 0), argumentsOf(byIndex.parts, 1)]).toEqual(['11', '2']);
    const byId = read([
      call({ index: 0, id: 'a', function: { name: 'f', arguments: '1' } }),
      call({ index: 0, id: 'b', function: { name: 'f', arguments: '2' } }),
      call({ index: 0, id: 'b', function: { name: 'f', arguments: '3' } }),
      finish(),
    ]);
    expect([argumentsOf(byId.parts, 0), argumentsOf(byId.parts, 1)]).toEqual(['1', '23']);
    const byOrder = read([
      delta({ tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }, { function: { name: 'g', arguments: null } }] }),
      call({ function: { arguments: '{}' } }),
      finish(),
    ]);
    expect(byOrder.parts.slice(0, -1)).toEqual([
      { type: 'tool-call', index: 0, id: 'call_0', name: 'f', arguments: '{"a":1}' },
      { type: 'tool-call', index: 1, id: 'call_1', name: 'g', arguments: '' },
      { type: 'tool-call', index: 1, arguments: '{}' },
    ]);
    expect(byOrder.parts.at(-1)).toMatchObject({ reason: 'tool-calls' });
  });

  it('may tell their id before their name', () => {
    const piece = (index: number, more: object, called: object) => ({ index, ...more, function: called });
    const { parts } = read([
      delta({ tool_calls: [piece(0, { id: 'a' }, { arguments: '' })] }),
      delta({ tool_calls: [piece(0, {}, { name: 'f', arguments: '{' })] }),
      delta({ tool_calls: [piece(0, {}, { arguments: '}' })] }),
      finish('tool_calls'),
    ]);
    expect(parts.filter((part) => part.type === 'tool-call')).toEqual([
      { type: 'tool-call', index: 0, id: 'a', name: 'f', arguments: '{' },
      { type: 'tool-call', index: 0, arguments: '}' },
    ]);
  });

  it('may have the older form', () => {
    const { parts } = read([
      delta({ function_call: { name: 'f', arguments: '{' } }),
      delta({ function_call: { arguments: '}' } }),
      finish('function_call'),
    ]);
    expect(argumentsOf(parts, 0)).toBe('{}');
  });

  it.each([4294967295, -1, 1.5, '0', '__proto__', Number.MAX_SAFE_INTEGER])('with the index %j are refused', (index) => {
    expect(read([say('a'), call({ index, id: 'a', function: { name: 'f' } })])).toMatchObject({
      parts: [text('a')],
      error: { code: 'bad-response' },
    });
  });

  it('that never began, or never stop coming, are refused', () => {
    expect(read([call({ index: 0, function: { arguments: '{' } })]).error).toMatchObject({ code: 'bad-response' });
    const many = Array.from({ length: 129 }, (_, index) => call({ index, id: `c${index}`, function: { name: 'f' } }));
    expect(read(many).error).toMatchObject({ code: 'bad-response' });
  });
});

describe('what goes wrong', () => {
  it.each([
    ['an object', { error: { message: 'boom', code: 500 } }, 'backend-error'],
    ['a string', { error: 'boom' }, 'backend-error'],
    [
      'beside choices',
      { error: { code: 429, message: 'slow' }, choices: [{ delta: { content: '' }, finish_reason: 'error' }] },
      'rate-limited',
    ],
    ['at top level', { object: 'error', message: 'boom', code: 400 }, 'bad-request'],
    ['as detail', { detail: 'boom' }, 'backend-error'],
    ['as a reason', finish('error'), 'backend-error'],
    ['as an event', { data: '{"code":500,"message":"boom"}', event: 'error' }, 'backend-error'],
    ['as an event of text', { data: 'boom', event: 'error' }, 'backend-error'],
    ['as an event of a JSON string', { data: '"boom"', event: 'error' }, 'backend-error'],
    ['as JSON at 200', { data: '{"error":"Unexpected endpoint or method. (POST /x)"}', whole: true as const }, 'bad-response'],
    ['as a list at 200', { data: '[{"error":{"code":404,"message":"model x not found"}}]', whole: true as const }, 'model-not-found'],
    ['as a page', { data: '<html>', whole: true as const }, 'bad-response'],
    ['as another JSON', { data: '{"hello":1}', whole: true as const }, 'bad-response'],
    ['as no JSON in the middle', { data: '{nonsense' }, 'bad-response'],
    ['as half an event at the end', { data: '{"choi', cut: true as const }, 'interrupted'],
  ])('is heard %s, after the text so far', (_how, event, code) => {
    const events = 'whole' in event ? [event] : [say('a'), event, say('b'), finish()];
    const { parts, error } = read(events);
    expect(error).toMatchObject({ name: 'SwitchboardError', code });
    expect(parts).toEqual('whole' in event ? [] : [text('a')]);
  });

  it('an answer without an end is cut off, one without anything is none', () => {
    expect(read([say('a')])).toMatchObject({ parts: [text('a')], error: { code: 'interrupted' } });
    expect(read([delta({ role: 'assistant' })]).error).toMatchObject({ code: 'interrupted' });
    expect(read([]).error).toMatchObject({ code: 'bad-response' });
    expect(read(['[DONE]']).error).toMatchObject({ code: 'bad-response' });
  });

  it('an empty answer is an answer, except where it means that the prompt did not fit', () => {
    expect(read([say(''), finish(), '[DONE]']).error).toBeUndefined();
    expect(read([say(''), finish(), '[DONE]'], { ...plain, emptyIsError: true }).error).toMatchObject({ code: 'context-length' });
    expect(
      read([finish(), { choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } }], { ...plain, emptyIsError: true }).error,
    ).toBeUndefined();
  });
});

describe('thinking tags', () => {
  const tagged: Quirks = { ...plain, thinkTags: true };

  it('are taken out at the start of an answer, wherever the pieces are cut', () => {
    const whole = ' <think>\nLet me <b> see</think>\n\nHello </think> <think>x';
    for (let at = 0; at <= whole.length; at++) {
      const { parts } = read([say(whole.slice(0, at)), say(whole.slice(at)), finish()], tagged);
      const joined = (type: string) => parts.map((part) => (part.type === type && 'text' in part ? part.text : '')).join('');
      expect([joined('thought'), joined('text')], `cut at ${at}`).toEqual(['Let me <b> see', 'Hello </think> <think>x']);
    }
  });

  it.each(['<thin', ' \n', '<', 'a <think>b</think>', ' x'])('are not seen in %j', (content) => {
    const { parts } = read([say(content), finish()], tagged);
    expect(parts[0]).toEqual(text(content));
  });

  it('may stay open', () => {
    expect(read([say('<think>hm'), say('m</th'), finish('length')], tagged).parts.slice(0, -1)).toEqual([
      { type: 'thought', text: 'hm' },
      { type: 'thought', text: 'm' },
      { type: 'thought', text: '</th' },
    ]);
  });
});

describe('the decoder', () => {
  it('tells the same however the bytes fall', { timeout: 60_000 }, () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }).map((content) => say(content)),
      fc.string({ unit: 'grapheme' }).map((reasoning) => delta({ reasoning })),
      fc.constant(delta({ role: 'assistant', content: null })),
    );
    const property = fc.property(
      fc.array(piece, { maxLength: 12 }),
      fc.boolean(),
      fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
      (pieces, done, sizes) => {
        const events = [...pieces, say('.'), finish()];
        const bytes = new TextEncoder().encode(
          `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}${done ? 'data: [DONE]' : ''}`,
        );
        expect(join(readBytes(bytes, sizes))).toEqual(join(read(events).parts));
      },
    );
    fc.assert(property, { numRuns: 60 });
  });

  it('never fails but with an error of ours, whatever comes', { timeout: 60_000 }, () => {
    const property = fc.property(
      fc.array(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.object({
            key: fc.constantFrom(
              'choices',
              'delta',
              'content',
              'tool_calls',
              'index',
              'function',
              'usage',
              'error',
              'text',
              'logprobs',
              'finish_reason',
            ),
          }),
        ),
      ),
      (events) => {
        const { error } = read(events);
        if (error) expect(error.name).toBe('SwitchboardError');
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  it('reads ten thousand events within the time of a few frames', () => {
    const bytes = new TextEncoder().encode(Array.from({ length: 10_000 }, (_, i) => `data: ${JSON.stringify(say(`w${i} `))}\n\n`).join(''));
    const started = performance.now();
    const parts = readBytes(bytes, [bytes.length], [finish(), '[DONE]']);
    expect(parts).toHaveLength(10_001);
    // Takes 4 ms on an idle machine; the bound only catches what is quadratic.
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});

function read(events: (object | string)[], quirks: Quirks = plain): { parts: Part[]; error?: SwitchboardError } {
  const decoder = createDecoder(quirks, { host: '127.0.0.1:1', place: 'device', secrets: [] });
  const parts: Part[] = [];
  try {
    decoder.read(events.map(eventOf), parts);
    decoder.end(parts);
    return { parts };
  } catch (error) {
    return { parts, error: error as SwitchboardError };
  }
}

function eventOf(event: object | string): SseEvent {
  if (typeof event === 'string') return { data: event };
  return 'data' in event && typeof event.data === 'string' ? (event as SseEvent) : { data: JSON.stringify(event) };
}

function readBytes(bytes: Uint8Array, sizes: Iterable<number>, last: (object | string)[] = []): Part[] {
  const parser = createSseParser('127.0.0.1:1');
  const utf8 = new TextDecoder();
  const decoder = createDecoder(plain, { host: '127.0.0.1:1', place: 'device', secrets: [] });
  const parts: Part[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at >= bytes.length) break;
    decoder.read(parser.push(utf8.decode(bytes.subarray(at, at + size), { stream: true })), parts);
    at += size;
  }
  decoder.read([...parser.end(), ...last.map(eventOf)], parts);
  decoder.end(parts);
  return parts;
}

function join(parts: Part[]): object {
  const all = (type: string) => parts.map((part) => (part.type === type && 'text' in part ? part.text : '')).join('');
  return { text: all('text'), thought: all('thought'), end: parts.at(-1) };
}

function argumentsOf(parts: Part[], index: number): string {
  return parts.map((part) => (part.type === 'tool-call' && part.index === index ? part.arguments : '')).join('');
}

function text(content: string): Part {
  return { type: 'text', text: content };
}

function end(reason: string, more: object = {}): object {
  return { type: 'end', reason, ...more };
}
