import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { SwitchboardError } from '../protocol/errors.ts';
import type { Place } from '../protocol/model.ts';
import type { HttpInit, HttpResponse } from './backend.ts';
import { type Clocks, createHttp } from './http.ts';

const servers: Server[] = [];
const key = ['sk', 'test', 'a1b2c3d4e5f6g7h8'].join('-');
const service = { label: 'Ollama', startHint: 'Start it with `ollama serve`.', originHint: 'Set OLLAMA_ORIGINS.' };

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('the way out', () => {
  it('sends JSON with its type, and headers as they are', async () => {
    let seen: { headers: IncomingMessage['headers']; body: string; method?: string | undefined } | undefined;
    const url = await serve(async (request, response) => {
      seen = { headers: request.headers, body: await bodyOf(request), method: request.method };
      response.end('{"ok":true}');
    });
    const response = await ask(url, { json: { a: 'grüße' }, headers: { authorization: ` Bearer ${key}\n` } });
    expect(await response.json()).toEqual({ ok: true });
    expect(seen).toMatchObject({
      method: 'POST',
      body: '{"a":"grüße"}',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    });
  });

  it('asks fetch for nothing that could leak', async () => {
    const calls: RequestInit[] = [];
    const fetch = async (_url: string | URL | Request, init: RequestInit = {}) => {
      calls.push(init);
      return new Response('{}');
    };
    await createHttp({ allowedOrigins: ['http://127.0.0.1:1'], secrets: () => [], place: 'device', fetch }).request('http://127.0.0.1:1/', {
      signal: new AbortController().signal,
    });
    expect(calls[0]).toMatchObject({
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      mode: 'cors',
    });
  });

  it.each([
    'http://127.0.0.1:2/',
    'https://127.0.0.1:1/',
    'http://localhost:1/',
    'file:///etc/passwd',
    'data:,x',
    'http://u:p@127.0.0.1:1/',
    'nonsense',
  ])('refuses %s before anything is sent', async (url) => {
    const fetch = () => {
      throw new Error('something was sent');
    };
    const http = createHttp({ allowedOrigins: ['http://127.0.0.1:1'], secrets: () => [], place: 'device', fetch });
    await expect(http.request(url, { signal: new AbortController().signal })).rejects.toMatchObject({ code: 'internal' });
  });

  it('refuses the metadata service of a cloud machine, whatever the settings say', async () => {
    const http = createHttp({ allowedOrigins: ['http://169.254.169.254'], secrets: () => [], place: 'network' });
    await expect(http.request('http://169.254.169.254/latest', { signal: new AbortController().signal })).rejects.toMatchObject({
      code: 'internal',
    });
  });

  it('follows no redirect', async () => {
    let lured = 0;
    const second = await serve((_request, response) => {
      lured++;
      response.end('{}');
    });
    const url = await serve((_request, response) => void response.writeHead(307, { location: second }).end());
    await expect(ask(url, { json: {} })).rejects.toMatchObject({ code: 'unreachable' });
    expect(lured).toBe(0);
  });

  it('tells a refused connection in words, with the next step', async () => {
    const url = await serve(() => undefined);
    servers.pop()?.close();
    const error = await failed(ask(url, { service }));
    expect(error).toMatchObject({
      code: 'unreachable',
      message: `${new URL(url).host} refused the connection. Is Ollama running? Start it with \`ollama serve\`.`,
    });
  });

  it('says what to look at where the server is not on this device', async () => {
    const fetch = async () => {
      throw new TypeError('Failed to fetch');
    };
    const at = (place: Place) =>
      failed(
        createHttp({ allowedOrigins: ['https://nas:1'], secrets: () => [], place, fetch }).request('https://nas:1/', {
          signal: new AbortController().signal,
        }),
      );
    expect((await at('network')).message).toMatch(/nas:1 could not be reached.*listen on the network.*certificate/);
    expect((await at('company')).message).toMatch(/nas:1 could not be reached.*internet/);
  });

  describe('a key', () => {
    it.each(['two\nlines', 'nul\0', 'emoji🦄', 'ctrl\u0001'])('that cannot be a header is told as such: %j', async (bad) => {
      const error = await failed(ask('http://127.0.0.1:1/', { headers: { authorization: `Bearer ${bad}` } }));
      expect(error).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('Paste it again') });
      expect(error.message).not.toContain(bad);
    });

    it('that is absurdly long is told as such', async () => {
      await expect(ask('http://127.0.0.1:1/', { headers: { 'x-api-key': 'x'.repeat(300_000) } })).rejects.toMatchObject({
        code: 'unauthorized',
      });
    });

    it('does not go over the internet unencrypted', async () => {
      const http = createHttp({ allowedOrigins: ['http://gateway.example'], secrets: () => [key], place: 'company' });
      const signal = new AbortController().signal;
      await expect(http.request('http://gateway.example/', { headers: { 'x-team-key': key }, signal })).rejects.toMatchObject({
        code: 'unauthorized',
        message: expect.stringContaining('https://'),
      });
    });

    it('never comes back in an error', async () => {
      const url = await serve(
        (_request, response) =>
          void response.writeHead(401).end(`{"error":{"message":"Incorrect API key provided: ${key}. See ${encodeURIComponent(key)}"}}`),
      );
      const error = await failed(ask(url, { headers: { authorization: `Bearer ${key}` } }));
      expect(error.code).toBe('unauthorized');
      expect(error.message + JSON.stringify(error) + error.stack).not.toContain(key);
    });
  });

  it('tells a header that cannot be sent apart from a key', async () => {
    await expect(ask('http://127.0.0.1:1/', { headers: { 'x-team': 'a\nb' } })).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('x-team'),
    });
  });

  it('takes a web page at 200 for what it is', async () => {
    const url = await serve(
      (_request, response) => void response.setHeader('content-type', 'text/html; charset=utf-8').end('<h1>Hotel</h1>'),
    );
    const error = await failed(ask(url));
    expect(error).toMatchObject({ code: 'bad-response', message: expect.stringContaining('web page') });
    expect(error.message).not.toContain('Hotel');
  });

  it('hands back a status that was asked for', async () => {
    const url = await serve((_request, response) => void response.writeHead(404).end('nothing'));
    const response = await ask(url, { accept: [404] });
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('nothing');
  });

  it('takes an answer without a body', async () => {
    const url = await serve((_request, response) => void response.writeHead(204).end());
    expect((await ask(url)).status).toBe(204);
  });
});

