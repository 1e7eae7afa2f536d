import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { SwitchboardError } from '../protocol/errors.ts';
import { watchPrototypes } from '../testing/clean-prototypes.ts';
import { jsonAnswer } from './json-answer.ts';
import { createNdjsonParser, readNdjson } from './ndjson.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { scrub } from './scrub.ts';
import { createSseParser, readSse } from './sse.ts';
import { normaliseBaseUrl } from './url.ts';

const host = '127.0.0.1:1';
afterEach(watchPrototypes());

/** Text with everything in it that has broken parsers. */
const hardText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    'data: ',
    '[DONE]',
    '\u2028',
    '\ufeff',
    '👋',
    '你好',
    ': ping',
    'event: error',
    'id: \u0000',
    '{"a":1}',
    '}{',
    '"',
    '\\',
    '__proto__',
  ),
);
const json = fc.json({ maxDepth: 4 });

describe('[F-1] [F-2] [F-3] [F-4] [F-5] the event stream reader', { timeout: 30_000 }, () => {
  const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
  const event = fc.record({
    name: fc.option(fc.constantFrom('message', 'error', 'delta'), { nil: undefined }),
    lines: fc.array(
      hardText.map((text) => text.replace(/[\r\n]/g, '')),
      { minLength: 1, maxLength: 3 },
    ),
    comment: fc.boolean(),
    space: fc.boolean(),
  });
  const stream = fc.tuple(fc.array(event, { maxLength: 8 }), lineEnd, fc.boolean());

  it('reads the same events from a body in any pieces, cut inside characters too', async () => {
    await fc.assert(
      fc.asyncProperty(stream, fc.array(fc.nat(2_000), { maxLength: 12 }), async ([events, end, hasMark], cuts) => {
        const text = events
          .map(({ name, lines, comment, space }) => {
            const rows = [
              ...(comment ? [': kept alive'] : []),
              ...(name ? [`event: ${name}`] : []),
              ...lines.map((line) => `data:${space ? ' ' : ''}${line}`),
            ];
            return rows.join(end) + end + end;
          })
          .join('');
        const expected = events.map(({ name, lines, space }) => ({
          data: lines.map((line) => (!space && line.startsWith(' ') ? line.slice(1) : line)).join('\n'),
          event: name,
        }));
        const bytes = new TextEncoder().encode((hasMark ? '\ufeff' : '') + (text === '' ? '' : `: begin${end}${text}`));
        const read = await all(readSse(responseOf(bytes, cuts), host));
        expect(read.map(({ data, event: name }) => ({ data, event: name }))).toEqual(expected);
      }),
    );
  });

  it('takes any bytes: what it cannot read is text with replacement characters, or one clear error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.array(fc.nat(400), { maxLength: 6 }), async (bytes, cuts) => {
        const whole = await outcome(all(readSse(responseOf(bytes, []), host)));
        expect(await outcome(all(readSse(responseOf(bytes, cuts), host)))).toEqual(whole);
      }),
    );
  });

  it('[F-9] holds a line or an event without end to a megabyte', () => {
    for (const piece of ['x'.repeat(65_536), `data: ${'x'.repeat(60_000)}\n`]) {
      const parser = createSseParser(host);
      parser.push('data: begins');
      expect(() => {
        for (let count = 0; count < 40; count++) parser.push(piece);
      }).toThrow(SwitchboardError);
    }
  });
});

describe('[F-11] the reader of JSON lines', { timeout: 30_000 }, () => {
  it('reads the same values from a body in any pieces, with blank lines, CRLF and a last line without end', async () => {
    const values = fc.array(fc.tuple(json, fc.constantFrom('\n', '\r\n', '\n\n', '\n  \r\n')), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(values, fc.boolean(), fc.array(fc.nat(2_000), { maxLength: 12 }), async (lines, isEnded, cuts) => {
        const text = lines.map(([value, end]) => value + end).join('');
        const bytes = new TextEncoder().encode(isEnded ? text : text.trimEnd());
        expect(JSON.stringify(await all(readNdjson(responseOf(bytes, cuts), host)))).toBe(
          JSON.stringify(lines.map(([value]) => JSON.parse(value))),
        );
      }),
    );
  });

  it('tells objects that share a line apart, whatever is in their strings', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), hardText), { minLength: 1, maxLength: 5 }), (objects) => {
        const parser = createNdjsonParser(host);
        const read = [...parser.push(`${objects.map((each) => JSON.stringify(each)).join('')}\n`), ...parser.end()];
        expect(JSON.stringify(read)).toBe(JSON.stringify(objects));
      }),
    );
  });

  it('takes any bytes: values, or one clear error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(300), { maxLength: 6 }), async (bytes, cuts) => {
        const whole = await outcome(all(readNdjson(responseOf(bytes, []), host)));
        const split = await outcome(all(readNdjson(responseOf(bytes, cuts), host)));
        expect(split.code).toEqual(whole.code);
      }),
    );
  });
});

