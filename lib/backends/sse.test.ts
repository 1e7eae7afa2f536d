import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSseParser, readSse, type SseEvent } from './sse.ts';

const host = '127.0.0.1:1';

describe('readSse', () => {
  it('gives one array for each network read that completes an event', async () => {
    const response = bodyOf(['data: a\n\ndata: b\n\n', 'data: c', '\n\n']);
    const reads: string[][] = [];
    for await (const events of readSse(response, host)) reads.push(events.map((event) => event.data));
    expect(reads).toEqual([['a', 'b'], ['c']]);
  });

  it('decodes characters that are cut between two reads at any byte', async () => {
    const text = 'data: {"a":"grüße 你好 🦄\u2028\u2029 data: [DONE]"}\n\nevent: x\ndata: é\n\n';
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at <= bytes.length; at++) {
      expect(await eventsOf(bodyOf([bytes.slice(0, at), bytes.slice(at)])), `split at ${at}`).toEqual([
        { data: '{"a":"grüße 你好 🦄\u2028\u2029 data: [DONE]"}' },
        { event: 'x', data: 'é' },
      ]);
    }
  });

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('takes %s line ends at every split', async (_name, end) => {
    const text = ['data: one', 'data: two', '', ': comment', 'event: message', 'data:three', '', ''].join(end);
    for (let at = 0; at <= text.length; at++) {
      expect(await eventsOf(bodyOf([text.slice(0, at), text.slice(at)])), `split at ${at}`).toEqual([
        { data: 'one\ntwo' },
        { event: 'message', data: 'three' },
      ]);
    }
  });

  it('ignores a byte order mark, comments, ids, retries and unknown fields', async () => {
    const text = '\ufeff:\n\n: ping - 2026-11-22\n\nid: 7\nretry: 10\nfoo: bar\ndata: x\n\n';
    expect(await eventsOf(bodyOf([text]))).toMatchObject([{ data: 'x' }]);
  });

  it('hears an error that comes as a field of its own, at every split', async () => {
    const text = 'data: a\n\nerror: {"code":500,"message":"boom"}\n\n';
    for (let at = 0; at <= text.length; at++) {
      expect(await eventsOf(bodyOf([text.slice(0, at), text.slice(at)])), `split at ${at}`).toEqual([
        { data: 'a' },
        { event: 'error', data: '{"code":500,"message":"boom"}' },
      ]);
    }
  });

  it('flushes a last event that has no blank line, and marks it', async () => {
    expect(await eventsOf(bodyOf(['data: a\n\ndata: [DONE]']))).toEqual([{ data: 'a' }, { data: '[DONE]', cut: true }]);
    expect(await eventsOf(bodyOf(['data: a\n\ndata: {"x"\n']))).toEqual([{ data: 'a' }, { data: '{"x"', cut: true }]);
  });

  it.each(['{"a":\n1}', ' \n\n [1]', '<!doctype html>', '\ufeff{"a":1}'])(
    'gives out a body that is no event stream as a whole: %j',
    async (body) => {
      const [event] = await eventsOf(bodyOf([body.slice(0, 3), body.slice(3)]));
      expect(event).toEqual({ data: body.replace('\ufeff', ''), whole: true });
    },
  );

  it('ends without an event where the body is empty', async () => {
    expect(await eventsOf(bodyOf([]))).toEqual([]);
    expect(await eventsOf(bodyOf(['\n', ' ']))).toEqual([]);
    expect(await eventsOf(new Response(null))).toEqual([]);
  });

  it('replaces only bytes that are wrong', async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('data: a'), 0xff, ...new TextEncoder().encode('b\n\ndata: '), 0xe4, 0xbd]);
    expect(await eventsOf(bodyOf([bytes]))).toEqual([{ data: 'a\ufffdb' }, { data: '\ufffd', cut: true }]);
  });

  it('refuses a line without an end', async () => {
    const megabyte = 'x'.repeat(1024 * 1024);
    await expect(eventsOf(bodyOf(['data: ', megabyte, megabyte]))).rejects.toMatchObject({
      code: 'bad-response',
      message: expect.stringContaining(host),
    });
  });

  it('refuses an event of endless lines', async () => {
    const lines = 'data: {\n'.repeat(64 * 1024);
    await expect(eventsOf(bodyOf(Array.from({ length: 20 }, () => lines)))).rejects.toMatchObject({ code: 'bad-response' });
  });

  it('closes the body at once when the reader stops, also in the middle of a read', async () => {
    let cancelled = 0;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('data: a\n\n')),
      cancel: () => {
        cancelled++;
      },
    });
    const reads = readSse(new Response(body), host);
    expect((await reads.next()).value).toMatchObject([{ data: 'a' }]);
    const waiting = reads.next();
    await reads.return();
    expect(cancelled).toBe(1);
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await reads.next()).toEqual({ done: true, value: undefined });
  });

  it('reads the same events however the bytes fall', { timeout: 60_000 }, () => {
    const event = fc.record({
      data: fc.array(
        fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n]/g, '')),
        { minLength: 1, maxLength: 3 },
      ),
      event: fc.option(fc.constantFrom('message', 'error', 'x'), { nil: undefined }),
      comment: fc.boolean(),
    });
    const property = fc.property(
      fc.array(event, { maxLength: 6 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      (events, end, sizes) => {
        const text = events
          .map(({ data, event, comment }) =>
            [...(comment ? [': note'] : []), ...(event ? [`event: ${event}`] : []), ...data.map((line) => `data: ${line}`), '', ''].join(
              end,
            ),
          )
          .join('');
        const bytes = new TextEncoder().encode(text);
        const expected = events.map(({ data, event }) => ({ data: data.join('\n'), ...(event && { event }) }));
        expect(parseInPieces(bytes, sizes)).toEqual(expected);
      },
    );
    fc.assert(property, { numRuns: 100 });
  });
});

function parseInPieces(bytes: Uint8Array, sizes: Iterable<number>): SseEvent[] {
  const parser = createSseParser(host);
  const decoder = new TextDecoder();
  const events: SseEvent[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at >= bytes.length) break;
    events.push(...parser.push(decoder.decode(bytes.slice(at, at + size), { stream: true })));
    at += size;
  }
  events.push(...parser.push(decoder.decode()), ...parser.end());
  return events.map(plain);
}

async function eventsOf(response: Response): Promise<SseEvent[]> {
  const events: SseEvent[] = [];
  for await (const each of readSse(response, host)) events.push(...each.map(plain));
  return events;
}

function plain({ data, event, whole, cut }: SseEvent): SseEvent {
  return { data, ...(event !== undefined && { event }), ...(whole && { whole }), ...(cut && { cut }) };
}

function bodyOf(chunks: (string | Uint8Array)[]): Response {
  const encoder = new TextEncoder();
  const queue = chunks.map((chunk) => (typeof chunk === 'string' ? encoder.encode(chunk) : chunk));
  return new Response(
    new ReadableStream<Uint8Array>({
      pull(controller) {
        const next = queue.shift();
        if (!next) controller.close();
        else controller.enqueue(next);
      },
    }),
  );
}
