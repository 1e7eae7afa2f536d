import { beforeEach, describe, expect, it } from 'vitest';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import type { Caller } from '../../router/caller.ts';
import type { Router, Target } from '../../router/router.ts';
import { backendErrorForSite } from '../../router/site-error.ts';
import type { CallEvent, RecordedCall } from './call.ts';
import { type CallBook, createCallBook } from './call-book.ts';
import type { BookSizes } from './tab-calls.ts';
import { tracedRouter } from './traced-router.ts';

const from = { tabId: 7, frameId: 0, origin: 'https://app.example' };
const question = { messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }] };
const answer: Part[][] = [
  [{ type: 'text', text: 'Good ' }],
  [
    { type: 'text', text: 'day' },
    { type: 'end', reason: 'stop', usage: { inputTokens: 1, outputTokens: 2 } },
  ],
];

/** What a router answers with next. */
let script: (Part[] | Error)[];
let asked: { caller: Caller; target: Target | undefined }[];
const router = {
  async *chat(caller: Caller, _request: unknown, signal: AbortSignal, target?: Target) {
    asked.push({ caller, target });
    caller.trace?.chosen('connection', 'tiny');
    for (const each of script) {
      if (signal.aborted) throw signal.reason;
      if (each instanceof Error) throw each;
      yield each;
    }
  },
} as unknown as Router;

let book: CallBook;
beforeEach(() => {
  script = answer;
  asked = [];
  book = createCallBook(router);
});

/** A call as serve makes it, through the traced router. */
async function call(tabId = from.tabId, leaveAfter = Number.POSITIVE_INFINITY): Promise<void> {
  const trace = book.begin({ ...from, tabId }, 'openai.chat', { messages: [] });
  const caller: Caller = { role: 'site', ...from, tabId, isPrivate: true, isActive: () => true, ...(trace && { trace }) };
  let count = 0;
  let isAnswered = false;
  try {
    for await (const _ of tracedRouter(router).chat(caller, question, new AbortController().signal)) {
      count += 1;
      if (count >= leaveAfter) break;
    }
    isAnswered = count < leaveAfter;
  } catch {}
  trace?.settled(isAnswered);
}

function watch(tabId = from.tabId) {
  const events: CallEvent[] = [];
  const calls = new Map<string, RecordedCall>();
  const undo = book.watch(tabId, (event) => {
    events.push(event);
    if (event.type === 'call') calls.set(event.call.id, { ...event.call });
    else if (event.type === 'changed') Object.assign(calls.get(event.id) ?? {}, event.change);
  });
  return { events, undo, calls: () => [...calls.values()] };
}

it('keeps nothing of a tab that nobody watches, and traces nothing', async () => {
  await call();
  expect(asked[0]?.caller.trace).toBeUndefined();
  const other = watch(8);
  await call();
  expect(other.events).toEqual([]);
  expect(watch().events).toEqual([]);
});

it('tells of a call as it goes: what was sent, what a model was asked, each batch, and its end', async () => {
  const { events, calls } = watch();
  await call();
  expect(calls()).toEqual([
    {
      id: expect.any(String),
      method: 'openai.chat',
      origin: 'https://app.example',
      frameId: 0,
      startedAt: expect.any(Number),
      params: { messages: [] },
      asked: { kind: 'chat', request: question },
      connectionId: 'connection',
      model: 'tiny',
      state: 'done',
      firstPartMs: expect.any(Number),
      durationMs: expect.any(Number),
      usage: { inputTokens: 1, outputTokens: 2 },
    },
  ]);
  expect(events.flatMap((event) => (event.type === 'batch' ? [event.batch.parts] : []))).toEqual(answer);
});

it('tells who comes later what is kept, and forgets all of it when the last one leaves', async () => {
  const first = watch();
  await call();
  const second = watch();
  expect(second.events).toEqual([
    { type: 'call', call: first.calls()[0], batches: answer.map((parts) => ({ at: expect.any(Number), parts })) },
  ]);
  first.undo();
  expect(watch().events).toHaveLength(1);
  second.undo();
  book = createCallBook(router);
  expect(watch().events).toEqual([]);
});

it('forgets when the last panel closes, also for one that opens again', async () => {
  const panel = watch();
  await call();
  panel.undo();
  expect(watch().events).toEqual([]);
});

it('has the reason that the page is not told', async () => {
  const { calls } = watch();
  script = [backendErrorForSite(new SwitchboardError('rate-limited', 'api.example wants you to wait 9 seconds.', { status: 429 }))];
  await call();
  expect(calls()[0]).toMatchObject({
    state: 'failed',
    error: { code: 'rate-limited', message: expect.stringContaining('api.example'), status: 429 },
  });
});

it('tells a call that was left from one that was answered', async () => {
  const { calls } = watch();
  await call(from.tabId, 1);
  expect(calls()[0]).toMatchObject({ state: 'stopped' });
});

describe('its bounds', () => {
  const sizes: BookSizes = { calls: 3, request: 200, answer: 100, tab: 100_000 };

  it('keep the newest calls', async () => {
    book = createCallBook(router, sizes);
    const first = watch();
    for (let count = 0; count < 5; count++) await call();
    const late = watch();
    expect(late.calls().map(({ id }) => id)).toEqual(
      first
        .calls()
        .slice(2)
        .map(({ id }) => id),
    );
  });

  it('leave out what is too long, and say so', async () => {
    book = createCallBook(router, sizes);
    const { calls } = watch();
    script = [[{ type: 'text', text: 'short' }], [{ type: 'text', text: 'x'.repeat(200) }], answer[1] as Part[]];
    await call();
    expect(calls()[0]).toMatchObject({ state: 'done', dropped: 3, usage: { outputTokens: 2 } });
    expect(book.begin(from, 'openai.chat', { text: 'x'.repeat(300) })).toBeDefined();
    expect(calls()[1]?.params).toBeUndefined();
  });

  it('hold for all of a tab together', async () => {
    book = createCallBook(router, { ...sizes, calls: 100, tab: 400 });
    watch();
    for (let count = 0; count < 20; count++) await call();
    expect(watch().events.length).toBeLessThan(10);
  });
});

describe('sending a call again', () => {
  it("is the user's own call to the model that answered, and is kept like the others", async () => {
    const { calls } = watch();
    await call();
    const id = calls()[0]?.id ?? '';
    await book.replay(from.tabId, id, new AbortController().signal);
    expect(asked[1]).toMatchObject({ caller: { role: 'extension' }, target: { connectionId: 'connection', model: 'tiny' } });
    expect(calls()[1]).toMatchObject({ replayOf: id, state: 'done', asked: { kind: 'chat', request: question } });
  });

  it('stops when it is stopped', async () => {
    const { calls } = watch();
    await call();
    const stop = new AbortController();
    stop.abort(new SwitchboardError('aborted', 'Stopped.'));
    await book.replay(from.tabId, calls()[0]?.id ?? '', stop.signal);
    expect(calls()[1]).toMatchObject({ state: 'stopped' });
  });

  it('says what cannot be sent again', async () => {
    const { calls } = watch();
    await expect(book.replay(from.tabId, 'gone', new AbortController().signal)).rejects.toThrow('not kept any more');
    book.begin(from, 'access.query', {})?.settled(true);
    await expect(book.replay(from.tabId, calls()[0]?.id ?? '', new AbortController().signal)).rejects.toThrow('never reached a model');
  });
});
