import { describe, expect, it } from 'vitest';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import { answers, type Background, stage, textOf } from '../../testing/language-model-stage.ts';

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: Error) => error,
  );

const person = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'], additionalProperties: false };

async function all(stream: ReadableStream<unknown>): Promise<unknown[]> {
  const chunks: unknown[] = [];
  const reader = stream.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) chunks.push(read.value);
  return chunks;
}

async function session(engine: Background['engine']) {
  const road = stage({ engine: engine as NonNullable<typeof engine> });
  return { ...road, session: await road.LanguageModel.create() };
}

describe('a responseConstraint', () => {
  it('that is a schema is asked of the backend and told to the model', async () => {
    const { session: asked, requests } = await session(answers('{"name": "Ada"}'));
    expect(await asked.prompt('Who?', { responseConstraint: person })).toBe('{"name": "Ada"}');
    expect(requests[0]?.responseFormat).toEqual({ type: 'json-schema', schema: person });
    expect(textOf(requests[0]?.messages[0] as never)).toContain('"additionalProperties":false');
  });

  it('is not told where the page has done so, and never remembered', async () => {
    const { session: asked, requests } = await session(answers('{"name":"Ada"}', 'fine'));
    await asked.prompt('Who?', { responseConstraint: person, omitResponseConstraintInput: true });
    expect(requests[0]?.messages.map(textOf)).toEqual(['Who?']);
    await asked.prompt('And?', {});
    expect(requests[1]?.messages.map(textOf)).toEqual(['Who?', '{"name":"Ada"}', 'And?']);
    expect(requests[1]).not.toHaveProperty('responseFormat');
  });

  it.each([
    ['between marks', 'Here:\n```json\n{"name":"Ada"}\n```'],
    ['between sentences', 'It is {"name":"Ada"}, I think.'],
    ['between blanks', '\n {"name":"Ada"}\n'],
  ])('is met by an answer %s, of which the page gets the JSON', async (_, answer) => {
    const { session: asked, requests } = await session(answers(answer));
    expect(await asked.prompt('Who?', { responseConstraint: person })).toBe('{"name":"Ada"}');
    expect(requests).toHaveLength(1);
  });

  it('that is not met is sent back to be corrected, saying what is wrong, and only the last answer is remembered', async () => {
    const { session: asked, requests } = await session(answers('{"nam":"Ada"}', '{"name":"Ada"}', 'fine'));
    expect(await asked.prompt('Who?', { responseConstraint: person })).toBe('{"name":"Ada"}');
    expect(requests).toHaveLength(2);
    expect(requests[1]?.messages.slice(-2).map(({ role }) => role)).toEqual(['assistant', 'user']);
    expect(textOf(requests[1]?.messages.at(-1) as never)).toMatch(/does not conform.*name/s);
    await asked.prompt('And?');
    expect(requests[2]?.messages.map(textOf)).toEqual(['Who?', '{"name":"Ada"}', 'And?']);
  });

  it('that is not met after two corrections is a SyntaxError, and the session is as it was', async () => {
    const { session: asked, requests } = await session(answers('no', 'no', 'no', 'fine'));
    const error = await errorOf(asked.prompt('Who?', { responseConstraint: person }));
    expect(error).toBeInstanceOf(DOMException);
    expect(error?.name).toBe('SyntaxError');
    expect(requests).toHaveLength(3);
    expect(asked.contextUsage).toBe(0);
    expect(await asked.prompt('Hi')).toBe('fine');
  });

  it('is only told where the backend knows no formats', async () => {
    const { session: asked, requests } = await session(async function* ({ responseFormat }): AsyncGenerator<Part[]> {
      if (responseFormat) throw new SwitchboardError('not-supported', 'No.');
      yield [
        { type: 'text', text: '{"name":"Ada"}' },
        { type: 'end', reason: 'stop' },
      ];
    });
    expect(await asked.prompt('Who?', { responseConstraint: person })).toBe('{"name":"Ada"}');
    expect(requests).toHaveLength(2);
  });

  it('that is an expression is asked as such, then as a schema with one answer, then told', async () => {
    const formats: unknown[] = [];
    const { session: asked } = await session(async function* ({ responseFormat }): AsyncGenerator<Part[]> {
      formats.push(responseFormat?.type);
      if (responseFormat?.type === 'regex') throw new SwitchboardError('not-supported', 'No.');
      yield [
        { type: 'text', text: responseFormat ? '{"answer":"no"}' : 'no' },
        { type: 'end', reason: 'stop' },
      ];
    });
    for (const responseConstraint of [/yes|no/, /yes|no/i]) expect(await asked.prompt('So?', { responseConstraint })).toBe('no');
    expect(formats).toEqual(['regex', 'json-schema', 'regex', 'json-schema']);
  });

  it.each([
    [/yes|no/, 'no', 'no'],
    [/yes|no/i, ' "NO" ', 'NO'],
    [/\d{3}/g, '`123`', '123'],
    [/^a+$/, 'aaa\n', 'aaa'],
    [/./s, '\n', '\n'],
  ])('%s is met by %j', async (responseConstraint, answer, expected) => {
    const { session: asked } = await session(answers(answer));
    expect(await asked.prompt('So?', { responseConstraint })).toBe(expected);
  });

  it('that is an expression is matched as a whole', async () => {
    const { session: asked } = await session(answers('yes and no', 'yes and no', 'yes and no'));
    expect((await errorOf(asked.prompt('So?', { responseConstraint: /yes/ })))?.name).toBe('SyntaxError');
  });

  it('is read once, at once: an expression by what it is, not by what it says of itself', async () => {
    const { session: asked, requests } = await session(answers('yes', '{"a":1}'));
    const expression = /yes/i;
    Object.defineProperty(expression, 'source', { value: 'no' });
    Object.defineProperty(expression, Symbol.toStringTag, { value: 'Object' });
    await asked.prompt('So?', { responseConstraint: expression });
    expect(requests[0]?.responseFormat).toEqual({ type: 'regex', pattern: 'yes', flags: 'i' });
    let reads = 0;
    const schema = {
      toJSON() {
        reads += 1;
        return { type: 'object' };
      },
    };
    const running = asked.prompt('So?', { responseConstraint: schema });
    expect(reads).toBe(1);
    await running;
    expect(reads).toBe(1);
    expect(requests[1]?.responseFormat).toEqual({ type: 'json-schema', schema: { type: 'object' } });
  });

  it.each<[unknown, string]>([
    ['text', 'TypeError'],
    [5, 'TypeError'],
    [null, 'TypeError'],
    [true, 'TypeError'],
    [Symbol.iterator, 'TypeError'],
    [() => {}, 'NotSupportedError'],
    [{ toJSON: () => undefined }, 'NotSupportedError'],
    [[], 'NotSupportedError'],
    [{ type: 'thing' }, 'NotSupportedError'],
    [{ $ref: 'https://example.com/schema' }, 'NotSupportedError'],
    [{ $ref: '#/$defs/missing' }, 'NotSupportedError'],
    [{ properties: [] }, 'NotSupportedError'],
    [{ pattern: '(' }, 'NotSupportedError'],
  ])('%o is refused with a %s', async (responseConstraint, name) => {
    const { session: asked, requests } = await session(answers('{}'));
    for (const promise of [
      errorOf(asked.prompt('So?', { responseConstraint })),
      errorOf(asked.measureContextUsage('So?', { responseConstraint })),
    ]) {
      const error = await promise;
      expect(error?.name).toBe(name);
      expect(error).toBeInstanceOf(name === 'TypeError' ? TypeError : DOMException);
    }
    expect(requests).toHaveLength(0);
  });

  it('that cannot be written as JSON is refused with a NotSupportedError', async () => {
    const { session: asked } = await session(answers());
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect((await errorOf(asked.prompt('So?', { responseConstraint: circle })))?.name).toBe('NotSupportedError');
    const responseConstraint = {
      toJSON() {
        throw new Error('mine');
      },
    };
    expect((await errorOf(asked.prompt('So?', { responseConstraint })))?.name).toBe('NotSupportedError');
    expect(() => asked.promptStreaming('So?', { responseConstraint })).toThrow(DOMException);
  });

  it('can be left untold only where there is one', async () => {
    const { session: asked } = await session(answers('fine'));
    expect(await errorOf(asked.prompt('So?', { omitResponseConstraintInput: true }))).toBeInstanceOf(TypeError);
    expect(() => asked.promptStreaming('So?', { omitResponseConstraintInput: true })).toThrow(TypeError);
    expect(await asked.prompt('So?', { omitResponseConstraintInput: false })).toBe('fine');
  });

  it('takes room for what the model is told, unless it is not told', async () => {
    const { session: asked } = await session(answers());
    const told = await asked.measureContextUsage('four', { responseConstraint: person });
    expect(told).toBeGreaterThan(4 + JSON.stringify(person).length - 1);
    expect(await asked.measureContextUsage('four', { responseConstraint: person, omitResponseConstraintInput: true })).toBe(4);
  });

  it('counts all that the answer took, also what the page does not see', async () => {
    const usage = { inputTokens: 10, outputTokens: 5 };
    const ends: unknown[] = [];
    const road = stage({
      engine: answers(
        [
          { type: 'text', text: 'no' },
          { type: 'end', reason: 'stop', usage },
        ],
        [
          { type: 'text', text: '{"name":"Ada"}' },
          { type: 'end', reason: 'stop', usage },
        ],
      ),
      heard: (part) => part.type === 'end' && ends.push(part.usage),
    });
    const asked = await road.LanguageModel.create();
    await asked.prompt('Who?', { responseConstraint: person });
    expect(ends).toEqual([{ inputTokens: 20, outputTokens: 10 }]);
  });
});

