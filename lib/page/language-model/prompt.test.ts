import { describe, expect, it } from 'vitest';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { Message } from '../../protocol/message.ts';
import { refusal } from '../../protocol/page-errors.ts';
import type { Part } from '../../protocol/part.ts';
import { answers, type Background, stage, textOf } from '../../testing/language-model-stage.ts';
import { until } from '../../testing/road.ts';

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: Error) => error,
  );

async function all(stream: ReadableStream<unknown>): Promise<unknown[]> {
  const chunks: unknown[] = [];
  const reader = stream.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) chunks.push(read.value);
  return chunks;
}

/** An engine whose answers end when the test says so. */
function held() {
  const waiting: { end(): void; text: string }[] = [];
  let aborts = 0;
  return {
    waiting,
    aborts: () => aborts,
    engine: async function* ({ messages }: { messages: Message[] }, signal: AbortSignal): AsyncGenerator<Part[]> {
      const text = textOf(messages.at(-1) as Message);
      yield [{ type: 'text', text: 'Now ' }];
      await new Promise<void>((resolve) => {
        waiting.push({ end: resolve, text });
        signal.addEventListener('abort', () => {
          aborts += 1;
          resolve();
        });
      });
      yield [
        { type: 'text', text },
        { type: 'end', reason: 'stop' },
      ];
    },
  };
}

