import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCalls } from '../page/calls.ts';
import { openChannel } from '../page/channel.ts';
import { type ErrorData, SwitchboardError } from '../protocol/errors.ts';
import { fromPage, fromRelay, portEvent } from '../protocol/handover.ts';
import { type Call, type Envelope, maxCallSize } from '../protocol/wire.ts';
import { createPortPair, type PortEnd } from '../testing/port-pair.ts';
import { type Runtime, type Scope, startRelay } from './relay.ts';

afterEach(() => void vi.useRealTimers());

describe('handing the way over to the page script', () => {
  it.each(['relay first', 'page script first'])('works with the %s', async (order) => {
    const scope = createScope();
    const { runtime, backgrounds } = createRuntime();
    let channel: ReturnType<typeof openChannel> | undefined;
    if (order === 'page script first') channel = openChannel(scope);
    startRelay(() => runtime, scope);
    channel ??= openChannel(scope);
    const calls = createCalls(channel, toError);
    const answer = calls.request('models.list', '{}');
    const { call } = await (await backgrounds.next()).next();
    expect(call).toMatchObject({ type: 'call', id: 1, method: 'models.list' });
    (await backgrounds.latest()).reply({ type: 'done', id: 1, value: 'models' });
    expect(await answer).toBe('models');
  });

  it('lets no listener of the page hear of it, and takes no second one', async () => {
    const scope = createScope();
    const heard: string[] = [];
    const { runtime, backgrounds } = createRuntime();
    const channel = openChannel(scope);
    for (const type of [portEvent, 'message']) scope.addEventListener(type, () => heard.push(type));
    startRelay(() => runtime, scope);
    expect(heard).toEqual([]);

    scope.dispatchEvent(new FocusEvent(portEvent, { relatedTarget: new EventTarget() }));
    const answer = createCalls(channel, toError).request('models.list', '{}');
    const background = await backgrounds.next();
    await background.next();
    background.reply({ type: 'done', id: 1, value: 'from the relay' });
    expect(await answer).toBe('from the relay');
  });

  it('fails what the page asks when no relay comes, and at once the next time', async () => {
    const calls = createCalls(openChannel(createScope(), 10), toError);
    await expect(calls.request('models.list', '{}')).rejects.toMatchObject({ code: 'gone' });
    await expect(calls.request('models.list', '{}')).rejects.toMatchObject({ code: 'gone' });
  });

  it('fails what the page waits for when the relay ends without a word, and not while it only has nothing to say', async () => {
    const scope = createScope();
    const road = new EventTarget();
    const hear = (event: Event) => event.preventDefault();
    road.addEventListener(fromPage, hear);
    const calls = createCalls(openChannel(scope, 10), toError);
    scope.dispatchEvent(new FocusEvent(portEvent, { relatedTarget: road, cancelable: true }));
    const answer = calls.request('models.list', '{}');
    await new Promise((resolve) => setTimeout(resolve, 100));
    road.dispatchEvent(new MessageEvent(fromRelay, { data: '{"type":"done","id":1,"value":"slow but there"}' }));
    expect(await answer).toBe('slow but there');

    const lost = calls.request('models.list', '{}');
    road.removeEventListener(fromPage, hear);
    await expect(lost).rejects.toMatchObject({ code: 'gone' });
  });
});