describe('the reader of one JSON answer', { timeout: 30_000 }, () => {
  it('gives an object, or one clear error, for any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          json.map((text) => new TextEncoder().encode(text)),
        ),
        async (bytes) => {
          const { value, code } = await outcome(jsonAnswer(new Response(bytes as BodyInit), host, 'a server'));
          if (code === undefined) expect(typeof value).toBe('object');
          else expect(['bad-response', 'interrupted']).toContain(code);
        },
      ),
    );
  });
});

describe('[E-1] [E-2] an address', { timeout: 30_000 }, () => {
  const part = fc.oneof(
    hardText,
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.constantFrom(
      'http://',
      'https://',
      'file:///etc/passwd',
      'javascript:alert(1)',
      '@',
      '\\',
      '/../',
      '?',
      '#',
      ':',
      '%2f',
      '[::1]',
      '0x7f000001',
      'user:pass@',
      '.',
      '\t',
      '169.254.169.254',
    ),
  );

  it('is http or https to one host without password, query or fragment, or it is refused without being repeated', () => {
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 6 }).map((parts) => parts.join('')),
        (typed) => {
          let address: string;
          try {
            address = normaliseBaseUrl(typed);
          } catch (error) {
            expect(error).toMatchObject({ code: 'bad-request' });
            return;
          }
          const url = new URL(address);
          expect(['http:', 'https:']).toContain(url.protocol);
          expect([url.username, url.password, url.search, url.hash]).toEqual(['', '', '', '']);
          expect(url.hostname).not.toBe('169.254.169.254');
          // Looked at again it is the same place: nothing is hidden in how it was written.
          expect(new URL(normaliseBaseUrl(address)).origin).toBe(url.origin);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('[E-12] the scrubber', { timeout: 30_000 }, () => {
  it('leaves nothing of a secret, wherever it stands and however often', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9_-]{12,40}$/);
    fc.assert(
      fc.property(secret, fc.array(hardText, { maxLength: 6 }), (value, around) => {
        expect(scrub(around.join(value), [value])).not.toContain(value);
        expect(scrub(encodeURIComponent(around.join(value)), [value])).not.toContain(value);
      }),
    );
  });
});

describe('[G-16] the wait that a server asks for', { timeout: 30_000 }, () => {
  it('is a number that is not negative, or none, whatever the header says', () => {
    const header = fc.oneof(
      fc.stringMatching(/^[ -~]{0,30}$/),
      fc.constantFrom('0', '5', '-5', 'abc', '1e9', 'Infinity', '0x10', '', 'Wed, 21 Oct 2015 07:28:00 GMT'),
    );
    fc.assert(
      fc.property(header, header, (seconds, milliseconds) => {
        const wait = retryAfterSeconds(new Headers({ 'retry-after': seconds, 'retry-after-ms': milliseconds }));
        if (wait !== undefined) expect(wait >= 0 && Number.isFinite(wait)).toBe(true);
      }),
    );
  });
});

/** A body that arrives in the pieces the cuts make. */
function responseOf(bytes: Uint8Array, cuts: number[]): Response {
  const places = [...new Set([0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length])].sort((one, other) => one - other);
  return new Response(
    new ReadableStream({
      start(controller) {
        for (let index = 1; index < places.length; index++) controller.enqueue(bytes.slice(places[index - 1], places[index]));
        controller.close();
      },
    }),
  );
}

async function all<Item>(reads: AsyncIterable<Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const batch of reads) items.push(...batch);
  return items;
}

async function outcome(work: Promise<unknown>): Promise<{ value?: unknown; code?: string }> {
  try {
    return { value: await work };
  } catch (error) {
    expect(error).toBeInstanceOf(SwitchboardError);
    return { code: (error as SwitchboardError).code };
  }
}