describe('a responseConstraint with the beginning of the answer', () => {
  const from = (content: string) => [
    { role: 'user', content: 'Who?' },
    { role: 'assistant', content, prefix: true },
  ];

  it('holds both together, and the page gets the rest', async () => {
    const { session: asked, requests } = await session(answers('"Ada"}', 'fine'));
    expect(await asked.prompt(from('{"name":'), { responseConstraint: person })).toBe('"Ada"}');
    await asked.prompt('And?');
    expect(requests[1]?.messages.map(textOf)).toEqual(['Who?', '{"name":"Ada"}', 'And?']);
  });

  it('takes an answer that begins from the start', async () => {
    const { session: asked } = await session(answers('{ "name": "Ada" }', 'yes, of course'));
    expect(await asked.prompt(from('{"name":'), { responseConstraint: person })).toBe(' "Ada" }');
    expect(await asked.prompt(from('yes'), { responseConstraint: /yes, of course/ })).toBe(', of course');
  });

  it.each<[string, unknown]>([
    ['[', person],
    ['{"nam":', person],
    ['{"name":5,', person],
    ['Well, ', person],
    ['maybe', /yes|no/],
  ])('%j that cannot become an answer is refused with NotSupportedError', async (content, responseConstraint) => {
    const { session: asked, requests } = await session(answers('x'));
    expect((await errorOf(asked.prompt(from(content), { responseConstraint })))?.name).toBe('NotSupportedError');
    expect(requests).toHaveLength(0);
  });
});

