import { afterEach, describe, expect, it } from 'vitest';
import { startGateway } from '../emulators/gateway.ts';
import { stockTokens } from '../openai-shape/plan-reply.ts';
import { chunkings } from './scenario.ts';
import type { Emulator } from './start-emulator.ts';
import { until } from './wait.ts';

let emulator: Emulator;
afterEach(() => emulator.close());

function ask(model = 'team-model', init: RequestInit = {}): Promise<Response> {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }], stream: true });
  return fetch(`${emulator.url}/v1/chat/completions`, {
    method: 'POST',
    body,
    ...init,
    headers: { 'content-type': 'application/json', ...init.headers },
  });
}

/** The text of a stream, read the plainest way. */
function textOf(stream: string): string {
  const lines = stream.split('\n').filter((line) => line.startsWith('data: {'));
  return lines.map((line) => JSON.parse(line.slice(6)).choices[0]?.delta.content ?? '').join('');
}

describe('an emulator', () => {
  it('records method, path, headers and body', async () => {
    emulator = await startGateway();
    await (await ask('team-model', { headers: { 'x-extra': '1' } })).text();
    expect(emulator.requests).toMatchObject([
      {
        method: 'POST',
        path: '/v1/chat/completions',
        headers: { 'x-extra': '1' },
        body: { model: 'team-model', stream: true },
        outcome: 'answered',
      },
    ]);
  });

  for (const chunking of chunkings) {
    it(`sends the same answer with chunking ${chunking}`, async () => {
      emulator = await startGateway({ scenario: { chunking } });
      const response = await ask();
      const pieces: Uint8Array[] = [];
      for await (const piece of response.body ?? []) pieces.push(piece);
      expect(textOf(Buffer.concat(pieces).toString('utf8'))).toBe(stockTokens.join(''));
      if (chunking === 'byte') expect(pieces.length).toBeGreaterThan(1000);
      if (chunking === 'whole') expect(pieces.length).toBeLessThan(5);
    });
  }

  it('counts a client that leaves before the end, and when', async () => {
    emulator = await startGateway({ scenario: { failAt: 1, failMode: 'silence' } });
    const controller = new AbortController();
    const response = await ask('team-model', { signal: controller.signal });
    await response.body?.getReader().read();
    expect(emulator.aborted).toBe(0);
    controller.abort();
    await until(() => emulator.aborted === 1, 'the abort');
    expect(emulator.requests[0]?.outcome).toBe('aborted');
    expect(Math.abs((emulator.abortedAt[0] ?? 0) - Date.now())).toBeLessThan(1000);
  });

  it('counts one that leaves before the headers', async () => {
    emulator = await startGateway({ scenario: { raw: 'silence' } });
    const controller = new AbortController();
    const asking = ask('team-model', { signal: controller.signal });
    await until(() => emulator.activeRequests === 1, 'the request');
    controller.abort();
    await expect(asking).rejects.toThrow();
    await until(() => emulator.aborted === 1, 'the abort');
  });

  it('does not count its own faults as the client leaving', async () => {
    emulator = await startGateway({ scenario: { failAt: 1, failMode: 'reset' } });
    const response = await ask();
    await expect(response.text()).rejects.toThrow();
    await until(() => emulator.requests[0]?.outcome === 'broken', 'the reset');
    expect(emulator.aborted).toBe(0);
  });

  it('reports a cookie that comes back', async () => {
    emulator = await startGateway();
    const first = await ask();
    await first.text();
    await (await ask('team-model', { headers: { cookie: first.headers.get('set-cookie') ?? '' } })).text();
    expect(emulator.faults).toEqual(['Cookie sent back on POST /v1/chat/completions']);
  });

  it('takes a scenario from the model name, for that request alone', async () => {
    emulator = await startGateway();
    expect((await ask('team-model?failure=rate-limited&retryAfter=7')).headers.get('retry-after')).toBe('7');
    expect(textOf(await (await ask('team-model?count=3')).text())).toBe('w0 w1 w2 ');
    expect(textOf(await (await ask()).text())).toBe(stockTokens.join(''));
  });

  it('takes scenarios for the coming answers, and leaves lists alone', async () => {
    emulator = await startGateway();
    emulator.next({ failure: 'server' }, { raw: 'html-200' });
    expect((await fetch(`${emulator.url}/v1/models`)).status).toBe(200);
    expect((await ask()).status).toBe(500);
    expect((await ask()).headers.get('content-type')).toContain('text/html');
    expect((await ask()).status).toBe(200);
  });

  it('is steered from outside by its control route', async () => {
    emulator = await startGateway();
    await fetch(`${emulator.url}/__emulator/scenario`, { method: 'POST', body: JSON.stringify({ tokens: ['steered'] }) });
    expect(textOf(await (await ask()).text())).toBe('steered');
    const state = (await (await fetch(`${emulator.url}/__emulator`)).json()) as { requests: unknown[] };
    expect(state.requests).toHaveLength(1);
    await fetch(`${emulator.url}/__emulator/reset`, { method: 'POST' });
    expect(emulator.requests).toHaveLength(0);
  });

  it('calls the tool it is offered, with arguments that fit, and speaks once it has the result', async () => {
    emulator = await startGateway();
    const tools = [
      {
        type: 'function',
        function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
      },
    ];
    const post = async (messages: unknown[]) => {
      const body = JSON.stringify({ model: 'team-model', messages, tools });
      return (await (await fetch(`${emulator.url}/v1/chat/completions`, { method: 'POST', body })).json()).choices[0];
    };
    const asked = await post([{ role: 'user', content: 'Weather?' }]);
    expect(asked).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: [{ function: { name: 'weather', arguments: '{"city":"text"}' } }] },
    });
    expect((await post([{ role: 'tool', tool_call_id: 'call_1', content: 'Rain' }])).message.content).toBe(stockTokens.join(''));
  });
});
