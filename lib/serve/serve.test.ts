import { describe, expect, it } from 'vitest';
import { SwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import { creditWindow, type Reply } from '../protocol/wire.ts';
import type { Caller } from '../router/caller.ts';
import { createPortPair } from '../testing/port-pair.ts';
import { identify, type Sender } from './identify.ts';
import { createLimits } from './limits.ts';
import type { MethodTable } from './method.ts';
import { type ServeOptions, serve } from './serve.ts';

const own = { id: 'own', origin: 'chrome-extension://own' };
const site: Sender = {
  id: 'own',
  origin: 'https://site.example',
  url: 'https://site.example/',
  frameId: 0,
  tab: { id: 1, url: 'https://site.example/' },
};
const popup: Sender = { id: 'own', origin: own.origin, url: `${own.origin}/popup.html` };

describe('serving a port', () => {
  it('answers a value and tells the method who asks', async () => {
    let caller: Caller | undefined;
    const query: MethodTable[string] = {
      kind: 'value',
      async run(_, context) {
        caller = context.caller;
        return { state: 'prompt' };
      },
    };
    const page = connect({ 'access.query': query });
    page.call(1, 'access.query', {}, { active: true });
    expect(await page.next()).toEqual({ type: 'done', id: 1, value: { state: 'prompt' } });
    expect(caller).toMatchObject({ role: 'site', origin: 'https://site.example', tabId: 1, frameId: 0, isPrivate: false });
    expect(caller?.role === 'site' && caller.isActive()).toBe(true);
    page.call(2, 'access.query', {}, { active: false });
    await page.next();
    expect(caller?.role === 'site' && caller.isActive()).toBe(false);
  });

  it('sends one message for each batch of the engine, plain text as bare strings', async () => {
    const page = connect({
      chat: stream(async function* () {
        yield [text('a'), text('b'), { type: 'thought', text: 'hm' }];
        yield [];
        yield [
          { type: 'text', text: 'no', refusal: true },
          { type: 'end', reason: 'stop' },
        ];
      }),
    });
    page.call(1, 'chat', {});
    const replies = [await page.next(), await page.next(), await page.next()];
    expect(replies).toEqual([
      { type: 'parts', id: 1, size: expect.any(Number), parts: ['a', 'b', { type: 'thought', text: 'hm' }] },
      {
        type: 'parts',
        id: 1,
        size: expect.any(Number),
        parts: [
          { type: 'text', text: 'no', refusal: true },
          { type: 'end', reason: 'stop' },
        ],
      },
      { type: 'done', id: 1 },
    ]);
  });

  it('answers a method that is not in the table of the role, or only inherited, with bad-request', async () => {
    const page = connect({ chat: value(async () => 1) });
    for (const [index, name] of ['chats.send', 'toString', '__proto__', 'constructor', ''].entries()) {
      page.call(index + 1, name, {});
      expect(await page.next()).toMatchObject({ type: 'error', id: index + 1, error: { code: 'bad-request' } });
    }
  });

  it('keeps the methods of our own pages from sites, and the other way round', async () => {
    const tables = {
      site: { 'models.list': value(async () => 'site') },
      panel: { 'models.list': value(async () => 'panel'), 'consent.decide': value(async () => 'decided') },
    };
    const page = connectAs(site, tables);
    page.call(1, 'consent.decide', {});
    page.call(2, 'models.list', {});
    expect([await page.next(), await page.next()]).toMatchObject([{ type: 'error', error: { code: 'bad-request' } }, { value: 'site' }]);
    const panel = connectAs(popup, tables);
    panel.send(JSON.stringify({ type: 'call', id: 1, method: 'consent.decide' }));
    expect(await panel.next()).toEqual({ type: 'done', id: 1, value: 'decided' });
  });

  it('tells a site nothing of hosts, and our own pages everything', async () => {
    const fails = {
      chat: value(async () => Promise.reject(new SwitchboardError('unreachable', '127.0.0.1:5001 refused the connection.', { status: 0 }))),
    };
    const page = connectAs(site, { site: fails, panel: fails });
    page.call(1, 'chat', {});
    const told = await page.next();
    expect(told).toMatchObject({ type: 'error', error: { code: 'unreachable', status: 502 } });
    expect(JSON.stringify(told)).not.toContain('127.0.0.1');
    const panel = connectAs(popup, { site: fails, panel: fails });
    panel.send(JSON.stringify({ type: 'call', id: 1, method: 'chat' }));
    expect(await panel.next()).toMatchObject({ error: { message: '127.0.0.1:5001 refused the connection.' } });
  });

  it('shows nobody the text of an error that nobody foresaw', async () => {
    const page = connect({ chat: value(async () => Promise.reject(new Error('the prompt was: secret'))) });
    page.call(1, 'chat', {});
    expect(JSON.stringify(await page.next())).not.toContain('secret');
  });

  it.each<[string, Partial<Sender>, { embedded?: boolean }]>([
    ['a sandboxed frame', { origin: 'null' }, {}],
    ['a frame of the page’s origin that the relay saw inside another one', { frameId: 9 }, { embedded: true }],
  ])('refuses every call of %s and runs none', async (_, sender, envelope) => {
    let runs = 0;
    const page = connectAs({ ...site, ...sender }, { site: { chat: value(async () => runs++) }, panel: {} });
    page.call(1, 'chat', {}, envelope);
    page.call(2, 'chat', {}, envelope);
    expect([await page.next(), await page.next()]).toMatchObject([
      { error: { code: 'unsupported-context' } },
      { error: { code: 'unsupported-context' } },
    ]);
    expect(runs).toBe(0);
  });

  it.each([
    ['no envelope', 'text'],
    [
      'an envelope with more in it',
      { call: '{}', active: true, visible: true, clicked: false, embedded: false, origin: 'https://bank.example' },
    ],
    ['an envelope of another shape', { call: { type: 'call' }, active: true, visible: true, clicked: false, embedded: false }],
    ['a list', [1, 2]],
    ['nothing', null],
  ])('ignores %s', async (_, message) => {
    const page = connect({ chat: value(async () => 'fine') });
    page.send(message);
    page.call(1, 'chat', {});
    expect(await page.next()).toEqual({ type: 'done', id: 1, value: 'fine' });
  });

  it.each([
    ['text that is no JSON', '{', undefined],
    ['JSON that is no object', '[]', undefined],
    ['a call without an id', '{"type":"call","method":"chat"}', undefined],
    ['an id that is not a whole number', '{"type":"call","id":1.5,"method":"chat"}', undefined],
    ['an unknown type', '{"type":"__proto__","id":1}', 1],
    ['a field nobody knows', '{"type":"call","id":1,"method":"chat","origin":"https://bank.example"}', 1],
    ['a method that is no text', '{"type":"call","id":1,"method":{}}', 1],
    ['a key that reaches prototypes', '{"type":"call","id":1,"method":"chat","params":{"a":{"__proto__":{"polluted":1}}}}', 1],
    ['constructor.prototype', '{"type":"call","id":1,"method":"chat","params":{"constructor":{"prototype":{"polluted":1}}}}', 1],
    ['nesting without end', `{"type":"call","id":1,"method":"chat","params":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 1],
    ['a million values', `{"type":"call","id":1,"method":"chat","params":[${'0,'.repeat(1_000_000)}0]}`, 1],
    ['negative credit', '{"type":"credit","id":1,"size":-5}', 1],
  ])('answers %s with bad-request where it can be addressed, and goes on', async (_, call, id) => {
    const page = connect({ chat: value(async () => 'fine') });
    page.send({ call, active: false, visible: true, clicked: false, embedded: false });
    page.call(7, 'chat', {});
    if (id !== undefined) expect(await page.next()).toMatchObject({ type: 'error', id, error: { code: 'bad-request' } });
    expect(await page.next()).toEqual({ type: 'done', id: 7, value: 'fine' });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('runs an id once: a double of a running call is dropped, one of an earlier call is refused', async () => {
    const asked: unknown[] = [];
    const hold = deferred<string>();
    const page = connect({
      chat: value((params) => {
        asked.push(params);
        return hold.promise;
      }),
    });
    page.call(1, 'chat', 'shown to the user');
    page.call(1, 'chat', 'something else');
    await page.idle();
    hold.resolve('answer');
    expect(await page.next()).toEqual({ type: 'done', id: 1, value: 'answer' });
    page.call(1, 'chat', 'again');
    expect(await page.next()).toMatchObject({ type: 'error', id: 1, error: { code: 'bad-request' } });
    expect(asked).toEqual(['shown to the user']);
  });

  it('stops the method when the caller stops, and says nothing more', async () => {
    const stopped = deferred<string>();
    const page = connect({
      chat: stream(async function* (_, { signal }) {
        yield [text('a')];
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        stopped.resolve('stopped');
        throw new SwitchboardError('aborted', 'The call was stopped.');
      }),
    });
    page.call(1, 'chat', {});
    expect(await page.next()).toMatchObject({ type: 'parts' });
    page.send({ call: '{"type":"abort","id":1}', active: false, visible: true, clicked: false, embedded: false });
    expect(await stopped.promise).toBe('stopped');
    await page.idle();
    expect(page.left()).toEqual([]);
  });

  it('stops every method and lets go of the lease when the port closes', async () => {
    let held = 0;
    const aborted: string[] = [];
    const waits =
      (name: string) =>
      (_: unknown, { signal }: { signal: AbortSignal }) =>
        new Promise<never>((_, reject) =>
          signal.addEventListener('abort', () => {
            aborted.push(name);
            reject(signal.reason);
          }),
        );
    const page = connectAs(
      site,
      { site: { a: value(waits('a')), b: value(waits('b')), c: { kind: 'subscription', run: waits('c') } }, panel: {} },
      {
        lease: {
          hold() {
            held += 1;
            return () => {
              held -= 1;
            };
          },
        },
      },
    );
    page.call(1, 'a', {});
    page.call(2, 'b', {});
    page.call(3, 'c', {});
    await page.idle();
    expect(held).toBe(2);
    page.end.disconnect();
    await page.idle();
    expect(aborted).toEqual(['a', 'b', 'c']);
    expect(held).toBe(0);
  });

  it('gives a subscriber values until it stops', async () => {
    let emitLater: ((value: unknown) => void) | undefined;
    const page = connect({
      watch: {
        kind: 'subscription',
        async run(_, { signal }, emit) {
          emitLater = emit;
          emit('first');
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
        },
      },
    });
    page.call(1, 'watch', {});
    expect(await page.next()).toEqual({ type: 'value', id: 1, value: 'first' });
    page.send({ call: '{"type":"abort","id":1}', active: false, visible: true, clicked: false, embedded: false });
    await page.idle();
    emitLater?.('too late');
    await page.idle();
    expect(page.left()).toEqual([]);
  });

  it('reads no further than the window while nobody consumes, and goes on with credit', async () => {
    let pulled = 0;
    const page = connect({
      chat: stream(async function* () {
        for (let index = 0; index < 20; index++) {
          pulled += 1;
          yield [text('x'.repeat(creditWindow / 8))];
        }
      }),
    });
    page.call(1, 'chat', {});
    await page.idle();
    expect(pulled).toBe(8);
    page.send({
      call: JSON.stringify({ type: 'credit', id: 1, size: creditWindow }),
      active: false,
      visible: true,
      clicked: false,
      embedded: false,
    });
    await page.idle();
    expect(pulled).toBeGreaterThan(8);
    expect(pulled).toBeLessThan(20);
    page.send({
      call: JSON.stringify({ type: 'credit', id: 1, size: creditWindow * 9 }),
      active: false,
      visible: true,
      clicked: false,
      embedded: false,
    });
    await page.idle();
    expect(page.left()).toHaveLength(21);
    expect(page.left().at(-1)).toEqual({ type: 'done', id: 1 });
  });

  it('gives up on a reader that consumes nothing, closes the engine and says why', async () => {
    let isClosed = false;
    const page = connectAs(
      site,
      {
        site: {
          chat: stream(async function* () {
            try {
              for (;;) yield [text('x'.repeat(creditWindow))];
            } finally {
              isClosed = true;
            }
          }),
        },
        panel: {},
      },
      { stallMs: 20 },
    );
    page.call(1, 'chat', {});
    expect(await page.next()).toMatchObject({ type: 'parts' });
    expect(await page.next()).toMatchObject({
      type: 'error',
      id: 1,
      error: { code: 'timeout', message: expect.stringContaining('was read') },
    });
    await page.idle();
    expect(isClosed).toBe(true);
  });

  it('runs 256 calls of a page at once and refuses more until some finish', async () => {
    const hold = deferred<string>();
    const page = connect({ chat: value(() => hold.promise) });
    for (let id = 1; id <= 257; id++) page.call(id, 'chat', {});
    expect(await page.next()).toMatchObject({ type: 'error', id: 257, error: { code: 'rate-limited', retryAfterSeconds: 1 } });
    hold.resolve('done');
    for (let id = 1; id <= 256; id++) expect(await page.next()).toMatchObject({ type: 'done', id });
    page.call(258, 'chat', {});
    expect(await page.next()).toMatchObject({ type: 'done', id: 258 });
  });

  it('disconnects a tab that floods, settles what it ran, keeps it out after it reconnects, and serves other tabs', async () => {
    const limits = createLimits({
      portsPerTab: 4,
      ports: 100,
      messages: 50,
      messagesPerSecond: 0.001,
      characters: 1e6,
      charactersPerSecond: 1,
    });
    const never = { chat: value(() => new Promise(() => {})), quick: value(async () => 'quick') };
    const page = connectAs(site, { site: never, panel: {} }, { limits });
    page.call(1, 'chat', {});
    for (let index = 0; index < 60; index++) page.send(null);
    expect(await page.next()).toMatchObject({ type: 'error', id: 1, error: { code: 'rate-limited' } });
    expect(await page.closed).toBe(true);

    const again = connectAs(site, { site: never, panel: {} }, { limits });
    again.call(2, 'quick', {});
    expect(await again.next()).toMatchObject({
      type: 'error',
      id: 2,
      error: { code: 'rate-limited', message: expect.stringContaining('too much') },
    });
    const other = connectAs({ ...site, tab: { id: 2, url: 'https://site.example/' } }, { site: never, panel: {} }, { limits });
    other.call(1, 'quick', {});
    expect(await other.next()).toEqual({ type: 'done', id: 1, value: 'quick' });
  });

  it('serves 32 ports of a tab and refuses the next one in words', async () => {
    const limits = createLimits();
    const tables = { site: { chat: value(async () => 'fine') }, panel: {} };
    const pages = Array.from({ length: 32 }, () => connectAs(site, tables, { limits }));
    const last = connectAs(site, tables, { limits });
    last.call(1, 'chat', {});
    expect(await last.next()).toMatchObject({ type: 'error', error: { code: 'rate-limited', message: expect.stringContaining('frames') } });
    pages[0]?.end.disconnect();
    await last.closed;
    await last.idle();
    const next = connectAs(site, tables, { limits });
    next.call(1, 'chat', {});
    expect(await next.next()).toMatchObject({ value: 'fine' });
  });

  it('says so when an answer is too large for a port', async () => {
    const { background, content } = createPortPair(site);
    const replies: unknown[] = [];
    content.onMessage.addListener((reply) => replies.push(JSON.parse(reply as string)));
    const post = background.postMessage;
    background.postMessage = (message) => {
      if ((message as string).length > 1000) throw new Error('Message length exceeded maximum allowed length.');
      post(message);
    };
    serve(background, options({ site: { chat: value(async () => 'x'.repeat(2000)) }, panel: {} }));
    content.postMessage({ call: '{"type":"call","id":1,"method":"chat"}', active: false, visible: true, clicked: false, embedded: false });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(replies).toMatchObject([{ type: 'error', id: 1, error: { code: 'bad-response' } }]);
  });
});

function value(run: (params: unknown, context: { caller: Caller; signal: AbortSignal }) => Promise<unknown>): MethodTable[string] {
  return { kind: 'value', run };
}

function stream(run: (params: unknown, context: { signal: AbortSignal }) => AsyncIterable<Part[]>): MethodTable[string] {
  return { kind: 'stream', run };
}

function text(given: string): Part {
  return { type: 'text', text: given };
}

function deferred<T>() {
  return Promise.withResolvers<T>();
}

function options(tables: { site: MethodTable; panel: MethodTable }, more: Partial<ServeOptions> = {}): ServeOptions {
  return { identify: (sender) => identify(sender, own), lease: { hold: () => () => {} }, limits: createLimits(), ...tables, ...more };
}

function connect(methods: MethodTable) {
  return connectAs(site, { site: methods, panel: {} });
}

/** A content script or one of our pages, connected to the server under test. */
function connectAs(sender: Sender, tables: { site: MethodTable; panel: MethodTable }, more: Partial<ServeOptions> = {}) {
  const { content, background } = createPortPair(sender);
  const replies: Reply[] = [];
  const waiting: ((reply: Reply) => void)[] = [];
  const closed = new Promise<boolean>((resolve) => content.onDisconnect.addListener(() => resolve(true)));
  content.onMessage.addListener((message) => {
    const reply = JSON.parse(message as string) as Reply;
    const waiter = waiting.shift();
    if (waiter) waiter(reply);
    else replies.push(reply);
  });
  serve(background, options(tables, more));
  return {
    end: content,
    closed,
    send: content.postMessage,
    call: (id: number, method: string, params: unknown, { active = false, embedded = false } = {}) =>
      content.postMessage({ call: JSON.stringify({ type: 'call', id, method, params }), active, visible: true, clicked: false, embedded }),
    next: () => new Promise<Reply>((resolve) => (replies.length > 0 ? resolve(replies.shift() as Reply) : waiting.push(resolve))),
    left: () => replies,
    /** Everything that could happen by itself has happened. */
    idle: async () => {
      for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
