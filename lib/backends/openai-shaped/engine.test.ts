import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Part } from '../../protocol/part.ts';
import { createHttp } from '../http.ts';
import { openShape } from './engine.ts';
import { commonSamplers } from './samplers.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const signal = new AbortController().signal;
const chat = { model: 'm', messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] }] };
const event = (content: string) => `data: {"choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":null}]}\n\n`;
const last = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';

describe('an answer over HTTP', () => {
  it('comes as one array of parts for each network read', async () => {
    let next: () => void = () => undefined;
    const engine = await serve(async (response) => {
      response.write(event('a') + event('b'));
      await new Promise<void>((resolve) => {
        next = resolve;
      });
      response.end(`${event('c')}${last}data: [DONE]\n\n`);
    });
    const reads: Part[][] = [];
    for await (const parts of engine.chat(chat, signal)) {
      reads.push(parts);
      next();
    }
    expect(reads.map((parts) => parts.map(({ type }) => type))).toEqual([
      ['text', 'text'],
      ['text', 'end'],
    ]);
  });

  it('is told before the error that comes with it in one read', async () => {
    const engine = await serve((response) => void response.end(`${event('a')}data: {"error":{"message":"boom"}}\n\n`));
    const parts: Part[] = [];
    await expect(gather(engine.chat(chat, signal), parts)).rejects.toMatchObject({ code: 'backend-error' });
    expect(parts).toEqual([{ type: 'text', text: 'a' }]);
  });

  it('ends at [DONE] though the server keeps the connection open', async () => {
    let closed = false;
    const engine = await serve((response) => {
      response.on('close', () => {
        closed = true;
      });
      response.write(`${event('a')}${last}data: [DONE]\n\n`);
    });
    const parts: Part[] = [];
    await gather(engine.chat(chat, signal), parts);
    expect(parts.at(-1)).toMatchObject({ type: 'end' });
    await expect.poll(() => closed, { timeout: 4000 }).toBe(true);
  });

  it('is complete once a reason to end came, though the connection is reset then', async () => {
    const engine = await serve((response) => {
      response.write(event('a') + last);
      setTimeout(() => response.socket?.destroy(), 20);
    });
    const parts: Part[] = [];
    await gather(engine.chat(chat, signal), parts);
    expect(parts.at(-1)).toMatchObject({ type: 'end', reason: 'stop' });
  });

  it('leaves the connection for the next call', async () => {
    const engine = await serve((response) => void response.end(`${event('a')}${last}data: [DONE]\n\n`));
    let connections = 0;
    server?.on('connection', () => connections++);
    for (let round = 0; round < 3; round++) {
      await gather(engine.chat(chat, signal), []);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(connections).toBe(1);
  });

  it('is not asked for before somebody reads', async () => {
    let asked = 0;
    const engine = await serve((response) => {
      asked++;
      response.end(`${event('a')}${last}`);
    });
    const stream = engine.chat(chat, signal);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked).toBe(0);
    await gather(stream, []);
    expect(asked).toBe(1);
    const refused = engine.text({ model: 'm', prompt: 'a', suffix: 'b' }, signal);
    await expect(gather(refused, [])).rejects.toMatchObject({ code: 'not-supported' });
    expect(asked).toBe(1);
  });

  it('closes the connection when a reader leaves while it waits', async () => {
    let closed = false;
    const engine = await serve((response) => {
      response.on('close', () => {
        closed = true;
      });
      response.write(event('a'));
    });
    const stream = engine.chat(chat, signal)[Symbol.asyncIterator]();
    await stream.next();
    const waiting = stream.next();
    await stream.return?.();
    await expect.poll(() => closed, { timeout: 4000 }).toBe(true);
    expect(await waiting).toEqual({ done: true, value: undefined });
  });
});

describe('vectors', () => {
  const embed = async (answer: object, input = ['one', 'two']) =>
    (await serve((response) => void response.end(JSON.stringify(answer)))).embed({ model: 'm', input }, signal);

  it('come in the order of the texts, as numbers or as base64', async () => {
    const base64 = btoa(String.fromCharCode(...new Uint8Array(new Float32Array([0.5, -2]).buffer)));
    const data = [
      { index: 1, embedding: base64 },
      { index: 0, embedding: [1, 2] },
    ];
    expect(await embed({ data, model: 'x', usage: { prompt_tokens: 4, total_tokens: 4 } })).toEqual({
      vectors: [
        [1, 2],
        [0.5, -2],
      ],
      model: 'x',
      inputTokens: 4,
    });
    expect((await embed({ data: [{ embedding: [[3]] }] }, ['one'])).vectors).toEqual([[3]]);
  });

  it.each<[string, object, string]>([
    ['too few', { data: [{ index: 0, embedding: [1] }] }, 'bad-response'],
    ['no numbers', { data: [{ embedding: ['a'] }, { embedding: [1] }] }, 'bad-response'],
    ['nothing', {}, 'bad-response'],
    ['an error at 200', { error: 'This model does not support embeddings' }, 'not-supported'],
  ])('that are %s are told', async (_what, answer, code) => {
    await expect(embed(answer)).rejects.toMatchObject({ code });
  });
});

describe('a list of models', () => {
  const models = async (body: string) => (await serve((response) => void response.end(body))).models(signal);

  it('may have three shapes, doubles and nonsense in it', async () => {
    const entries = [{ id: 'a' }, { id: 'a' }, null, 7, { id: '' }, { id: 'x'.repeat(1000) }, { id: 'toString' }, { name: 'b' }];
    for (const answer of [{ data: entries }, { models: entries }, entries]) {
      expect((await models(JSON.stringify(answer))).map(({ id }) => id)).toEqual(['a', 'toString', 'b']);
    }
  });

  it('ends somewhere', async () => {
    const many = Array.from({ length: 6000 }, (_, i) => ({ id: `m${i}` }));
    expect(await models(JSON.stringify(many))).toHaveLength(5000);
  });

  it.each([
    ['[1', 'bad-response'],
    ['7', 'bad-response'],
    ['{}', 'bad-response'],
    ['{"error":"Unexpected endpoint or method. (GET /v1/models)"}', 'bad-response'],
    ['{"error":{"message":"Invalid API key"}}', 'unauthorized'],
  ])('that is %s is told', async (body, code) => {
    await expect(models(body)).rejects.toMatchObject({ code });
  });
});

async function gather(stream: AsyncIterable<Part[]>, into: Part[]): Promise<void> {
  for await (const parts of stream) into.push(...parts);
}

async function serve(answer: (response: ServerResponse) => void) {
  server = createServer((request, response) => {
    request.resume();
    answer(response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const http = createHttp({ allowedOrigins: [origin], secrets: () => [], place: 'device' });
  return openShape(
    { http, secret: () => undefined },
    { root: `${origin}/v1`, quirks: { service: { label: 'it' }, samplers: commonSamplers } },
  );
}
