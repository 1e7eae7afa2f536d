import { describe, expect, it, vi } from 'vitest';
import { SwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import { type CheckOptions, checked } from './checked.ts';

const end: Part = { type: 'end', reason: 'stop' };
const text = (value: string): Part => ({ type: 'text', text: value });
const never = new AbortController().signal;

async function* batches(...given: Part[][]): AsyncGenerator<Part[]> {
  yield* given;
}

async function read(
  answer: AsyncIterable<Part[]>,
  options: Partial<CheckOptions> = {},
): Promise<{ parts: Part[]; code?: string; message?: string }> {
  const parts: Part[] = [];
  try {
    for await (const batch of checked(answer, { signal: never, host: 'host:1', ...options })) parts.push(...batch);
    return { parts };
  } catch (thrown) {
    const { code, message } = thrown as SwitchboardError;
    return { parts, code, message };
  }
}

describe('a checked answer', () => {
  it('passes batches on as they are', async () => {
    const first = [text('a'), text('b')];
    const seen: Part[][] = [];
    for await (const batch of checked(batches(first, [end]), { signal: never, host: 'h' })) seen.push(batch);
    expect(seen[0]).toBe(first);
    expect(seen).toEqual([first, [end]]);
  });

  it('ends at the first end, whatever the engine sends after it', async () => {
    let isClosed = false;
    async function* chatty(): AsyncGenerator<Part[]> {
      try {
        yield [text('a'), end, text('b'), end];
        yield [text('c')];
      } finally {
        isClosed = true;
      }
    }
    expect(await read(chatty())).toEqual({ parts: [text('a'), end] });
    await Promise.resolve();
    expect(isClosed).toBe(true);
  });

  it('passes on what a stopped answer still brings, where the engine has a time for that, and waits no longer', async () => {
    const stop = new AbortController();
    async function* late(signal: AbortSignal): AsyncGenerator<Part[]> {
      yield [{ type: 'queued' }];
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await new Promise((resolve) => setTimeout(resolve, 10));
      yield [text('finished')];
    }
    const options = { signal: stop.signal, graceMs: 2_000 };
    const reading = read(late(stop.signal), options);
    stop.abort();
    expect(await reading).toMatchObject({ parts: [{ type: 'queued' }, text('finished')], code: 'aborted' });

    const again = new AbortController();
    async function* hanging(): AsyncGenerator<Part[]> {
      await new Promise(() => {});
      yield [];
    }
    const hung = read(hanging(), { signal: again.signal, graceMs: 20 });
    again.abort();
    expect(await hung).toMatchObject({ parts: [], code: 'aborted' });
  });

  it('fails as interrupted when it stops without an end, with what came kept', async () => {
    expect(await read(batches([text('half')]))).toMatchObject({
      parts: [text('half')],
      code: 'interrupted',
      message: expect.stringContaining('host:1'),
    });
    expect(await read(batches())).toMatchObject({ parts: [], code: 'interrupted' });
  });

  it('turns whatever is thrown into a SwitchboardError', async () => {
    async function* failing(error: unknown): AsyncGenerator<Part[]> {
      yield [text('a')];
      throw error;
    }
    expect(await read(failing(new TypeError('secret detail')))).toMatchObject({
      code: 'internal',
      message: expect.not.stringContaining('secret'),
    });
    expect(await read(failing(new SwitchboardError('overloaded', 'Busy.')))).toMatchObject({ code: 'overloaded' });
    expect(await read(failing('a string'))).toMatchObject({ code: 'internal' });
  });

  it.each([
    ['plainly', undefined, 'aborted'],
    ['with a reason of ours', new SwitchboardError('denied', 'No more.'), 'denied'],
    ['with any other reason', new Error('whim'), 'aborted'],
  ])('fails at once when aborted %s, although the engine hangs', async (_, reason, code) => {
    const stop = new AbortController();
    let isClosed = false;
    const hanging: AsyncIterable<Part[]> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: () => {
          isClosed = true;
          return new Promise(() => {});
        },
      }),
    };
    const reading = read(hanging, { signal: stop.signal });
    stop.abort(reason);
    expect(await reading).toMatchObject({ parts: [], code });
    expect(isClosed).toBe(true);
  });

  it('asks an engine for nothing when it was aborted before', async () => {
    let asked = 0;
    const engine: AsyncIterable<Part[]> = {
      [Symbol.asyncIterator]: () => ({ next: async () => ({ done: ++asked > 9, value: [text('a')] }) }),
    };
    expect(await read(engine, { signal: AbortSignal.abort() })).toMatchObject({ code: 'aborted' });
    expect(asked).toBe(0);
  });

  it('has a largest size', async () => {
    async function* endless(): AsyncGenerator<Part[]> {
      while (true)
        yield [
          text('x'.repeat(300)),
          { type: 'thought', text: 'y'.repeat(300) },
          { type: 'tool-call', index: 0, arguments: 'z'.repeat(400) },
        ];
    }
    const { parts, code } = await read(endless(), { maxCharacters: 5_000 });
    expect(code).toBe('bad-response');
    expect(parts).toHaveLength(15);
  });

  it('shows each batch to the watcher before it goes on, who may end it', async () => {
    const counts: number[] = [];
    const watched = await read(batches([text('abc')], [text('de')], [end]), {
      watch(_, characters) {
        counts.push(characters);
        if (characters > 3) throw new SwitchboardError('budget-exceeded', 'Used up.');
      },
    });
    expect(counts).toEqual([3, 5]);
    expect(watched).toMatchObject({ parts: [text('abc')], code: 'budget-exceeded' });
  });

  it('lets the end be completed', async () => {
    const complete: CheckOptions['complete'] = (part, characters) => ({ ...part, usage: { inputTokens: 1, outputTokens: characters } });
    expect(await read(batches([text('abc'), end]), { complete })).toEqual({
      parts: [text('abc'), { ...end, usage: { inputTokens: 1, outputTokens: 3 } }],
    });
  });

  it('closes the engine when its reader leaves', async () => {
    let isClosed = false;
    async function* engine(): AsyncGenerator<Part[]> {
      try {
        while (true) yield [text('a')];
      } finally {
        isClosed = true;
      }
    }
    for await (const _ of checked(engine(), { signal: never, host: 'h' })) break;
    await Promise.resolve();
    expect(isClosed).toBe(true);
  });

  it('leaves no listener on the signal, after a thousand answers', async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    for (let n = 0; n < 1_000; n++) await read(batches([text('a')], [end]), { signal });
    expect(added).toHaveBeenCalledTimes(1_000);
    expect(removed).toHaveBeenCalledTimes(1_000);
  });
});
