import { afterEach, describe, expect, it } from 'vitest';
import type { ErrorData } from '../protocol/errors.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import { type Call, creditWindow, maxCallSize, type Reply, type WirePart } from '../protocol/wire.ts';
import { type Calls, type Channel, createCalls } from './calls.ts';

const ports: MessagePort[] = [];
afterEach(() => {
  while (ports.length > 0) ports.pop()?.close();
});

describe('many calls over one channel', () => {
  it('answers each request by its id, in any order', async () => {
    const { calls, background } = connect();
    const first = calls.request('models.list', '{}');
    const second = calls.request('access.query', '{"a":1}');
    const sent = [await background.next(), await background.next()];
    expect(sent).toEqual([
      { type: 'call', id: 1, method: 'models.list', params: {} },
      { type: 'call', id: 2, method: 'access.query', params: { a: 1 } },
    ]);
    background.reply({ type: 'done', id: 2, value: 'two' });
    background.reply({ type: 'done', id: 1, value: 'one' });
    expect(await Promise.all([first, second])).toEqual(['one', 'two']);
  });

  it('fails a request with the error the background gave', async () => {
    const { calls, background } = connect();
    const answer = calls.request('models.list', '{}');
    background.reply({ type: 'error', id: 1, error: { code: 'denied', message: 'No.' } });
    await expect(answer).rejects.toMatchObject({ code: 'denied', message: 'No.' });
  });

  it('streams batches in order and then ends', async () => {
    const { calls, background } = connect();
    const stream = calls.stream('openai.chat', '{}');
    background.parts(1, ['a', 'b']);
    background.parts(1, ['c']);
    background.reply({ type: 'done', id: 1 });
    expect(await collect(stream)).toEqual([['a', 'b'], ['c']]);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('gives the batches that arrived before it fails, fails once, and is then at its end', async () => {
    const { calls, background } = connect();
    const stream = calls.stream('openai.chat', '{}');
    background.parts(1, ['a']);
    background.reply({ type: 'error', id: 1, error: { code: 'interrupted', message: 'Cut.' } });
    expect((await stream.next()).value).toEqual(['a']);
    await expect(stream.next()).rejects.toMatchObject({ code: 'interrupted' });
    expect((await stream.next()).done).toBe(true);
  });

  it('serves readers that pull several times at once, in order', async () => {
    const { calls, background } = connect();
    const stream = calls.stream('openai.chat', '{}');
    const pulls = [stream.next(), stream.next(), stream.next()];
    background.parts(1, ['a']);
    background.parts(1, ['b']);
    background.reply({ type: 'done', id: 1 });
    expect((await Promise.all(pulls)).map((pull) => pull.value)).toEqual([['a'], ['b'], undefined]);
  });

  it('rejects with the reason of the signal at once, tells the background, and drops what had arrived', async () => {
    const { calls, background } = connect();
    const controller = new AbortController();
    const reason = new Error('changed my mind');
    const stream = calls.stream('openai.chat', '{}', controller.signal);
    const request = calls.request('models.list', '{}', controller.signal);
    background.parts(1, ['a']);
    await background.next();
    controller.abort(reason);
    await expect(request).rejects.toBe(reason);
    await expect(stream.next()).rejects.toBe(reason);
    await background.next();
    expect([await background.next(), await background.next()]).toEqual([
      { type: 'abort', id: 1 },
      { type: 'abort', id: 2 },
    ]);
  });

  it('sends nothing at all for a signal that has fired already', async () => {
    const { calls, sent } = connect();
    await expect(calls.request('models.list', '{}', AbortSignal.abort('gone'))).rejects.toBe('gone');
    await expect(calls.stream('openai.chat', '{}', AbortSignal.abort('gone')).next()).rejects.toBe('gone');
    expect(sent).toEqual([]);
  });

  it('stops the call when its reader leaves early', async () => {
    const { calls, background } = connect();
    const stream = calls.stream('openai.chat', '{}');
    background.parts(1, ['a']);
    for await (const batch of stream) {
      expect(batch).toEqual(['a']);
      break;
    }
    await background.next();
    expect(await background.next()).toEqual({ type: 'abort', id: 1 });
    expect((await stream.next()).done).toBe(true);
  });

  it('returns credit in steps, only for what was read', async () => {
    const { calls, sent, background } = connect();
    const stream = calls.stream('openai.chat', '{}');
    for (let index = 0; index < 4; index++) background.parts(1, ['x'], creditWindow / 8);
    await stream.next();
    expect(sent.filter((call) => call.type === 'credit')).toEqual([]);
    await stream.next();
    await stream.next();
    await stream.next();
    expect(sent.filter((call) => call.type === 'credit')).toEqual([
      { type: 'credit', id: 1, size: creditWindow / 4 },
      { type: 'credit', id: 1, size: creditWindow / 4 },
    ]);
  });

  it('settles every open call when the channel closes, and works again on the next call', async () => {
    const { calls, background, close } = connect();
    const request = calls.request('models.list', '{}');
    const stream = calls.stream('openai.chat', '{}');
    close({ code: 'interrupted', message: 'Cut.' });
    await expect(request).rejects.toMatchObject({ code: 'interrupted' });
    await expect(stream.next()).rejects.toMatchObject({ code: 'interrupted' });
    const again = calls.request('models.list', '{}');
    background.reply({ type: 'done', id: 3, value: 'back' });
    expect(await again).toBe('back');
  });

  it('settles exactly once: late, doubled and unknown replies change nothing', async () => {
    const { calls, sent, background } = connect();
    const settled: unknown[] = [];
    const answer = calls.request('models.list', '{}').then(
      (value) => settled.push(value),
      (error) => settled.push(error),
    );
    background.reply({ type: 'done', id: 99, value: 'not mine' });
    background.reply({ type: 'parts', id: 1, parts: ['not a stream'], size: 1 });
    background.reply({ type: 'done', id: 1, value: 'first' });
    background.reply({ type: 'done', id: 1, value: 'second' });
    background.reply({ type: 'error', id: 1, error: { code: 'internal', message: 'late' } });
    await answer;
    await background.settled();
    expect(settled).toEqual(['first']);

    const controller = new AbortController();
    const stopped = calls.request('models.list', '{}', controller.signal);
    background.reply({ type: 'done', id: 2, value: 'done' });
    await stopped;
    controller.abort();
    expect(sent.filter((call) => call.type === 'abort')).toEqual([]);
  });

  it('refuses a call above 8 MiB without sending it', async () => {
    const { calls, sent } = connect();
    await expect(calls.request('openai.chat', `"${'x'.repeat(maxCallSize)}"`)).rejects.toMatchObject({ code: 'too-large' });
    expect(sent).toEqual([]);
  });

  it('subscribes until undone, and says why values stopped coming by themselves', async () => {
    const { calls, background, close } = connect();
    const values: unknown[] = [];
    const ends: unknown[] = [];
    const undo = calls.subscribe('access.watch', '{}', (value) => values.push(value));
    background.reply({ type: 'value', id: 1, value: 1 });
    background.reply({ type: 'value', id: 1, value: 2 });
    await background.settled();
    undo();
    undo();
    background.reply({ type: 'value', id: 1, value: 3 });
    await background.next();
    expect(await background.next()).toEqual({ type: 'abort', id: 1 });
    expect(values).toEqual([1, 2]);

    calls.subscribe(
      'access.watch',
      '{}',
      () => {},
      (error) => {
        ends.push(error);
        // Calling again at once must not be swept away by the closing that is under way.
        calls.subscribe(
          'access.watch',
          '{}',
          () => {},
          () => ends.push('again'),
        );
      },
    );
    close({ code: 'interrupted', message: 'Cut.' });
    expect(ends).toMatchObject([{ code: 'interrupted' }]);
  });

  it('says when nothing is awaited any more, after the last word of the last call', async () => {
    const { calls, background, trace } = connect();
    const first = calls.request('models.list', '{}');
    const controller = new AbortController();
    const second = calls.request('models.list', '{}', controller.signal);
    background.reply({ type: 'done', id: 1, value: 1 });
    await first;
    controller.abort();
    await expect(second).rejects.toThrow();
    calls.subscribe('access.watch', '{}', () => {})();
    expect(trace).toEqual(['call', 'call', 'abort', 'idle', 'call', 'idle', 'abort', 'idle']);
  });

  it('leaves nothing behind after a thousand calls started and stopped', async () => {
    const { calls, sent } = connect();
    const controller = new AbortController();
    const outcomes = Array.from({ length: 1000 }, () => calls.request('models.list', '{}', controller.signal).catch((error) => error.name));
    controller.abort();
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['AbortError']));
    expect(sent.filter((call) => call.type === 'abort')).toHaveLength(1000);
    const before = sent.length;
    controller.signal.dispatchEvent(new Event('abort'));
    expect(sent).toHaveLength(before);
  });
});

