import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SwitchboardError } from '../protocol/errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Part } from '../protocol/part.ts';
import type { ChatRequest } from '../protocol/request.ts';
import { createLocalEngine, type LocalEngine, type LocalEngineOptions } from './engine.ts';
import type { Llama, LoadLlama } from './llama.ts';
import { pocket, type StoredModel } from './stored-model.ts';

const embedder: StoredModel = { ...pocket, id: 'embedder', name: 'Embedder', abilities: ['embed'] };
const other: StoredModel = { ...pocket, id: 'other', name: 'Other' };
const signal = new AbortController().signal;

/** What happened to the models, in order. */
let events: string[];
let models: StoredModel[];
let changed: () => void;
/** What the model does for an answer: one word a turn of the event loop, unless a test says otherwise. */
let answer: Llama['generate'];
let loadSteps: (onProgress: (progress: number) => void) => Promise<void>;

beforeEach(() => {
  events = [];
  models = [pocket, other, embedder];
  loadSteps = async (onProgress) => onProgress(1);
  answer = async (_kind, _body, onChunk, stop) => {
    for (const word of ['one', ' two', ' three']) {
      await pass();
      if (stop.aborted) throw new SwitchboardError('aborted', 'The call was stopped.');
      onChunk(chunk(word));
    }
    onChunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 4, completion_tokens: 3 } });
  };
});

afterEach(() => {
  vi.useRealTimers();
});

const load: LoadLlama = async (model, _file, { onProgress, signal: stop }) => {
  events.push(`load ${model.id}`);
  await loadSteps(onProgress);
  if (stop.aborted) throw new SwitchboardError('aborted', 'The call was stopped.');
  let isAlive = true;
  return {
    isAlive: () => isAlive,
    generate: async (kind, body, onChunk, stopped) => {
      events.push('answer');
      try {
        await answer(kind, body, onChunk, stopped);
      } catch (error) {
        isAlive = !(error instanceof SwitchboardError && error.code === 'backend-error');
        throw error;
      } finally {
        events.push('quiet');
      }
    },
    count: async (kind, body) => {
      events.push(`count ${kind}`);
      return JSON.stringify(body).length;
    },
    embed: async (input) => ({ vector: [input.length, 0], tokens: input.length }),
    close: () => {
      isAlive = false;
      events.push(`close ${model.id}`);
    },
  };
};

function start(options: Partial<LocalEngineOptions> = {}): LocalEngine {
  return createLocalEngine({
    load,
    addModel: async () => other,
    store: {
      listModels: async () => models,
      openModel: async () => new Blob(['GGUF']),
      watchModels: (listener) => {
        changed = listener;
        return () => undefined;
      },
    },
    ...options,
  });
}

function ask(model = 'pocket', more: Partial<ChatRequest> = {}): ChatRequest {
  return { model, messages: [{ role: 'user', content: [{ type: 'text', text: 'count' }] }], ...more };
}

function chunk(text: string): JsonObject {
  return { choices: [{ index: 0, delta: { content: text }, finish_reason: null }] };
}

function pass(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

async function all(stream: AsyncIterable<Part[]>): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const some of stream) parts.push(...some);
  return parts;
}