describe('the relay', () => {
  it('connects on the first message and not before', async () => {
    const { calls, backgrounds } = start();
    await turns();
    expect(backgrounds.count()).toBe(0);
    const first = calls.request('a', '{}');
    const second = calls.request('b', '{}');
    const background = await backgrounds.next();
    expect([await background.next(), await background.next()]).toMatchObject([{ call: { method: 'a' } }, { call: { method: 'b' } }]);
    expect(backgrounds.count()).toBe(1);
    background.reply({ type: 'done', id: 1 });
    background.reply({ type: 'done', id: 2 });
    await Promise.all([first, second]);
  });

  it.each<[string, Partial<FakeScope>, Partial<Envelope>]>([
    ['a page the user has used', { hasBeenActive: true }, { active: true, visible: true, clicked: false, embedded: false }],
    ['a page the user has just clicked', { hasBeenActive: true, isActive: true }, { active: true, visible: true, clicked: true }],
    ['a page nobody has touched', { hasBeenActive: false }, { active: false, visible: true, clicked: false, embedded: false }],
    [
      'a hidden page',
      { hasBeenActive: true, visibilityState: 'hidden' },
      { active: false, visible: false, clicked: false, embedded: false },
    ],
    ['a frame of the same origin', { parent: createScope() }, { active: false, visible: true, clicked: false, embedded: false }],
    [
      'a frame of another origin',
      { parent: createScope({ origin: 'https://shop.example' }) },
      { active: false, visible: true, clicked: false, embedded: true },
    ],
    [
      'a frame of the same origin inside another one',
      { parent: createScope({ parent: createScope({ origin: 'https://shop.example' }) }) },
      { active: false, visible: true, clicked: false, embedded: true },
    ],
    [
      'a frame whose ancestor may not be looked at',
      {
        parent: new Proxy(createScope(), {
          get: () => {
            throw new Error('Blocked a frame');
          },
        }),
      },
      { active: false, visible: true, clicked: false, embedded: true },
    ],
  ])('says of %s what it knows', async (_, more, envelope) => {
    const { calls, backgrounds } = start(more);
    calls.request('a', '{}').catch(() => {});
    expect(await (await backgrounds.next()).next()).toMatchObject(envelope);
  });

  it('waits for a page that is hidden for a moment, and not for one that is told that it is hidden', async () => {
    const { calls, scope, backgrounds } = start({ hasBeenActive: true });
    const turn = (visibilityState: DocumentVisibilityState) => Object.assign(scope.document, { visibilityState });
    const tell = () => scope.document.dispatchEvent(new Event('visibilitychange'));
    calls.request('a', '{}').catch(() => {});
    const background = await backgrounds.next();
    await background.next();

    turn('hidden');
    calls.request('b', '{}').catch(() => {});
    calls.request('c', '{}').catch(() => {});
    turn('visible');
    tell();
    expect([await background.next(), await background.next()]).toMatchObject([
      { active: true, visible: true, call: { method: 'b' } },
      { active: true, visible: true, call: { method: 'c' } },
    ]);

    turn('hidden');
    calls.request('d', '{}').catch(() => {});
    tell();
    expect(await background.next()).toMatchObject({ active: false, visible: false, call: { method: 'd' } });
    calls.request('e', '{}').catch(() => {});
    turn('visible');
    expect(await background.next()).toMatchObject({ visible: false, call: { method: 'e' } });
  });

  it('sends nothing above 8 MiB to the browser', async () => {
    const { channel, scope, backgrounds } = start();
    const closed: string[] = [];
    channel.on({ message: () => {}, closed: (error) => closed.push(error.code) });
    channel.post('x'.repeat(maxCallSize + 1));
    await turns();
    expect(closed).toEqual(['too-large']);
    expect(backgrounds.count()).toBe(0);
    expect(scope).toBeDefined();
  });

  it('tells the page when the background died, and connects again on the next call', async () => {
    const { calls, backgrounds } = start();
    const lost = calls.request('a', '{}');
    const background = await backgrounds.next();
    await background.next();
    background.end.disconnect();
    await expect(lost).rejects.toMatchObject({ code: 'interrupted' });
    const answer = calls.request('b', '{}');
    const next = await backgrounds.next();
    await next.next();
    next.reply({ type: 'done', id: 2, value: 'again' });
    expect(await answer).toBe('again');
  });

  it('fails only the calls it had seen when the background died', async () => {
    const { calls, backgrounds } = start();
    const lost = calls.request('a', '{}').catch((error) => error.code);
    const background = await backgrounds.next();
    await background.next();
    background.end.disconnect();
    // Posted while the news of the loss is on its way: it goes to the next background.
    await new Promise((resolve) => setImmediate(resolve));
    const answer = calls.request('b', '{}');
    const next = await backgrounds.next();
    await next.next();
    next.reply({ type: 'done', id: 2, value: 'fine' });
    expect([await lost, await answer]).toEqual(['interrupted', 'fine']);
  });

  it('asks a background that dies at once more and more slowly, and at once again after one that lived', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const { calls, backgrounds } = start();
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 8; attempt++) {
      const answer = calls.request('a', '{}').catch((error) => error.code);
      let pause = 0;
      await turns();
      for (; backgrounds.count() < attempt; pause += 50) await vi.advanceTimersByTimeAsync(50);
      pauses.push(pause);
      (await backgrounds.next()).end.disconnect();
      expect(await answer).toBe('interrupted');
    }
    expect(pauses).toEqual([0, 0, 50, 100, 200, 400, 800, 1600]);

    const answer = calls.request('a', '{}');
    await turns();
    await vi.advanceTimersByTimeAsync(2_000);
    const lives = await backgrounds.next();
    lives.reply({ type: 'done', id: 9 });
    await answer;
    lives.end.disconnect();
    await turns();
    calls.request('a', '{}').catch(() => {});
    await turns();
    expect(backgrounds.count()).toBe(10);
  });

  it('says gone, once and to every later call, when the extension was updated under the page', async () => {
    const { calls, runtime, backgrounds } = start();
    const lost = calls.request('a', '{}');
    const background = await backgrounds.next();
    runtime.id = undefined;
    background.end.disconnect();
    await expect(lost).rejects.toMatchObject({ code: 'gone' });
    runtime.connect = () => {
      throw new Error('Extension context invalidated.');
    };
    await expect(calls.request('b', '{}')).rejects.toMatchObject({ code: 'gone' });
    await expect(calls.request('c', '{}')).rejects.toMatchObject({ code: 'gone' });
  });

  it('lets go of the background when the page is left, and works when it is shown again', async () => {
    const { calls, scope, backgrounds } = start();
    const lost = calls.request('a', '{}').catch((error) => error.code);
    const background = await backgrounds.next();
    await background.next();
    scope.dispatchEvent(new Event('pagehide'));
    await background.closed;
    expect(await lost).toBe('interrupted');
    scope.dispatchEvent(new Event('pageshow'));
    const answer = calls.request('b', '{}');
    const next = await backgrounds.next();
    await next.next();
    next.reply({ type: 'done', id: 2, value: 'back' });
    expect(await answer).toBe('back');
  });

  it('keeps what a page says in its last moment until it is shown again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const { calls, scope, backgrounds } = start();
    scope.dispatchEvent(new Event('pagehide'));
    const answer = calls.request('a', '{}');
    await turns();
    expect(backgrounds.count()).toBe(0);
    // Timers stand still in the cache.
    await vi.advanceTimersByTimeAsync(1);
    const background = await backgrounds.next();
    await background.next();
    background.reply({ type: 'done', id: 1, value: 'back' });
    expect(await answer).toBe('back');
  });

  it('[G-26] also in a page that was opened anew, which takes every listener off its window', async () => {
    const scope = createScope();
    const { runtime, backgrounds } = createRuntime();
    const listeners: Parameters<EventTarget['addEventListener']>[] = [];
    const add = scope.addEventListener.bind(scope);
    scope.addEventListener = ((...given: Parameters<EventTarget['addEventListener']>) => {
      listeners.push(given);
      add(...(given as Parameters<typeof add>));
    }) as typeof scope.addEventListener;
    const openAnew = () => {
      for (const [type, listener] of listeners) scope.removeEventListener(type as 'pagehide', listener as () => void);
    };
    startRelay(() => runtime, scope);
    const calls = createCalls(openChannel(scope), toError);
    const codeOf = (asked: Promise<unknown>) => asked.catch((error) => error.code);

    openAnew();
    const before = codeOf(calls.request('a', '{}'));
    const first = await backgrounds.next();
    await first.next();
    scope.dispatchEvent(new Event('pagehide'));
    await first.closed;
    expect(await before).toBe('interrupted');

    const meanwhile = codeOf(calls.request('b', '{}'));
    const second = await backgrounds.next();
    await second.next();
    openAnew();
    second.reply({ type: 'parts', id: 2, parts: ['x'], size: 3 });
    await turns();
    scope.dispatchEvent(new Event('pagehide'));
    await second.closed;
    expect(await meanwhile).toBe('interrupted');
  });

  it('keeps the calls of a prerendered page until somebody sees it', async () => {
    const { calls, scope, backgrounds } = start({ prerendering: true });
    const answers = [calls.request('a', '{}'), calls.request('b', '{}')];
    await turns();
    expect(backgrounds.count()).toBe(0);
    scope.document.prerendering = false;
    scope.document.dispatchEvent(new Event('prerenderingchange'));
    const background = await backgrounds.next();
    expect([await background.next(), await background.next()]).toMatchObject([{ call: { id: 1 } }, { call: { id: 2 } }]);
    background.reply({ type: 'done', id: 1, value: 1 });
    background.reply({ type: 'done', id: 2, value: 2 });
    expect(await Promise.all(answers)).toEqual([1, 2]);
  });

  it('[A-40] takes an element of that name for no word of the browser', async () => {
    const { calls, scope, backgrounds } = start();
    Object.assign(scope.document, { prerendering: new EventTarget() });
    const answer = calls.request('a', '{}');
    const background = await backgrounds.next();
    await background.next();
    background.reply({ type: 'done', id: 1, value: 1 });
    expect(await answer).toBe(1);
  });

  describe('every twenty seconds', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
    afterEach(() => void vi.useRealTimers());

    it('wakes the background while the page waits, and leaves it when it does not', async () => {
      const { calls, backgrounds } = start();
      const answer = calls.request('a', '{}');
      const background = await backgrounds.next();
      await background.next();
      vi.advanceTimersByTime(40_000);
      expect([await background.nextRaw(), await background.nextRaw()]).toEqual([null, null]);
      background.reply({ type: 'done', id: 1, value: 'done' });
      await answer;
      await turns();
      vi.advanceTimersByTime(20_000);
      expect(await background.closed).toBe(true);
      expect(vi.getTimerCount()).toBe(0);

      const again = calls.request('b', '{}');
      const next = await backgrounds.next();
      await next.next();
      next.reply({ type: 'done', id: 2, value: 'again' });
      expect(await again).toBe('again');
    });

    it('does not stay awake for a subscription, and says that it ended', async () => {
      const { calls, backgrounds } = start();
      const ended = new Promise((resolve) => calls.subscribe('watch', '{}', () => {}, resolve));
      const background = await backgrounds.next();
      await background.next();
      await turns();
      vi.advanceTimersByTime(20_000);
      expect(await background.closed).toBe(true);
      expect(await ended).toMatchObject({ code: 'interrupted' });
    });
  });
});