async function collect(stream: AsyncIterable<WirePart[]>): Promise<WirePart[][]> {
  const batches: WirePart[][] = [];
  for await (const batch of stream) batches.push(batch);
  return batches;
}

/** The calls of a page, and a background at the other end of a real MessageChannel. */
function connect() {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const sent: Call[] = [];
  const trace: string[] = [];
  const arrived: Call[] = [];
  const waiting: ((call: Call) => void)[] = [];
  let receiver: Parameters<Channel['on']>[0] | undefined;
  let marked: (() => void) | undefined;

  port2.onmessage = ({ data }) => {
    const call = JSON.parse(data) as Call;
    const waiter = waiting.shift();
    if (waiter) waiter(call);
    else arrived.push(call);
  };
  const calls: Calls = createCalls(
    {
      post(text) {
        const call = JSON.parse(text) as Call;
        sent.push(call);
        trace.push(call.type);
        port1.postMessage(text);
      },
      on(given) {
        receiver = given;
        port1.onmessage = ({ data }) => (data === 'mark' ? marked?.() : given.message(data));
      },
      idle: () => void trace.push('idle'),
    },
    (data: ErrorData) => new SwitchboardError(data.code, data.message),
  );

  const background = {
    next: () => new Promise<Call>((resolve) => (arrived.length > 0 ? resolve(arrived.shift() as Call) : waiting.push(resolve))),
    reply: (reply: Reply) => port2.postMessage(JSON.stringify(reply)),
    parts: (id: number, parts: WirePart[], size = 1) => port2.postMessage(JSON.stringify({ type: 'parts', id, parts, size })),
    /** Everything posted so far has been delivered to the page. */
    settled: () =>
      new Promise<void>((resolve) => {
        marked = resolve;
        port2.postMessage('mark');
      }),
  };
  return { calls, background, sent, trace, close: (error: ErrorData) => receiver?.closed(error) };
}
