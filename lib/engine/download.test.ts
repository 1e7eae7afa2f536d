import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { tinyGguf } from '../testing/tiny-gguf.ts';
import { download } from './download.ts';

const file = tinyGguf();
const undo: (() => void)[] = [];
afterEach(() => {
  for (const each of undo.splice(0)) each();
});

/** A server on this device; `answer` is told how many requests came before. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse, before: number) => void) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response, requests.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  undo.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/tiny.gguf`), requests };
}

function startOf(request: IncomingMessage): number {
  return Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
}

/** Downloads into memory, with short clocks. */
async function run(
  url: URL,
  options: { signal?: AbortSignal; onProgress?: (progress: { bytes: number; totalBytes?: number }) => void } = {},
) {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const write = async (bytes: Uint8Array<ArrayBuffer>) => void pieces.push(bytes.slice());
  await download(url, write, { signal: new AbortController().signal, silenceMs: 300, pauseMs: 1, ...options });
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

describe('a download', () => {
  test('brings the file as it is, and says how far it is', async () => {
    const { url } = await serve((_, response) => response.writeHead(200, { 'content-length': file.length }).end(file));
    const told: unknown[] = [];

    expect(await run(url, { onProgress: (progress) => told.push(progress) })).toEqual(file);
    expect(told.at(-1)).toEqual({ bytes: file.length, totalBytes: file.length });
  });

  test('works where the server does not say how long the file is', async () => {
    const { url } = await serve((_, response) => {
      response.write(file.subarray(0, 100));
      setTimeout(() => response.end(file.subarray(100)), 20);
    });

    expect(await run(url)).toEqual(file);
  });

  test('goes on where a broken connection stopped, and proves that it is the same file', async () => {
    const { url, requests } = await serve((request, response, before) => {
      const start = startOf(request);
      response.writeHead(start ? 206 : 200, { 'content-length': file.length - start, etag: '"one"' });
      if (before === 2) response.end(file.subarray(start));
      else response.write(file.subarray(start, start + 30_000), () => setTimeout(() => response.destroy(), 20));
    });

    expect(await run(url)).toEqual(file);
    expect(requests.map(({ headers }) => [headers.range, headers['if-range']])).toEqual([
      [undefined, undefined],
      ['bytes=30000-', '"one"'],
      ['bytes=60000-', '"one"'],
    ]);
  });

  test('goes on where a silent connection stopped', async () => {
    const { url } = await serve((request, response) => {
      const start = startOf(request);
      response.writeHead(start ? 206 : 200, { 'content-length': file.length - start, etag: '"one"' });
      if (start) response.end(file.subarray(start));
      else response.write(file.subarray(0, 30_000));
    });

    expect(await run(url)).toEqual(file);
  });

  test('gives up after four failures in a row, and says how far it came', async () => {
    const { url, requests } = await serve((request, response) => {
      if (startOf(request)) return response.writeHead(503).end();
      response.writeHead(200, { 'content-length': file.length, etag: '"one"' });
      response.write(file.subarray(0, 30_000), () => setTimeout(() => response.destroy(), 20));
    });

    await expect(run(url)).rejects.toMatchObject({ code: 'interrupted', message: expect.stringContaining('try again') });
    expect(requests).toHaveLength(4);
  });

  test('does not piece together two files: the server changed it meanwhile', async () => {
    const { url } = await serve((request, response) => {
      response.writeHead(200, { 'content-length': file.length, etag: startOf(request) ? '"two"' : '"one"' });
      response.write(file.subarray(0, 30_000), () => setTimeout(() => response.destroy(), 20));
    });

    await expect(run(url)).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('refuses a web page at its first bytes, however slowly they come', async () => {
    const { url } = await serve((_, response) => {
      response.write('<!doc');
      setTimeout(() => response.end('type html><p>Please accept our cookies.'), 20);
    });

    await expect(run(url)).rejects.toMatchObject({ code: 'bad-request', message: expect.stringContaining('tiny.gguf is a web page') });
  });

  test('refuses what is too large before a byte of it came', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 3 * 1024 ** 3 });
      response.flushHeaders();
    });

    await expect(run(url)).rejects.toMatchObject({ code: 'too-large', message: expect.stringContaining('3.0 GB') });
  });

  test.each([
    [401, 'unauthorized', /add it as a file/],
    [404, 'bad-request', /no file at this address/],
    [500, 'backend-error', /answered 500/],
  ])('a %i is the error it means', async (status, code, message) => {
    const { url } = await serve((_, response) => response.writeHead(status).end());

    await expect(run(url)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('a server that is not there, and one that says nothing', async () => {
    const { url } = await serve(() => undefined);
    const gone = await serve(() => undefined);
    undo.pop()?.();

    await expect(run(url)).rejects.toMatchObject({ code: 'timeout' });
    await expect(run(gone.url)).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('does not follow a redirect off https and this device', async () => {
    const answered = new Response(file);
    Object.defineProperty(answered, 'url', { value: 'http://192.168.1.1/tiny.gguf' });

    await expect(
      download(new URL('https://example.com/tiny.gguf'), async () => undefined, {
        signal: new AbortController().signal,
        fetch: async () => answered,
      }),
    ).rejects.toMatchObject({ code: 'bad-request' });
  });

  test('stops when it is told to', async () => {
    const { url, requests } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': file.length });
      response.write(file.subarray(0, 30_000));
    });
    const stop = new AbortController();
    const running = run(url, { signal: stop.signal, onProgress: () => stop.abort() });

    await expect(running).rejects.toThrow();
    await expect.poll(() => requests[0]?.socket.destroyed).toBe(true);
  });
});