describe('the clocks', () => {
  it('end a wait for headers', async () => {
    const url = await serve(() => undefined);
    await expect(ask(url, {}, { headers: 60 })).rejects.toMatchObject({ code: 'timeout' });
    await expect(ask(url, { headersTimeout: 60 })).rejects.toMatchObject({ code: 'timeout' });
  });

  it('end a wait for the first byte, and a silence after it', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200);
      response.flushHeaders();
      if (request.url === '/begun') response.write('data');
    });
    const first = await ask(url, {}, { firstByte: 60 });
    await expect(first.text()).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('sent nothing') });
    const second = await ask(`${url}begun`, {}, { silence: 60 });
    await expect(second.text()).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('silent') });
  });

  it('are reset by every byte, and closing them closes the connection', async () => {
    let closed = 0;
    const url = await serve((_request, response) => {
      const timer = setInterval(() => response.write(': ping\n'), 30);
      response.on('close', () => {
        clearInterval(timer);
        closed++;
      });
    });
    const response = await ask(url, {}, { silence: 1000, firstByte: 5000 });
    const reader = response.body?.getReader();
    const until = performance.now() + 1500;
    while (performance.now() < until) await reader?.read();
    await reader?.cancel();
    await expect.poll(() => closed, { timeout: 4000 }).toBe(1);
  });

  it('do not run while nobody reads', async () => {
    const url = await serve((_request, response) => {
      response.write('a');
      setTimeout(() => response.end('b'), 10);
    });
    const response = await ask(url, {}, { silence: 200, firstByte: 5000 });
    const reader = response.body?.getReader();
    await reader?.read();
    await new Promise((resolve) => setTimeout(resolve, 500));
    await expect(reader?.read()).resolves.toMatchObject({ done: false });
  });
});