describe('a constrained answer as a stream', () => {
  const pieces = (...texts: string[]): Part[] => [
    ...texts.map((text) => ({ type: 'text' as const, text })),
    { type: 'end', reason: 'stop' },
  ];

  it('is shown while it is written, as long as it is JSON', async () => {
    const { session: asked } = await session(async function* (): AsyncGenerator<Part[]> {
      for (const part of pieces(' {"na', 'me": ', '"Ada"}', '\n')) yield [part];
    });
    expect(await all(asked.promptStreaming('Who?', { responseConstraint: person }))).toEqual(['{"na', 'me":', ' "Ada"}']);
  });

  it('is held back and corrected where it does not begin as JSON', async () => {
    const { session: asked, requests } = await session(answers(pieces('Well, ', 'Ada'), pieces('{"name":"Ada"}')));
    expect((await all(asked.promptStreaming('Who?', { responseConstraint: person }))).join('')).toBe('{"name":"Ada"}');
    expect(requests).toHaveLength(2);
  });

  it('fails with SyntaxError where what was shown cannot be taken back', async () => {
    const { session: asked, requests } = await session(answers(pieces('{"name":', '5}')));
    expect((await errorOf(all(asked.promptStreaming('Who?', { responseConstraint: person }))))?.name).toBe('SyntaxError');
    expect(requests).toHaveLength(1);
  });

  it('of an expression comes as a whole', async () => {
    const { session: asked } = await session(answers(pieces('y', 'es')));
    expect(await all(asked.promptStreaming('So?', { responseConstraint: /yes|no/ }))).toEqual(['yes']);
  });
});

describe('an expression and an answer that the page has begun', () => {
  const begun = [
    { role: 'user', content: 'Write to Ada' },
    { role: 'assistant', content: 'Dear ', prefix: true },
  ];

  it('is asked for as a whole where the backend knows schemas only, and what it began with is taken off', async () => {
    const { LanguageModel, requests } = stage({
      async *engine({ responseFormat }) {
        if (responseFormat?.type === 'regex') throw new SwitchboardError('not-supported', 'No expressions.');
        yield [
          { type: 'text', text: '{"answer":"Dear Ada!"}' },
          { type: 'end', reason: 'stop' },
        ];
      },
    });
    const session = await LanguageModel.create();
    expect(await session.prompt(begun, { responseConstraint: /^Dear \w+!$/ })).toBe('Ada!');
    expect(requests.at(-1)).toMatchObject({ responseFormat: { type: 'json-schema' } });
    expect(requests.at(-1)?.messages.at(-1)?.role).toBe('user');
  });
});

it('a backend that takes a form and does not keep it is asked in the next one', async () => {
  const { LanguageModel, requests } = stage({ engine: answers('nothing of the kind', '{"answer":"yes"}') });
  const session = await LanguageModel.create();
  expect(await session.prompt('Well?', { responseConstraint: /^(yes|no)$/ })).toBe('yes');
  expect(requests.map(({ responseFormat }) => responseFormat?.type)).toEqual(['regex', 'json-schema']);
});