function textOf(parts: Part[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

describe('an answer', () => {
  test('loads the model first, and tells so; then come the words and one end', async () => {
    loadSteps = async (onProgress) => {
      for (const progress of [0.004, 0.3, 0.304, 1]) {
        onProgress(progress);
        await pass();
      }
    };

    const parts = await all(start().chat(ask(), signal));

    expect(parts.filter(({ type }) => type === 'loading')).toEqual(
      [0, 0.3, 1].map((progress) => ({ type: 'loading', progress, what: pocket.name })),
    );
    expect(textOf(parts)).toBe('one two three');
    expect(parts.at(-1)).toEqual({ type: 'end', reason: 'stop', usage: { inputTokens: 4, outputTokens: 3 }, model: 'pocket' });
  });

  test('comes at once from a model that is loaded', async () => {
    const engine = start();
    await all(engine.chat(ask(), signal));

    expect((await all(engine.chat(ask(), signal)))[0]).toMatchObject({ type: 'text' });
    expect(events.filter((event) => event.startsWith('load'))).toEqual(['load pocket']);
  });

  test('to a text repeats the prompt where that is wanted', async () => {
    expect(textOf(await all(start().text({ model: 'pocket', prompt: 'zero ', echo: true }, signal)))).toBe('zero one two three');
  });

  test('from a model that is not there is an error with its name', async () => {
    await expect(all(start().chat(ask('gone'), signal))).rejects.toMatchObject({
      code: 'model-not-found',
      message: expect.stringContaining('"gone"'),
    });
  });
});

describe('two callers', () => {
  test('have their turns one after the other, and the second is told its place', async () => {
    const engine = start();
    const [first, second] = await Promise.all([all(engine.chat(ask(), signal)), all(engine.chat(ask(), signal))]);

    expect(first.some(({ type }) => type === 'queued')).toBe(false);
    expect(second[0]).toEqual({ type: 'queued', position: 1 });
    expect(events).toEqual(['load pocket', 'answer', 'quiet', 'answer', 'quiet']);
  });

  test('of two models close the one before the other opens', async () => {
    const engine = start();
    await Promise.all([all(engine.chat(ask(), signal)), all(engine.chat(ask('other'), signal))]);

    expect(events).toEqual(['load pocket', 'answer', 'quiet', 'close pocket', 'load other', 'answer', 'quiet']);
  });

  test('one of whom leaves early: the model is quiet before the other has its turn', async () => {
    const engine = start();
    for await (const parts of engine.chat(ask(), signal)) if (textOf(parts)) break;
    await all(engine.chat(ask(), signal));

    expect(events).toEqual(['load pocket', 'answer', 'quiet', 'answer', 'quiet']);
  });

  test('one of whom stops while waiting: the other is not disturbed', async () => {
    const engine = start();
    const stop = new AbortController();
    const first = all(engine.chat(ask(), signal));
    const second = all(engine.chat(ask(), stop.signal));
    await pass();
    stop.abort();

    await expect(second).rejects.toMatchObject({ code: 'aborted' });
    expect(textOf(await first)).toBe('one two three');
  });
});

describe('stopping', () => {
  test('an answer ends it', async () => {
    const stop = new AbortController();
    const reading = (async () => {
      for await (const parts of start().chat(ask(), stop.signal)) if (textOf(parts)) stop.abort();
    })();

    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
    expect(events.at(-1)).toBe('quiet');
  });

  test('while the model loads leaves no model behind', async () => {
    const engine = start();
    const stop = new AbortController();
    loadSteps = async () => {
      stop.abort();
      await pass();
    };

    await expect(all(engine.load('pocket', stop.signal))).rejects.toMatchObject({ code: 'aborted' });
    loadSteps = async () => undefined;
    await all(engine.chat(ask(), signal));
    expect(events.filter((event) => event === 'load pocket')).toHaveLength(2);
  });

  test('reading while the model loads closes what was loaded for nobody', async () => {
    let finish = () => {};
    loadSteps = (onProgress) => {
      onProgress(0.5);
      return new Promise((resolve) => {
        finish = resolve;
      });
    };
    const engine = start({ load: async (...options) => load(options[0], options[1], { ...options[2], signal }) });
    for await (const _ of engine.load('pocket', signal)) break;
    finish();

    await expect.poll(() => events).toEqual(['load pocket', 'close pocket']);
  });
});

describe('a failure', () => {
  test('of one answer leaves the model where it is', async () => {
    const engine = start();
    const good = answer;
    answer = async () => {
      throw new SwitchboardError('bad-request', 'The grammar is not one that llama.cpp can read.');
    };
    await expect(all(engine.chat(ask(), signal))).rejects.toMatchObject({ code: 'bad-request' });

    answer = good;
    expect(textOf(await all(engine.chat(ask(), signal)))).toBe('one two three');
    expect(events.filter((event) => event.startsWith('load'))).toHaveLength(1);
  });

  test('that took the model with it has it loaded anew', async () => {
    const engine = start();
    const good = answer;
    answer = async (_kind, _body, onChunk) => {
      onChunk(chunk('one'));
      throw new SwitchboardError('backend-error', 'The model ran out of memory and was closed.');
    };
    await expect(all(engine.chat(ask(), signal))).rejects.toMatchObject({ code: 'backend-error' });

    answer = good;
    await all(engine.chat(ask(), signal));
    expect(events).toEqual(['load pocket', 'answer', 'quiet', 'close pocket', 'load pocket', 'answer', 'quiet']);
  });

  test('to load lets the next caller try', async () => {
    const engine = start();
    loadSteps = async () => {
      throw new SwitchboardError('backend-error', 'The file is damaged.');
    };
    await expect(all(engine.chat(ask(), signal))).rejects.toMatchObject({ code: 'backend-error' });

    loadSteps = async () => undefined;
    expect(textOf(await all(engine.chat(ask(), signal)))).toBe('one two three');
  });

  test('nobody foresaw keeps its text to itself', async () => {
    answer = async () => {
      throw new Error('the prompt was: my diary');
    };

    await expect(all(start().chat(ask(), signal))).rejects.toMatchObject({
      code: 'internal',
      message: expect.not.stringContaining('diary'),
    });
  });
});

describe('embeddings and counts', () => {
  test('come in the order of the texts, from a model made for them', async () => {
    const engine = start();

    expect(await engine.embed({ model: 'embedder', input: ['a', 'bcd'] }, signal)).toEqual({
      vectors: [
        [1, 0],
        [3, 0],
      ],
      model: 'embedder',
      inputTokens: 4,
    });
    await expect(engine.embed({ model: 'pocket', input: ['a'] }, signal)).rejects.toMatchObject({ code: 'not-supported' });
    await expect(engine.embed({ model: 'embedder', input: ['a'], dimensions: 1 }, signal)).rejects.toMatchObject({ code: 'not-supported' });
    await expect(all(engine.chat(ask('embedder'), signal))).rejects.toMatchObject({ code: 'not-supported' });
  });

  test('count with the chat template where there are messages, and nothing at all in nothing', async () => {
    const engine = start();
    await engine.countTokens({ model: 'pocket', messages: ask().messages }, signal);
    await engine.countTokens({ model: 'pocket', text: 'one' }, signal);

    expect(await engine.countTokens({ model: 'pocket', text: '' }, signal)).toBe(0);
    expect(events).toEqual(['load pocket', 'count chat', 'count text']);
  });
});

describe('a model from an address', () => {
  test('is added while others answer, and named at the end', async () => {
    const addModel: LocalEngineOptions['addModel'] = async (source, name, onProgress) => {
      events.push(`add ${source} ${name}`);
      for (const bytes of [1, 2, 4]) {
        onProgress?.({ bytes, totalBytes: 4 });
        await pass();
      }
      return other;
    };
    const engine = start({ addModel });
    const answering = all(engine.chat(ask(), signal));

    expect(await all(engine.add({ url: 'https://example.com/o.gguf', name: 'Other' }, signal))).toEqual([
      { type: 'loading', progress: 0.25, bytes: 1, totalBytes: 4 },
      { type: 'loading', progress: 0.5, bytes: 2, totalBytes: 4 },
      { type: 'loading', progress: 1, bytes: 4, totalBytes: 4 },
      { type: 'end', reason: 'stop', model: 'other' },
    ]);
    expect(events).toContain('add https://example.com/o.gguf Other');
    expect(textOf(await answering)).toBe('one two three');
  });

  test('is given up when the reader leaves', async () => {
    let stopped = false;
    const addModel: LocalEngineOptions['addModel'] = (_source, _name, onProgress, stop) =>
      new Promise((_, reject) => {
        onProgress?.({ bytes: 1 });
        stop?.addEventListener('abort', () => {
          stopped = true;
          reject(stop.reason);
        });
      });

    for await (const parts of start({ addModel }).add({ url: 'https://example.com/o.gguf' }, signal)) {
      expect(parts).toEqual([{ type: 'loading', bytes: 1 }]);
      break;
    }

    expect(stopped).toBe(true);
  });
});

describe('memory is given back', () => {
  test('after five minutes without a call, and the page may go', async () => {
    const onIdle = vi.fn();
    const engine = start({ onIdle });
    await all(engine.chat(ask(), signal));
    vi.useFakeTimers();
    await engine.unload('other', signal);

    vi.advanceTimersByTime(5 * 60_000 - 1);
    expect(events).not.toContain('close pocket');
    vi.advanceTimersByTime(1);

    expect(events.at(-1)).toBe('close pocket');
    expect(onIdle).toHaveBeenCalledOnce();
  });

  test('not while an answer takes longer than that', async () => {
    const good = answer;
    answer = async (...options) => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      await good(...options);
    };
    const onIdle = vi.fn();

    expect(textOf(await all(start({ idleMs: 20, onIdle }).chat(ask(), signal)))).toBe('one two three');
    expect(onIdle).not.toHaveBeenCalled();
  });

  test('when the user unloads the model, after the answer under way', async () => {
    const engine = start();
    const answering = all(engine.chat(ask(), signal));
    await pass();
    await engine.unload('pocket', signal);

    expect(textOf(await answering)).toBe('one two three');
    expect(events.slice(-2)).toEqual(['quiet', 'close pocket']);
  });

  test('when the model was removed from the browser', async () => {
    const engine = start();
    await all(engine.chat(ask('other'), signal));

    changed();
    await pass();
    expect(events).not.toContain('close other');

    models = [pocket];
    changed();
    await expect.poll(() => events.at(-1)).toBe('close other');
  });

  test('tells when a model came and when it went', async () => {
    const told: string[] = [];
    const onOpen = (model: StoredModel) => {
      told.push(`open ${model.id}`);
      return () => told.push(`closed ${model.id}`);
    };
    const engine = start({ onOpen });
    await all(engine.load('pocket', signal));
    await engine.unload('pocket', signal);

    expect(told).toEqual(['open pocket', 'closed pocket']);
  });
});