describe('what is said', () => {
  it.each([
    ['Hi', 'Hi'],
    [null, 'null'],
    [undefined, 'undefined'],
    [5, '5'],
    [{}, '[object Object]'],
    [{ toString: () => 'own words' }, 'own words'],
    [{ role: 'user', content: 'Hi' }, '[object Object]'],
    [[], ''],
    [[{ role: 'user', content: 'Hi' }], 'Hi'],
    [[{ role: 'user', content: [] }], ''],
    [[{ role: 'user', content: null }], 'null'],
    [[{ role: 'user', content: [{ type: 'text', value: 5 }] }], '5'],
    [[{ role: 'user', content: [{ type: 'text', value: {} }] }], '[object Object]'],
    [
      [
        {
          role: 'user',
          content: [
            { type: 'text', value: 'a' },
            { type: 'text', value: 'b' },
          ],
        },
      ],
      'ab',
    ],
    ['half a \ud800 pair', 'half a \ufffd pair'],
  ])('of %j is %j', async (input, expected) => {
    const { LanguageModel, requests } = stage();
    const session = await LanguageModel.create();
    expect(await session.prompt(input)).toBe(`Echo: ${expected}`);
    expect(requests[0]?.messages).toEqual([{ role: 'user', content: [{ type: 'text', text: expected }] }]);
  });

  it('needs to be given', async () => {
    const session = (await stage().LanguageModel.create()) as unknown as Record<string, () => Promise<unknown>>;
    for (const name of ['prompt', 'append', 'measureContextUsage']) await expect(session[name]?.()).rejects.toBeInstanceOf(TypeError);
    expect(() => session.promptStreaming?.()).toThrow(TypeError);
  });

  it.each<[unknown, string]>([
    [Symbol('x'), 'TypeError'],
    [[5], 'TypeError'],
    [[{ role: 'user' }], 'TypeError'],
    [[{ content: 'Hi' }], 'TypeError'],
    [[{ role: 'tool', content: 'Hi' }], 'TypeError'],
    [[{ role: 'user', content: [{ type: 'text' }] }], 'TypeError'],
    [[{ role: 'user', content: [{ type: 'video', value: 'x' }] }], 'TypeError'],
    [[{ role: 'user', content: [{ type: 'text', value: new Uint8Array(1) }] }], 'SyntaxError'],
    [[{ role: 'user', content: [{ type: 'image', value: new Blob([]) }] }], 'NotSupportedError'],
    [[{ role: 'user', content: [{ type: 'audio', value: 'x' }] }], 'NotSupportedError'],
    [[{ role: 'user', content: [{ type: 'tool-call', value: 'x' }] }], 'NotSupportedError'],
    [[{ role: 'user', content: [{ type: 'tool-response', value: 'x' }] }], 'NotSupportedError'],
    [[{ role: 'user', content: 'Hi', prefix: true }], 'SyntaxError'],
    [
      [
        { role: 'assistant', content: 'He', prefix: true },
        { role: 'user', content: 'Hi' },
      ],
      'SyntaxError',
    ],
    [
      [
        { role: 'user', content: 'Hi' },
        { role: 'system', content: 'Be kind.' },
      ],
      'TypeError',
    ],
  ])('of %j fails with %s, here, in a stream, appended and measured, and leaves the session as it was', async (input, name) => {
    const { LanguageModel, requests } = stage();
    const session = await LanguageModel.create();
    expect(await errorOf(session.prompt(input))).toMatchObject({ name });
    expect(await errorOf(session.append(input))).toMatchObject({ name });
    expect(await errorOf(session.measureContextUsage(input))).toMatchObject({ name });
    const streamed = new Promise((resolve) => resolve(all(session.promptStreaming(input))));
    expect(await errorOf(streamed)).toMatchObject({ name });
    expect([requests.length, session.contextUsage]).toEqual([0, 0]);
    expect(await session.prompt('Hi')).toBe('Echo: Hi');
  });

  it.each([
    ['image', 'x', 'SyntaxError'],
    ['image', {}, 'SyntaxError'],
    ['audio', 'x', 'SyntaxError'],
    ['tool-response', 'x', 'SyntaxError'],
    ['tool-call', 'x', 'SyntaxError'],
  ])('an %s that is %j fails with %s', async (type, value, name) => {
    const { LanguageModel } = stage();
    const session = await LanguageModel.create({ expectedInputs: [{ type }] });
    const role = type === 'tool-call' ? 'assistant' : 'user';
    expect(await errorOf(session.prompt([{ role, content: [{ type, value }] }]))).toMatchObject({ name });
  });

  it.each([
    ['user', 'LanguageModelToolCall', { arguments: {} }, 'TypeError'],
    ['assistant', 'LanguageModelToolCall', { arguments: [] }, 'DataError'],
    ['assistant', 'LanguageModelToolCall', { arguments: Object.assign(() => {}, { a: 1 }) }, 'DataError'],
    ['assistant', 'LanguageModelToolSuccess', { result: [{ type: 'text', value: 'x' }] }, 'TypeError'],
    ['assistant', 'LanguageModelToolError', { errorMessage: 'x' }, 'TypeError'],
  ])('of the %s a %s with %j fails with %s', async (role, kind, more, name) => {
    const { LanguageModel, scope } = stage();
    const Tool = scope[kind] as new (init: object) => object;
    const tools = [{ name: 'ledger', description: 'Looks up.', inputSchema: { type: 'object' } }];
    const expectedInputs = [{ type: 'tool-call' }, { type: 'tool-response' }];
    const session = await LanguageModel.create({ expectedInputs, expectedOutputs: [{ type: 'tool-call' }], tools });
    const value = new Tool({ callID: '1', name: 'ledger', ...more });
    const type = kind === 'LanguageModelToolCall' ? 'tool-call' : 'tool-response';
    expect(await errorOf(session.prompt([{ role, content: [{ type, value }] }]))).toMatchObject({ name });
  });

  it('holds no images of the assistant', async () => {
    const session = await stage().LanguageModel.create({ expectedInputs: [{ type: 'image' }] });
    const content = [{ type: 'image', value: 'x' }];
    expect(await errorOf(session.prompt([{ role: 'assistant', content }]))).toMatchObject({ name: 'NotSupportedError' });
  });

  it('may begin with instructions, once', async () => {
    const { LanguageModel, requests } = stage();
    const session = await LanguageModel.create();
    const system = { role: 'system', content: 'Be kind.' };
    await session.prompt([system, { role: 'user', content: 'Hi' }]);
    expect(requests[0]?.messages[0]).toEqual({ role: 'system', content: [{ type: 'text', text: 'Be kind.' }] });
    expect(await errorOf(session.prompt([system]))).toMatchObject({ name: 'TypeError' });
    const later = await LanguageModel.create({ initialPrompts: [{ role: 'user', content: 'x' }] });
    expect(await errorOf(later.append([system]))).toMatchObject({ name: 'TypeError' });
  });

  it('may begin the answer, which goes on from there and is one message later', async () => {
    const { LanguageModel, requests } = stage({ engine: answers(' world.', 'Yes.') });
    const session = await LanguageModel.create();
    const begun = [
      { role: 'user', content: 'Greet' },
      { role: 'assistant', content: 'Hello', prefix: true },
    ];
    expect(await session.prompt(begun)).toBe(' world.');
    expect(requests[0]?.messages.at(-1)).toEqual({ role: 'assistant', content: [{ type: 'text', text: 'Hello' }], prefix: true });
    await session.prompt('Really?');
    expect(requests[1]?.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Greet' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'Hello world.' }] },
      { role: 'user', content: [{ type: 'text', text: 'Really?' }] },
    ]);
  });

  it('is remembered with the answers, and the sampling mode goes with every request', async () => {
    const { LanguageModel, requests } = stage();
    const session = await LanguageModel.create({ initialPrompts: [{ role: 'system', content: 'S' }], samplingMode: 'most-predictable' });
    await session.append('Before.');
    await session.prompt('One');
    await session.prompt('Two');
    expect(requests[1]?.messages.map((message) => `${message.role}: ${textOf(message)}`)).toEqual([
      'system: S',
      'user: Before.',
      'user: One',
      'assistant: Echo: One',
      'user: Two',
    ]);
    expect(requests[1]?.sampling).toEqual({ temperature: 0 });
    expect((await LanguageModel.create()).samplingMode).toBe('balanced');
  });
});

