import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FaultServer, startFaultServer } from './fault-server.ts';
import { type Fault, faultTokens } from './faults.ts';
import { until } from './kit/wait.ts';

let server: FaultServer;
beforeAll(async () => {
  server = await startFaultServer();
});
afterAll(() => server.close());

function ask(fault: Fault, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url(fault)}/v1/chat/completions`, { method: 'POST', body: '{}', ...init });
}

it('breaks before the headers', async () => {
  for (const fault of ['reset-before-headers', 'reset-in-headers', 'close-before-headers', 'bad-status-line'] as const) {
    await expect(ask(fault), fault).rejects.toThrow();
  }
});

it('breaks inside the body after part of the answer', async () => {
  for (const fault of [
    'reset-mid-body',
    'close-mid-chunk',
    'close-without-last-chunk',
    'short-content-length',
    'bad-chunk-size',
  ] as const) {
    const response = await ask(fault);
    let seen = '';
    const reading = (async () => {
      for await (const piece of response.body ?? []) seen += Buffer.from(piece).toString('utf8');
    })();
    await expect(reading, fault).rejects.toThrow();
    expect(seen, fault).toContain(faultTokens.at(-1));
  }
});

it('sends whole answers in odd ways', async () => {
  for (const fault of ['one-byte-packets', 'http-1.0', 'drip'] as const) expect(await (await ask(fault)).text(), fault).toContain('[DONE]');
});

it('notices a client that gives up on silence', async () => {
  const before = server.closedByClientAt.length;
  const controller = new AbortController();
  const response = await ask('silence-after-text', { signal: controller.signal });
  await response.body?.getReader().read();
  controller.abort();
  await until(() => server.closedByClientAt.length > before, 'the client to close');
});

it('records who follows a redirect to the second server', async () => {
  expect(server.lured).toHaveLength(0);
  await (await ask('redirect-307', { headers: { 'x-api-key': 'made-up' } })).text();
  expect(server.lured).toMatchObject([{ method: 'POST', headers: { 'x-api-key': 'made-up' } }]);
});

it('sends a model list of more than 50 MB', { timeout: 60_000 }, async () => {
  const response = await fetch(`${server.url('huge-model-list')}/v1/models`);
  let size = 0;
  for await (const piece of response.body ?? []) size += piece.length;
  expect(size).toBeGreaterThan(50 * 1024 * 1024);
});

it('keeps the socket open after a finished answer for a while', async () => {
  const began = Date.now();
  const socket = connect(server.port, '127.0.0.1');
  socket.write('GET /slow-close/v1/models HTTP/1.1\r\nhost: x\r\n\r\n');
  let text = '';
  for await (const piece of socket) text += String(piece);
  expect(text).toContain('[DONE]');
  expect(Date.now() - began).toBeGreaterThan(1000);
});