function toError(data: ErrorData): SwitchboardError {
  return new SwitchboardError(data.code, data.message);
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

type FakeScope = Scope &
  EventTarget & {
    document: EventTarget & { prerendering: boolean };
    prerendering: boolean;
    hasBeenActive: boolean;
    isActive: boolean;
    visibilityState: DocumentVisibilityState;
  };

function createScope(more: Partial<FakeScope> = {}): FakeScope {
  const document = Object.assign(new EventTarget(), {
    visibilityState: more.visibilityState ?? 'visible',
    prerendering: more.prerendering ?? false,
  });
  const scope = Object.assign(new EventTarget(), {
    origin: more.origin ?? 'https://site.example',
    navigator: { userActivation: { hasBeenActive: more.hasBeenActive ?? false, isActive: more.isActive ?? false } },
    document,
  }) as unknown as FakeScope;
  scope.parent = more.parent ?? scope;
  return scope;
}

/** A page with its script and its relay, and the backgrounds they connect to, one after the other. */
function start(more: Partial<FakeScope> = {}) {
  const scope = createScope(more);
  const { runtime, backgrounds } = createRuntime();
  startRelay(() => runtime, scope);
  const channel = openChannel(scope);
  return { scope, runtime, backgrounds, channel, calls: createCalls(channel, toError) };
}

function createRuntime() {
  const connected = createInbox<ReturnType<typeof createBackground>>();
  let count = 0;
  let latest: ReturnType<typeof createBackground> | undefined;
  const runtime: Runtime = {
    id: 'own',
    connect({ name }) {
      const { content, background } = createPortPair(undefined, name);
      count += 1;
      latest = createBackground(background);
      connected.put(latest);
      return content;
    },
  };
  return { runtime, backgrounds: { next: connected.next, count: () => count, latest: async () => latest as NonNullable<typeof latest> } };
}

function createBackground(end: PortEnd) {
  const inbox = createInbox<unknown>();
  const closed = new Promise<boolean>((resolve) => end.onDisconnect.addListener(() => resolve(true)));
  end.onMessage.addListener(inbox.put);
  return {
    end,
    closed,
    nextRaw: inbox.next,
    next: async () => {
      const envelope = (await inbox.next()) as Envelope;
      return { ...envelope, call: JSON.parse(envelope.call) as Call };
    },
    reply: (reply: unknown) => end.postMessage(JSON.stringify(reply)),
  };
}

function createInbox<T>() {
  const items: T[] = [];
  const waiting: ((item: T) => void)[] = [];
  return {
    put(item: T) {
      const waiter = waiting.shift();
      if (waiter) waiter(item);
      else items.push(item);
    },
    next: () => new Promise<T>((resolve) => (items.length > 0 ? resolve(items.shift() as T) : waiting.push(resolve))),
  };
}
