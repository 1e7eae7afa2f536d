import { describe, expect, it, onTestFinished } from 'vitest';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import { answers, stage, textOf } from '../../testing/language-model-stage.ts';
import { constructors } from './errors.ts';

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: Error & { quota?: number; requested?: number }) => error,
  );

/** A session whose turns take about 400 of 1,000 tokens: `size` characters and a short answer. */
async function withTurns(count: number, more: Parameters<typeof stage>[0] = {}) {
  const road = stage({ engine: answers('one', 'two', 'three', 'four', 'five', 'six'), ...more });
  const session = await road.LanguageModel.create();
  const fired: number[] = [];
  session.addEventListener('contextoverflow', () => fired.push(session.contextUsage));
  for (let index = 0; index < count; index++) await session.prompt(String(index).repeat(400));
  return { ...road, session, fired };
}

describe('when the context is full', () => {
  it('the oldest pair is dropped, and an event tells it after the usage has changed', async () => {
    const { session, fired, requests } = await withTurns(2);
    expect(session.contextUsage).toBe(806);
    await session.prompt('x'.repeat(400));
    expect(fired).toEqual([403]);
    expect(requests[2]?.messages.map((message) => textOf(message)[0])).toEqual(['1', 't', 'x']);
    expect(session.contextUsage).toBe(403 + 405);
  });

  it('as many pairs as needed are dropped with one event', async () => {
    const { session, fired, requests } = await withTurns(2);
    await session.prompt('x'.repeat(900));
    expect(fired).toEqual([0]);
    expect(requests[2]?.messages).toHaveLength(1);
  });

  it('initial prompts stay', async () => {
    const { LanguageModel, requests } = stage({ engine: answers('one', 'two') });
    const initialPrompts = [{ role: 'system', content: 's'.repeat(200) }];
    const session = await LanguageModel.create({ initialPrompts });
    await session.prompt('a'.repeat(500));
    await session.prompt('b'.repeat(500));
    expect(requests[1]?.messages.map((message) => textOf(message)[0])).toEqual(['s', 'b']);
  });

  it('an append drops too', async () => {
    const { session, fired } = await withTurns(2);
    await session.append('x'.repeat(500));
    expect(fired).toEqual([403]);
    expect(session.contextUsage).toBe(903);
  });

  it('a clone keeps what its origin drops', async () => {
    const { session, fired, requests } = await withTurns(2);
    const clone = await session.clone();
    await session.prompt('x'.repeat(400));
    await clone.prompt('short');
    expect(fired).toHaveLength(1);
    expect(requests[3]?.messages.map((message) => textOf(message)[0])).toEqual(['0', 'o', '1', 't', 's']);
  });

  it('what was dropped for an answer that fails stays dropped, and nothing else changes', async () => {
    let asked = 0;
    const { session, fired } = await withTurns(2, {
      async *engine(): AsyncGenerator<Part[]> {
        asked += 1;
        if (asked > 2) throw new SwitchboardError('backend-error', 'No.');
        yield [
          { type: 'text', text: 'fine' },
          { type: 'end', reason: 'stop' },
        ];
      },
    });
    expect((await errorOf(session.prompt('x'.repeat(400))))?.name).toBe('UnknownError');
    expect(fired).toEqual([404]);
    expect(session.contextUsage).toBe(404);
  });
});

describe('what does not fit at all', () => {
  it.each(['prompt', 'append'] as const)('fails in %s with a QuotaExceededError, and nothing is dropped', async (name) => {
    const { session, fired } = await withTurns(1);
    const before = session.contextUsage;
    const error = await errorOf(session[name]('x'.repeat(1001)));
    expect(error).toBeInstanceOf(DOMException);
    expect(error).toMatchObject({ name: 'QuotaExceededError', code: 22, quota: 1000, requested: 1001 });
    expect([fired, session.contextUsage]).toEqual([[], before]);
  });

  it('fails in a stream too', async () => {
    const { session } = await withTurns(0);
    const error = await errorOf(session.promptStreaming('x'.repeat(1001)).getReader().read());
    expect(error).toMatchObject({ name: 'QuotaExceededError', quota: 1000 });
  });

  it('counts the initial prompts as needed', async () => {
    const { LanguageModel } = stage();
    const session = await LanguageModel.create({ initialPrompts: [{ role: 'system', content: 's'.repeat(300) }] });
    expect(await errorOf(session.prompt('x'.repeat(800)))).toMatchObject({ requested: 1100, quota: 1000 });
  });

  it("is the page's own QuotaExceededError where it has one", async () => {
    class QuotaExceededError extends Error {
      override name = 'QuotaExceededError';
      readonly options: object;
      constructor(message: string, options: object) {
        super(message);
        this.options = options;
      }
    }
    // It is taken when the extension starts, so this road starts with it.
    const kept = constructors.QuotaExceededError as never;
    const { LanguageModel, scope } = stage({}, { QuotaExceededError });
    onTestFinished(() => {
      constructors.QuotaExceededError = kept;
    });
    const session = await LanguageModel.create();
    const error = await errorOf(session.prompt('x'.repeat(1001)));
    expect(error).toBeInstanceOf(QuotaExceededError);
    expect(scope.QuotaExceededError).toBe(QuotaExceededError);
    expect((error as unknown as { options: object }).options).toEqual({ quota: 1000, requested: 1001 });
  });
});