describe('a call that is stopped', () => {
  it('is told as such before, during and after the headers, and closes the connection', async () => {
    let closed = 0;
    const url = await serve((request, response) => {
      response.on('close', () => closed++);
      if (request.url !== '/headers') return;
      response.writeHead(200);
      response.write('x');
    });
    const stopped = AbortSignal.abort();
    await expect(ask(url, { signal: stopped })).rejects.toMatchObject({ code: 'aborted' });

    const during = new AbortController();
    const waiting = ask(url, { signal: during.signal });
    setTimeout(() => during.abort(), 30);
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });

    const after = new AbortController();
    const response = await ask(`${url}headers`, { signal: after.signal });
    const reading = response.text();
    setTimeout(() => after.abort(), 30);
    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
    await expect.poll(() => closed, { timeout: 4000 }).toBe(2);
  });

  it('stops waiting for a retry', async () => {
    const url = await serve((_request, response) => void response.writeHead(429, { 'retry-after': '5' }).end('{}'));
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    await expect(ask(url, { signal: controller.signal })).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('a body', () => {
  it('that breaks off is told as interrupted', async () => {
    const url = await serve((_request, response) => {
      response.write('half');
      setTimeout(() => response.socket?.destroy(), 20);
    });
    await expect((await ask(url)).text()).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('that unfolds without end is cut at 64 MB', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024));
    const url = await serve((_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    await expect((await ask(url)).text()).rejects.toMatchObject({ code: 'bad-response', message: expect.stringContaining('64 MB') });
  });
});

describe('trying again', () => {
  it.each([429, 502, 503, 504, 529, 408, 425])('happens after a %i that passes', async (status) => {
    let asked = 0;
    const url = await serve(
      (_request, response) => void (++asked < 3 ? response.writeHead(status, { 'retry-after': '0' }).end() : response.end('{}')),
    );
    expect((await ask(url, { json: {} })).ok).toBe(true);
    expect(asked).toBe(3);
  });

  it.each([400, 401, 403, 404, 500, 501])('does not happen after a %i', async (status) => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked++;
      response.writeHead(status, { 'retry-after': '0' }).end();
    });
    await failed(ask(url, { json: {} }));
    expect(asked).toBe(1);
  });

  it.each([
    ['an empty account', 429, '{"error":{"code":"insufficient_quota","message":"You exceeded your current quota"}}', 'payment-required'],
    ['a model that is loading', 503, '{"error":{"message":"Loading model","type":"unavailable_error","code":503}}', 'loading'],
    ['a missing model', 503, '{"detail":"No models are currently loaded."}', 'model-not-found'],
  ])('does not happen for %s', async (_what, status, body, code) => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked++;
      response.writeHead(status).end(body);
    });
    await expect(ask(url)).rejects.toMatchObject({ code, status });
    expect(asked).toBe(1);
  });

  it('tells a wait that is longer than somebody would sit through', async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked++;
      response.writeHead(429, { 'retry-after': '42' }).end('{}');
    });
    await expect(ask(url)).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterSeconds: 42,
      message: expect.stringContaining('42 seconds'),
    });
    expect(asked).toBe(1);
  });

  it('ends after two more attempts', async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked++;
      response.writeHead(503, { 'retry-after-ms': '1' }).end();
    });
    await expect(ask(url)).rejects.toMatchObject({ code: 'overloaded' });
    expect(asked).toBe(3);
  });
});

function ask(url: string, init: Partial<HttpInit> = {}, clocks: Partial<Clocks> = {}): Promise<HttpResponse> {
  const http = createHttp({ allowedOrigins: [new URL(url).origin], secrets: () => [key], place: 'device', clocks });
  return http.request(url, { signal: new AbortController().signal, ...init });
}

async function failed(promise: Promise<unknown>): Promise<SwitchboardError> {
  return promise.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: SwitchboardError) => error,
  );
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