describe('failures', () => {
  it.each([
    ['denied', 'NotAllowedError'],
    ['budget-exceeded', 'NotAllowedError'],
    ['content-filter', 'NotReadableError'],
    ['not-supported', 'NotSupportedError'],
    ['unreachable', 'UnknownError'],
    ['rate-limited', 'UnknownError'],
  ] as const)('of the kind %s are %s, and the session goes on', async (code, name) => {
    let isBroken = true;
    const { LanguageModel } = stage({
      engine: async function* () {
        if (isBroken) throw refusal(code);
        yield [
          { type: 'text', text: 'Better' },
          { type: 'end', reason: 'stop' },
        ];
      },
    });
    const session = await LanguageModel.create();
    const error = await errorOf(session.prompt('Hi'));
    expect(error).toBeInstanceOf(DOMException);
    expect(error).toMatchObject({ name });
    expect(session.contextUsage).toBe(0);
    isBroken = false;
    expect(await session.prompt('Hi')).toBe('Better');
  });

  it('an answer that was filtered is NotReadableError', async () => {
    const { LanguageModel } = stage({
      engine: answers([
        { type: 'text', text: 'x' },
        { type: 'end', reason: 'content-filter' },
      ]),
    });
    expect(await errorOf((await LanguageModel.create()).prompt('Hi'))).toMatchObject({ name: 'NotReadableError' });
  });
});