describe('where counts differ from the engine', () => {
  it('what it finds too long gets shorter, pair by pair', async () => {
    const lengths: number[] = [];
    const { LanguageModel } = stage({
      window: undefined,
      async *engine({ messages }): AsyncGenerator<Part[]> {
        lengths.push(messages.length);
        if (messages.length > 3) throw new SwitchboardError('context-length', 'Too long.');
        yield [
          { type: 'text', text: 'fine' },
          { type: 'end', reason: 'stop' },
        ];
      },
    });
    const session = await LanguageModel.create();
    const fired: number[] = [];
    session.oncontextoverflow = () => fired.push(session.contextUsage);
    for (const text of ['a', 'b', 'c', 'd']) expect(await session.prompt(text)).toBe('fine');
    expect(lengths).toEqual([1, 3, 5, 3, 5, 3]);
    expect(fired).toHaveLength(2);
  });

  it('and what it finds too long alone is a QuotaExceededError', async () => {
    const engine = (): AsyncGenerator<Part[]> => {
      throw new SwitchboardError('context-length', 'Too long.');
    };
    const { LanguageModel } = stage({ engine });
    const session = await LanguageModel.create();
    expect(await errorOf(session.prompt('hi'))).toMatchObject({ name: 'QuotaExceededError', quota: 1000, requested: 1001 });
    const unknown = stage({ engine, window: undefined });
    const other = await unknown.LanguageModel.create();
    expect(await errorOf(other.prompt('hi'))).toMatchObject({ name: 'QuotaExceededError', quota: null, requested: null });
  });

  it('an answer that fills the context drops the oldest pairs after it', async () => {
    const { LanguageModel } = stage({ engine: answers('short', 'x'.repeat(700)) });
    const session = await LanguageModel.create();
    await session.prompt('a'.repeat(300));
    const fired: number[] = [];
    session.oncontextoverflow = () => fired.push(session.contextUsage);
    expect(await session.prompt('b'.repeat(200))).toHaveLength(700);
    expect(fired).toHaveLength(1);
    expect(session.contextUsage).toBe(900);
  });

  it('a pair that is longer than the context by its answer is out itself', async () => {
    const { LanguageModel, requests } = stage({ engine: answers('short', 'x'.repeat(900), 'end') });
    const session = await LanguageModel.create();
    await session.prompt('a');
    expect(await session.prompt('b'.repeat(200))).toHaveLength(900);
    expect(session.contextUsage).toBe(0);
    await session.prompt('c');
    expect(requests[2]?.messages).toHaveLength(1);
  });

  it("is the engine's own count where it says what it took", async () => {
    const { LanguageModel } = stage({
      async *engine(): AsyncGenerator<Part[]> {
        yield [
          { type: 'text', text: 'fine' },
          { type: 'end', reason: 'stop', usage: { inputTokens: 40, outputTokens: 12, reasoningTokens: 7 } },
        ];
      },
    });
    const session = await LanguageModel.create();
    await session.prompt('hi');
    expect(session.contextUsage).toBe(45);
  });
});

describe('measureContextUsage', () => {
  it('counts without changing anything', async () => {
    const { session } = await withTurns(1);
    const before = session.contextUsage;
    expect(await session.measureContextUsage('four')).toBe(4);
    expect(await session.measureContextUsage('x'.repeat(5000))).toBe(5000);
    expect(session.contextUsage).toBe(before);
  });

  it('counts nothing as nothing', async () => {
    const { session } = await withTurns(0);
    expect(await session.measureContextUsage([])).toBe(0);
    expect(await session.measureContextUsage('')).toBe(0);
  });

  it('does not wait for calls that run', async () => {
    const { LanguageModel } = stage({
      async *engine(_request, signal): AsyncGenerator<Part[]> {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        yield [];
      },
    });
    const session = await LanguageModel.create();
    const running = errorOf(session.prompt('long'));
    expect(await session.measureContextUsage('four')).toBe(4);
    session.destroy();
    expect((await running)?.name).toBe('InvalidStateError');
  });

  it('is an estimate where the backend does not count', async () => {
    const { LanguageModel } = stage({
      count() {
        throw new SwitchboardError('not-supported', 'No.');
      },
    });
    const session = await LanguageModel.create();
    expect(await session.measureContextUsage('some words to count')).toBeGreaterThan(0);
  });
});

describe('append', () => {
  it('of nothing changes nothing', async () => {
    const { session, requests } = await withTurns(0);
    expect(await session.append([])).toBeUndefined();
    await session.append('');
    expect(session.contextUsage).toBe(0);
    await session.prompt('hi');
    expect(requests[0]?.messages).toHaveLength(1);
  });

  it('is part of what is said next, and asks no model', async () => {
    const { session, requests } = await withTurns(0);
    await session.append([
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ]);
    expect(requests).toHaveLength(0);
    expect(session.contextUsage).toBe(2);
    await session.prompt('c');
    expect(requests[0]?.messages.map(textOf)).toEqual(['a', 'b', 'c']);
  });
});
