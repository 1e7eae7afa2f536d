import { describe, expect, it } from 'vitest';
import { readNdjson } from './ndjson.ts';

const host = '127.0.0.1:1';

describe('readNdjson', () => {
  it('gives the same values however the bytes fall', async () => {
    const bytes = new TextEncoder().encode('{"a":"grüße 🦄"}\r\n\n{"b":2}{"c":"}{"}\n  {"d":4}');
    for (let at = 0; at <= bytes.length; at++) {
      expect(await valuesOf([bytes.slice(0, at), bytes.slice(at)]), `split at ${at}`).toEqual([
        { a: 'grüße 🦄' },
        { b: 2 },
        { c: '}{' },
        { d: 4 },
      ]);
    }
  });

  it('gives one array for each network read that completes a line', async () => {
    const reads: unknown[][] = [];
    for await (const values of readNdjson(bodyOf(['1\n2\n3', '4\n', '\n']), host)) reads.push(values);
    expect(reads).toEqual([[1, 2], [34]]);
  });

  it('tells a cut line from a wrong one', async () => {
    await expect(valuesOf(['{"a":1}\n{"b":'])).rejects.toMatchObject({ code: 'interrupted' });
    await expect(valuesOf(['{"a":1}\nhello\n'])).rejects.toMatchObject({ code: 'bad-response' });
    await expect(valuesOf(['{"a":"}{"\n'])).rejects.toMatchObject({ code: 'bad-response' });
  });

  it('refuses a line without an end', async () => {
    const megabyte = 'x'.repeat(1024 * 1024);
    await expect(valuesOf([megabyte, megabyte])).rejects.toMatchObject({ code: 'bad-response' });
  });
});

async function valuesOf(chunks: (string | Uint8Array)[]): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const each of readNdjson(bodyOf(chunks), host)) values.push(...each);
  return values;
}

function bodyOf(chunks: (string | Uint8Array)[]): Response {
  const encoder = new TextEncoder();
  const queue = chunks.map((chunk) => (typeof chunk === 'string' ? encoder.encode(chunk) : chunk));
  return new Response(
    new ReadableStream<Uint8Array>({
      pull(controller) {
        const next = queue.shift();
        if (next) controller.enqueue(next);
        else controller.close();
      },
    }),
  );
}