describe('several calls of a session', () => {
  it('are answered one after another, each knowing the ones before', async () => {
    const { engine, waiting } = held();
    const { LanguageModel, requests } = stage({ engine });
    const session = await LanguageModel.create();
    const one = session.prompt('One');
    const two = all(session.promptStreaming('Two'));
    const appended = session.append('Three');
    await until(() => waiting.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(requests).toHaveLength(1);
    waiting[0]?.end();
    expect(await one).toBe('Now One');
    await until(() => waiting.length === 2);
    expect(requests[1]?.messages.map(textOf)).toEqual(['One', 'Now One', 'Two']);
    waiting[1]?.end();
    expect((await two).join('')).toBe('Now Two');
    await appended;
    expect(session.contextUsage).toBe(3 + 7 + 3 + 7 + 5);
  });

  it('are dropped from the queue by their signal, at once, without a trace', async () => {
    const { engine, waiting } = held();
    const { LanguageModel, requests } = stage({ engine });
    const session = await LanguageModel.create();
    const one = session.prompt('One');
    const controller = new AbortController();
    const two = session.prompt('Two', { signal: controller.signal });
    const three = session.prompt('Three');
    await until(() => waiting.length === 1);
    controller.abort('never mind');
    await expect(two).rejects.toBe('never mind');
    waiting[0]?.end();
    await one;
    await until(() => waiting.length === 2);
    waiting[1]?.end();
    expect(await three).toBe('Now Three');
    expect(requests.map(({ messages }) => textOf(messages.at(-1) as Message))).toEqual(['One', 'Three']);
  });

  it('that fail early say so while others are answered', async () => {
    const { engine, waiting } = held();
    const { LanguageModel } = stage({ engine });
    const session = await LanguageModel.create();
    const one = session.prompt('One');
    await until(() => waiting.length === 1);
    expect(await errorOf(session.prompt([{ role: 'nobody', content: '' }]))).toMatchObject({ name: 'TypeError' });
    waiting[0]?.end();
    expect(await one).toBe('Now One');
  });
});

describe('aborting', () => {
  it('stops the model, takes the pair out, and leaves the session usable', async () => {
    const { engine, waiting, aborts } = held();
    const { LanguageModel, requests } = stage({ engine });
    const session = await LanguageModel.create();
    const controller = new AbortController();
    const answer = session.prompt('One', { signal: controller.signal });
    await until(() => waiting.length === 1);
    controller.abort();
    expect(await errorOf(answer)).toMatchObject({ name: 'AbortError' });
    await until(() => aborts() === 1);
    expect(session.contextUsage).toBe(0);
    const next = session.prompt('Two');
    await until(() => waiting.length === 2);
    waiting[1]?.end();
    expect(await next).toBe('Now Two');
    expect(requests[1]?.messages.map(textOf)).toEqual(['Two']);
  });

  it('after the end does nothing', async () => {
    const { LanguageModel, requests } = stage();
    const session = await LanguageModel.create();
    const controller = new AbortController();
    await session.prompt('One', { signal: controller.signal });
    controller.abort();
    expect(await session.prompt('Two')).toBe('Echo: Two');
    expect(requests[1]?.messages).toHaveLength(3);
  });

  it('is noticed although a listener of the page keeps the news to itself', async () => {
    const { engine, waiting } = held();
    const { LanguageModel } = stage({ engine });
    const session = await LanguageModel.create();
    const controller = new AbortController();
    controller.signal.addEventListener('abort', (event) => event.stopImmediatePropagation());
    const answer = session.prompt('One', { signal: controller.signal });
    await until(() => waiting.length === 1);
    controller.abort('now');
    await expect(answer).rejects.toBe('now');
  });

  it('before the call rejects with the reason, and throws where a stream is wanted', async () => {
    const { LanguageModel, requests } = stage();
    const session = await LanguageModel.create();
    const options = { signal: AbortSignal.abort('early') };
    for (const promise of [
      session.prompt('Hi', options),
      session.append('Hi', options),
      session.measureContextUsage('Hi', options),
      session.clone(options),
    ]) {
      await expect(promise).rejects.toBe('early');
    }
    expect(() => session.promptStreaming('Hi', options)).toThrow('early');
    expect(requests).toEqual([]);
  });

  it.each(['prompt', 'append', 'measureContextUsage', 'clone'] as const)('takes nothing but a signal in %s', async (name) => {
    const session = await stage().LanguageModel.create();
    const signal = { signal: {} };
    await expect(name === 'clone' ? session.clone(signal) : session[name]('Hi', signal)).rejects.toBeInstanceOf(TypeError);
  });
});

describe('a stream', () => {
  it('is a ReadableStream of text as it comes', async () => {
    const session = await stage().LanguageModel.create();
    const stream = session.promptStreaming('Hi');
    expect(stream).toBeInstanceOf(ReadableStream);
    expect(await all(stream)).toEqual(['Ech', 'o: Hi']);
    expect(session.contextUsage).toBe(10);
  });

  it('fails with the reason of its signal, whatever waits to be read', async () => {
    const { engine, waiting } = held();
    const session = await stage({ engine }).LanguageModel.create();
    const controller = new AbortController();
    const stream = session.promptStreaming('Hi', { signal: controller.signal });
    await until(() => waiting.length === 1);
    controller.abort('enough');
    await expect(stream.getReader().read()).rejects.toBe('enough');
  });

  it('is cancelled in silence, stops the model and leaves the session as it was', async () => {
    const { engine, waiting, aborts } = held();
    const session = await stage({ engine }).LanguageModel.create();
    const stream = session.promptStreaming('Hi');
    const reader = stream.getReader();
    expect((await reader.read()).value).toBe('Now ');
    await reader.cancel('bye');
    await until(() => aborts() === 1);
    expect(await reader.read()).toEqual({ done: true, value: undefined });
    expect(session.contextUsage).toBe(0);
    const next = session.prompt('Next');
    await until(() => waiting.length === 2);
    waiting[1]?.end();
    expect(await next).toBe('Now Next');
  });

  it('does not take more from the model than is read, and is whole in the end', async () => {
    let made = 0;
    const { LanguageModel } = stage({
      window: undefined,
      engine: async function* () {
        for (let count = 0; count < 200; count++) {
          made += 1;
          yield [{ type: 'text', text: 'x'.repeat(10_000) }];
        }
        yield [{ type: 'end', reason: 'stop' }];
      },
    });
    const session = await LanguageModel.create();
    const stream = session.promptStreaming('Hi');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(made).toBeLessThan(80);
    expect((await all(stream)).join('').length).toBe(2_000_000);
  });

  it('that nobody reads holds nobody up while it is short', async () => {
    const session = await stage().LanguageModel.create();
    session.promptStreaming('One');
    expect(await session.prompt('Two')).toBe('Echo: Two');
  });
});

describe('destroying', () => {
  it('ends what runs and waits, and everything later, with InvalidStateError; attributes stay', async () => {
    const { engine, waiting, aborts } = held();
    const { LanguageModel } = stage({ engine });
    const session = await LanguageModel.create({ initialPrompts: [{ role: 'user', content: 'abc' }] });
    const pending = [session.prompt('One'), all(session.promptStreaming('Two')), session.append('Three')];
    await until(() => waiting.length === 1);
    session.destroy();
    session.destroy();
    for (const promise of pending) expect(await errorOf(promise)).toMatchObject({ name: 'InvalidStateError' });
    await until(() => aborts() === 1);
    for (const promise of [session.prompt('x'), session.append('x'), session.measureContextUsage('x'), session.clone()]) {
      expect(await errorOf(promise)).toMatchObject({ name: 'InvalidStateError' });
    }
    expect(() => session.promptStreaming('x')).toThrow(expect.objectContaining({ name: 'InvalidStateError' }));
    expect([session.contextUsage, session.contextWindow, session.samplingMode]).toEqual([3, 1000, 'balanced']);
  });
});

describe('a clone', () => {
  it('knows what was said until then, and goes its own way', async () => {
    const { LanguageModel, requests } = stage();
    const session = await LanguageModel.create({ samplingMode: 'creative' });
    session.oncontextoverflow = () => {};
    await session.prompt('One');
    const clone = await session.clone();
    expect(clone).toBeInstanceOf(LanguageModel);
    expect(clone).not.toBe(session);
    expect([clone.contextUsage, clone.contextWindow, clone.samplingMode, clone.oncontextoverflow]).toEqual([
      session.contextUsage,
      1000,
      'creative',
      null,
    ]);
    await session.prompt('Two');
    await clone.prompt('Other');
    expect(requests.at(-1)?.messages.map(textOf)).toEqual(['One', 'Echo: One', 'Other']);
    session.destroy();
    expect(await clone.prompt('Still here')).toBe('Echo: Still here');
  });

  it('is not made when its signal fires at once', async () => {
    const session = await stage().LanguageModel.create();
    const controller = new AbortController();
    const clone = session.clone({ signal: controller.signal });
    controller.abort('no');
    await expect(clone).rejects.toBe('no');
  });
});

describe('where a backend knows answers from their start only', () => {
  const begun = [
    { role: 'user', content: 'Write to Ada' },
    { role: 'assistant', content: 'Dear Ada', prefix: true },
  ];
  const engineThatSays = (...pieces: string[]): NonNullable<Background['engine']> =>
    async function* ({ messages }) {
      if (messages.at(-1)?.role === 'assistant') throw new SwitchboardError('not-supported', 'No.');
      for (const text of pieces) yield [{ type: 'text', text }];
      yield [{ type: 'end', reason: 'stop' }];
    };

  it.each([
    [['\nDear', ' Ada', ', how are you?'], ', how are you?'],
    [[', how are you?'], ', how are you?'],
    [['Dear Ann'], 'Dear Ann'],
    [['Dear'], 'Dear'],
    [['Dear Ada'], ''],
  ])('what it repeats of a beginning is left out: %j', async (pieces, expected) => {
    const { LanguageModel, requests } = stage({ engine: engineThatSays(...pieces) });
    const session = await LanguageModel.create();
    expect(await session.prompt(begun)).toBe(expected);
    expect(textOf(requests.at(-1)?.messages.at(-1) as never)).toContain('Begin your answer with exactly this text');
  });
});
