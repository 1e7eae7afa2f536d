import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { AccessState } from '../protocol/access.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import type { PageModel } from '../protocol/model.ts';
import type { ChatCompletionChunk } from '../protocol/openai.ts';
import { refusal } from '../protocol/page-errors.ts';
import type { Part } from '../protocol/part.ts';
import type { ProviderAnnouncement, SwitchboardProvider } from '../protocol/provider.ts';
import type { Scope } from '../relay/relay.ts';
import { startRelay } from '../relay/relay.ts';
import type { Router } from '../router/router.ts';
import { createLimits } from '../serve/limits.ts';
import { serve } from '../serve/serve.ts';
import { createSiteMethods } from '../serve/site-methods.ts';
import { createPortPair } from '../testing/port-pair.ts';
import { announce } from './announce.ts';
import { createCalls } from './calls.ts';
import { openChannel } from './channel.ts';
import { toPageError } from './errors.ts';
import { createInfo } from './info.ts';
import { createProvider } from './provider.ts';

const hello = [{ role: 'user' as const, content: 'Hi' }];
const usage = { inputTokens: 3, outputTokens: 2, cachedInputTokens: 1, reasoningTokens: 1 };
const end = { type: 'end', reason: 'stop', usage, model: 'tiny' } as const;
const model: PageModel = { id: 'local/tiny', name: 'Tiny', place: 'device', isDefault: true, contextWindow: 4096 };

describe('chat.completions.create', () => {
  it('resolves with a completion as OpenAI shapes it', async () => {
    const { ai } = page({ chat: says([text('Hel'), text('lo')], [{ type: 'thought', text: 'hm' }], [end]) });
    expect(await ai.chat.completions.create({ messages: hello })).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'tiny',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello', refusal: null, reasoning_content: 'hm' },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 3,
        completion_tokens: 2,
        total_tokens: 5,
        prompt_tokens_details: { cached_tokens: 1 },
        completion_tokens_details: { reasoning_tokens: 1 },
      },
    });
  });

  it('streams chunks, awaited or not', async () => {
    const { ai } = page({ chat: says([text('Hel'), text('lo')], [end]) });
    const awaited = await all(await ai.chat.completions.create({ messages: hello, stream: true }));
    const direct = await all(ai.chat.completions.create({ messages: hello, stream: true }));
    expect(awaited.map((chunk) => chunk.choices[0]?.delta)).toEqual([
      { role: 'assistant', content: '' },
      { content: 'Hel' },
      { content: 'lo' },
      {},
    ]);
    expect(awaited.map((chunk) => chunk.choices[0]?.finish_reason)).toEqual([null, null, null, 'stop']);
    expect(new Set(awaited.map(({ id, object, created }) => `${id} ${object} ${created}`)).size).toBe(1);
    expect(direct.map((chunk) => chunk.choices[0]?.delta)).toEqual(awaited.map((chunk) => chunk.choices[0]?.delta));
  });

  it('gives the usage in a last chunk of its own, only where it was asked for', async () => {
    const { ai } = page({ chat: says([text('a'), end]) });
    const chunks = await all(await ai.chat.completions.create({ messages: hello, stream: true, stream_options: { include_usage: true } }));
    expect(chunks.map((chunk) => chunk.usage?.total_tokens ?? null)).toEqual([null, null, null, 5]);
    expect(chunks.at(-1)?.choices).toEqual([]);
    expect((await all(await ai.chat.completions.create({ messages: hello, stream: true }))).every((chunk) => !('usage' in chunk))).toBe(
      true,
    );
  });

  it('carries tool calls, refusals, reasoning and logprobs in both ways of asking', async () => {
    const { ai } = page({
      chat: says(
        [{ type: 'thought', text: 'hm', signature: 'sig' }],
        [{ type: 'text', text: 'No', refusal: true }],
        [{ type: 'text', text: 'A', logprobs: [{ token: 'A', logprob: -0.5, top: [{ token: 'B', logprob: -2 }] }] }],
        [
          { type: 'tool-call', index: 0, id: 'c1', name: 'f', arguments: '{"a"', opaque: { google: 'x' } },
          { type: 'tool-call', index: 0, arguments: ':1}' },
        ],
        [{ type: 'queued', position: 2 }],
        [{ type: 'end', reason: 'tool-calls' }],
      ),
    });
    const whole = await ai.chat.completions.create({ messages: hello });
    expect(whole.choices[0]).toEqual({
      index: 0,
      finish_reason: 'tool_calls',
      logprobs: {
        content: [{ token: 'A', logprob: -0.5, bytes: null, top_logprobs: [{ token: 'B', logprob: -2, bytes: null }] }],
        refusal: null,
      },
      message: {
        role: 'assistant',
        content: 'A',
        refusal: 'No',
        reasoning_content: 'hm',
        reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 'sig' }],
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' }, extra_content: { google: 'x' } }],
      },
    });
    const chunks = await all(await ai.chat.completions.create({ messages: hello, stream: true }));
    expect(chunks.slice(1).map((chunk) => chunk.choices[0]?.delta)).toEqual([
      { reasoning_content: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 'sig' }] },
      { refusal: 'No' },
      { content: 'A' },
      {
        tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a"' }, extra_content: { google: 'x' } }],
      },
      { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] },
      {},
    ]);
  });

  it('stops the model when the page leaves the loop, or aborts with a reason of its own', async () => {
    const stopped: string[] = [];
    const { ai } = page({
      async *chat(_, __, signal) {
        signal.addEventListener('abort', () => stopped.push('stopped'));
        for (;;) {
          yield [text('a')];
          await new Promise((resolve) => setTimeout(resolve, 1));
          if (signal.aborted) throw new SwitchboardError('aborted', 'stopped');
        }
      },
    });
    for await (const chunk of await ai.chat.completions.create({ messages: hello, stream: true }))
      if (chunk.choices[0]?.delta.content) break;
    await until(() => stopped.length === 1);

    const controller = new AbortController();
    const stream = await ai.chat.completions.create({ messages: hello, stream: true }, { signal: controller.signal });
    await stream.next();
    const reason = new Error('changed my mind');
    controller.abort(reason);
    await expect(all(stream)).rejects.toBe(reason);
    await until(() => stopped.length === 2);
    await expect(ai.chat.completions.create({ messages: hello }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('rejects before the first chunk, never at once, with an error of the platform and a stable code', async () => {
    const { ai } = page({
      // biome-ignore lint/correctness/useYield: it fails before it has anything to yield
      async *chat() {
        throw refusal('needs-user');
      },
    });
    const failed = ai.chat.completions.create({ messages: hello, stream: true });
    await expect(failed).rejects.toMatchObject({
      name: 'NotAllowedError',
      code: 'needs-user',
      status: 401,
      message: expect.stringContaining('click'),
    });
    await expect(failed).rejects.toBeInstanceOf(DOMException);
    await expect(all(failed)).rejects.toMatchObject({ code: 'needs-user' });
    const odd: unknown[] = [undefined, null, 5, 'text', () => {}, new Map(), { messages: hello, on: () => {} }, { messages: [1n] }];
    for (const body of odd) {
      await expect(ai.chat.completions.create(body as never)).rejects.toMatchObject({ name: 'SwitchboardError', code: 'bad-request' });
    }
    await expect(ai.chat.completions.create({ messages: hello }, { signal: {} as AbortSignal })).rejects.toMatchObject({
      code: 'bad-request',
    });
  });

  it('names none of our files in the stack of an error', async () => {
    const { ai } = page({ chat: fails(new SwitchboardError('rate-limited', 'Slow down.', { retryAfterSeconds: 3 })) });
    const error = await ai.chat.completions.create({ messages: hello }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'rate-limited', status: 429, retryAfter: 3, stack: 'SwitchboardError: Slow down.' });
    expect(String(error)).toBe('SwitchboardError: Slow down.');
  });

  it('hands out 10,000 tokens in order to a reader that pulls several at once', async () => {
    const tokens = Array.from({ length: 10_000 }, (_, index) => ` t${index}`);
    const { ai } = page({
      async *chat() {
        for (let index = 0; index < tokens.length; index += 250) yield tokens.slice(index, index + 250).map(text);
        yield [end];
      },
    });
    const stream = await ai.chat.completions.create({ messages: hello, stream: true });
    let got = '';
    for (;;) {
      const pulled = await Promise.all([stream.next(), stream.next(), stream.next()]);
      for (const { value } of pulled) got += value?.choices[0]?.delta.content ?? '';
      if (pulled.some(({ done }) => done)) break;
    }
    expect(got).toBe(tokens.join(''));
  });
});

describe('fetch', () => {
  it.each(['https://switchboard.invalid/v1', 'https://api.openai.com/v1', 'http://127.0.0.1:8080', 'https://gateway.example/some/prefix'])(
    'answers the routes below %s',
    async (base) => {
      const { ai } = page({ chat: says([text('Hi'), end]), models: async () => [model] });
      const answer = await ai.fetch(`${base}/chat/completions`, post({ messages: hello }));
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
      expect((await answer.json()).choices[0].message.content).toBe('Hi');
      expect(await (await ai.fetch(new URL(`${base}/models`))).json()).toEqual({
        object: 'list',
        data: [{ id: 'local/tiny', object: 'model', created: 0, owned_by: 'switchboard', name: 'Tiny', context_window: 4096 }],
      });
      expect((await (await ai.fetch(`${base}/models/local%2Ftiny`)).json()).id).toBe('local/tiny');
      expect((await (await ai.fetch(`${base}/models/local/tiny`)).json()).id).toBe('local/tiny');
      expect((await ai.fetch(`${base}/models/other`)).status).toBe(404);
    },
  );

  it('streams exactly as OpenAI does: role, deltas, finish, usage, done', async () => {
    const { ai } = page({ chat: says([{ type: 'queued', position: 2, etaSeconds: 5 }], [text('a "b" \n\u2028'), text('c')], [end]) });
    const answer = await ai.fetch(
      'https://x.example/v1/chat/completions',
      post({ messages: hello, model: 'default', stream: true, stream_options: { include_usage: true } }),
    );
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const body = await answer.text();
    const events = body.split('\n\n').filter(Boolean);
    const chunk = (choices: unknown[], usage: unknown, model = 'default') => ({
      id: expect.any(String),
      object: 'chat.completion.chunk',
      created: expect.any(Number),
      model,
      choices,
      usage,
    });
    const choice = (delta: object, finish_reason: string | null = null) => ({ index: 0, delta, logprobs: null, finish_reason });
    expect(events.filter((event) => event.startsWith('data: {')).map((event) => JSON.parse(event.slice(6)))).toEqual([
      chunk([choice({ role: 'assistant', content: '' })], null),
      chunk([choice({ content: 'a "b" \n\u2028' })], null),
      chunk([choice({ content: 'c' })], null),
      chunk([choice({}, 'stop')], null, 'tiny'),
      chunk([], expect.objectContaining({ total_tokens: 5 }), 'tiny'),
    ]);
    expect(events.at(-1)).toBe('data: [DONE]');
    expect(events).toContain(': queued {"position":2,"etaSeconds":5}');
  });

  it('answers completions, whole and streamed', async () => {
    const { ai } = page({
      text: says(
        [text('Once '), text('upon')],
        [{ type: 'text', text: '.', logprobs: [{ token: '.', logprob: -1, top: [{ token: '!', logprob: -2 }] }] }],
        [end],
      ),
    });
    const whole = await (await ai.fetch('https://x.example/v1/completions', post({ prompt: 'Tell' }))).json();
    expect(whole).toMatchObject({
      object: 'text_completion',
      model: 'tiny',
      choices: [
        {
          text: 'Once upon.',
          index: 0,
          finish_reason: 'stop',
          logprobs: { tokens: ['.'], token_logprobs: [-1], top_logprobs: [{ '!': -2 }], text_offset: [0] },
        },
      ],
      usage: { total_tokens: 5 },
    });
    const body = await (await ai.fetch('https://x.example/v1/completions', post({ prompt: 'Tell', stream: true }))).text();
    const events = body.split('\n\n').filter((event) => event.startsWith('data: {'));
    expect(events.map((event) => JSON.parse(event.slice(6)).choices[0].text)).toEqual(['Once ', 'upon', '.', '']);
    expect(body.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  it.each<[string, string, RequestInit | undefined, number, string]>([
    ['an unknown route', 'https://x.example/v1/images/generations', post({}), 404, 'Switchboard has no such route'],
    ['the wrong method', 'https://x.example/v1/chat/completions', undefined, 405, 'with POST'],
    ['the wrong method for models', 'https://x.example/v1/models', post({}), 405, 'with GET'],
    ['no JSON', 'https://x.example/v1/chat/completions', { method: 'POST', body: '{' }, 400, 'not valid JSON'],
    ['no body', 'https://x.example/v1/chat/completions', { method: 'POST' }, 400, 'not valid JSON'],
    ['a list', 'https://x.example/v1/chat/completions', post([]), 400, 'not a JSON object'],
    [
      'a field nobody takes',
      'https://x.example/v1/chat/completions',
      post({ messages: hello, base_url: 'http://x' }),
      400,
      'base_url: is not a field',
    ],
    [
      'a key that reaches prototypes',
      'https://x.example/v1/chat/completions',
      { method: 'POST', body: '{"messages":[],"a":{"__proto__":{}}}' },
      400,
      '__proto__',
    ],
    [
      'more than 8 MiB',
      'https://x.example/v1/chat/completions',
      { method: 'POST', body: `"${'x'.repeat(9 * 1024 * 1024)}"` },
      413,
      '8 MiB',
    ],
  ])('answers %s with a status and an error in OpenAI shape', async (_, url, init, status, message) => {
    const { ai } = page({ chat: says([end]) });
    const answer = await ai.fetch(url, init);
    expect([answer.status, answer.headers.get('x-should-retry'), answer.headers.get('content-type')]).toEqual([
      status,
      'false',
      'application/json',
    ]);
    const { error } = await answer.json();
    expect(Object.keys(error)).toEqual(['message', 'type', 'param', 'code']);
    expect(error.message).toContain(message);
  });

  it.each([
    ['denied', 403, 'permission_error'],
    ['needs-user', 401, 'authentication_error'],
    ['rate-limited', 429, 'rate_limit_error'],
    ['not-configured', 503, 'server_error'],
    ['aborted', 499, 'invalid_request_error'],
  ] as const)('says %s with status %i', async (code, status, type) => {
    const { ai } = page({ chat: fails(refusal(code, 1.2)) });
    for (const stream of [true, false]) {
      const answer = await ai.fetch('https://x.example/v1/chat/completions', post({ messages: hello, stream }));
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, '2']);
      expect((await answer.json()).error).toMatchObject({ type, code, param: null });
    }
  });

  it('names the field a refusal is about', async () => {
    const { ai } = page({});
    const answer = await ai.fetch('https://x.example/v1/chat/completions', post({ messages: [{ role: 'user', content: 5 }] }));
    expect((await answer.json()).error).toEqual({
      message: 'messages[0].content: should be a string or a list.',
      type: 'invalid_request_error',
      param: 'messages[0].content',
      code: 'bad-request',
    });
  });

  it('tells a failure after the beginning as an event, without the done mark', async () => {
    const { ai } = page({
      async *chat() {
        yield [text('Hel')];
        throw new SwitchboardError('interrupted', '127.0.0.1:5001 closed the connection.');
      },
    });
    const body = await (await ai.fetch('https://x.example/v1/chat/completions', post({ messages: hello, stream: true }))).text();
    const last = JSON.parse(body.trim().split('\n\n').at(-1)?.slice(6) ?? '');
    expect(last.error).toMatchObject({ code: 'interrupted', type: 'server_error' });
    expect(body).toContain('Hel');
    expect(body).not.toContain('127.0.0.1');
    expect(body).not.toContain('[DONE]');
  });

  it('takes a Request, bytes, and fields that win over the Request', async () => {
    const { ai } = page({ chat: says([text('Hi'), end]) });
    const json = JSON.stringify({ messages: hello });
    const request = new Request('https://x.example/v1/chat/completions', {
      method: 'POST',
      body: json,
      headers: { authorization: 'Bearer none' },
    });
    expect((await ai.fetch(request)).status).toBe(200);
    expect(
      (await ai.fetch(new Request('https://x.example/v1/chat/completions'), { method: 'POST', body: new TextEncoder().encode(json) }))
        .status,
    ).toBe(200);
    expect((await ai.fetch(new URL('https://x.example/v1/chat/completions'), { method: 'POST', body: new Blob([json]) })).status).toBe(200);
    await expect(ai.fetch('https://')).rejects.toBeInstanceOf(TypeError);
    await expect(ai.fetch(request)).rejects.toBeInstanceOf(TypeError);
  });

  it('rejects with the reason of an aborted signal, before and in the body, and stops the model', async () => {
    let stopped = 0;
    const { ai } = page({
      async *chat(_, __, signal) {
        signal.addEventListener('abort', () => (stopped += 1));
        for (;;) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          if (signal.aborted) throw new SwitchboardError('aborted', 'stopped');
          yield [text('a')];
        }
      },
    });
    const reason = new Error('enough');
    await expect(
      ai.fetch('https://x.example/v1/chat/completions', { ...post({ messages: hello }), signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);

    const controller = new AbortController();
    const answer = await ai.fetch('https://x.example/v1/chat/completions', {
      ...post({ messages: hello, stream: true }),
      signal: controller.signal,
    });
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    controller.abort(reason);
    await expect(
      (async () => {
        while (!(await reader.read()).done);
      })(),
    ).rejects.toBe(reason);
    await until(() => stopped === 1);

    const left = await ai.fetch('https://x.example/v1/chat/completions', post({ messages: hello, stream: true }));
    await left.body?.cancel();
    await until(() => stopped === 2);
  });

  it('reads no further ahead than the window while the page does not read', async () => {
    let pulled = 0;
    const { ai } = page({
      async *chat() {
        for (let index = 0; index < 100; index++) {
          pulled += 1;
          yield [text('x'.repeat(32_000))];
        }
        yield [end];
      },
    });
    const answer = await ai.fetch('https://x.example/v1/chat/completions', post({ messages: hello, stream: true }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(pulled).toBeLessThan(12);
    expect((await answer.text()).length).toBeGreaterThan(3_200_000);
    expect(pulled).toBe(100);
  });

  it('ends with an event of its own when the background is lost in the middle', async () => {
    const stage = page({
      async *chat(_, __, signal) {
        yield [text('Hel')];
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    });
    const answer = await stage.ai.fetch('https://x.example/v1/chat/completions', post({ messages: hello, stream: true }));
    stage.kill();
    expect(await answer.text()).toMatch(/"code":"interrupted"\}\}\n\n$/);
    expect((await stage.ai.fetch('https://x.example/v1/models')).status).toBe(500);
  });
});

describe("OpenAI's own client", () => {
  const client = (ai: SwitchboardProvider) =>
    new OpenAI({ apiKey: 'none', baseURL: ai.baseURL, fetch: ai.fetch, dangerouslyAllowBrowser: true });

  it('lists models, chats, streams and embeds', async () => {
    const { ai } = page({
      chat: says([text('Hel'), text('lo')], [end]),
      models: async () => [model],
      embed: async () => ({ vectors: [[0.5, -2]], model: 'm', inputTokens: 3 }),
    });
    const openai = client(ai);
    expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(['local/tiny']);
    expect((await openai.models.retrieve('local/tiny')).id).toBe('local/tiny');
    const whole = await openai.chat.completions.create({ model: 'default', messages: hello });
    expect(whole.choices[0]?.message.content).toBe('Hello');
    let streamed = '';
    for await (const chunk of await openai.chat.completions.create({ model: 'default', messages: hello, stream: true })) {
      streamed += chunk.choices[0]?.delta.content ?? '';
    }
    expect(streamed).toBe('Hello');
    const final = await openai.chat.completions.stream({ model: 'default', messages: hello }).finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe('Hello');
    expect((await openai.embeddings.create({ model: 'default', input: 'a' })).data[0]?.embedding).toEqual([0.5, -2]);
  });

  it('gets errors it knows, once', async () => {
    let calls = 0;
    const { ai } = page({
      // biome-ignore lint/correctness/useYield: it fails before it has anything to yield
      async *chat() {
        calls += 1;
        throw refusal('rate-limited', 1);
      },
    });
    await expect(client(ai).chat.completions.create({ model: 'default', messages: hello })).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    expect(calls).toBe(1);
    await expect(client(ai).chat.completions.create({ model: 'default', messages: 'x' as never })).rejects.toMatchObject({
      status: 400,
      param: 'messages',
    });
  });

  it('hears of a failure in the middle of a stream', async () => {
    const { ai } = page({
      async *chat() {
        yield [text('a')];
        throw refusal('unreachable');
      },
    });
    const stream = await client(ai).chat.completions.create({ model: 'default', messages: hello, stream: true });
    await expect(all(stream as unknown as AsyncIterable<ChatCompletionChunk>)).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('access', () => {
  it('asks, queries and lists', async () => {
    const asked: unknown[] = [];
    const granted: AccessState = { state: 'granted', models: [model] };
    const { ai } = page({
      async requestAccess(_, request) {
        asked.push(request);
        return granted;
      },
      queryAccess: async () => ({ state: 'prompt', models: [] }),
      models: async () => [model],
    });
    expect(await ai.requestAccess({ reason: 'To summarise', models: ['a'] })).toEqual(granted);
    expect(await ai.requestAccess()).toEqual(granted);
    expect(asked).toEqual([{ reason: 'To summarise', models: ['a'] }, {}]);
    expect(await ai.permissions.query()).toEqual({ state: 'prompt', models: [] });
    expect(await ai.models.list()).toEqual([model]);
    await expect(ai.requestAccess({ signal: AbortSignal.abort('no') as AbortSignal })).rejects.toBe('no');
    await expect(ai.requestAccess({ reason: 5 as never })).rejects.toMatchObject({
      code: 'bad-request',
      message: 'reason: should be a string.',
    });
  });

  it('tells listeners what has changed, until they leave', async () => {
    let state: AccessState = { state: 'prompt', models: [] };
    const stage = page({ queryAccess: async () => state });
    const heard: unknown[] = [];
    const undo = stage.ai.on('accesschanged', (value) => heard.push(value.state));
    stage.ai.on('modelchanged', (value) => heard.push(value?.id));
    await turns();
    expect(heard).toEqual([]);
    state = { state: 'granted', models: [model] };
    stage.change();
    await until(() => heard.length === 2);
    expect(heard).toEqual(['granted', 'local/tiny']);
    undo();
    state = { state: 'denied', models: [] };
    stage.change();
    await until(() => heard.length === 3);
    expect(heard[2]).toBeUndefined();
    expect(() => stage.ai.on('other' as never, () => {})).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });

  it('asks again when the user comes back after the background slept', async () => {
    let state: AccessState = { state: 'prompt', models: [] };
    const stage = page({ queryAccess: async () => state });
    const heard: string[] = [];
    stage.ai.on('accesschanged', (value) => heard.push(value.state));
    await turns();
    stage.kill();
    await turns();
    state = { state: 'granted', models: [] };
    stage.change();
    await turns();
    expect(heard).toEqual([]);
    stage.scope.dispatchEvent(new Event('focus'));
    await until(() => heard.length === 1);
    expect(heard).toEqual(['granted']);
  });
});

describe('the announcement', () => {
  it('comes at once and on request, frozen through and through', () => {
    const { scope, ai } = page({});
    const seen: ProviderAnnouncement[] = [];
    scope.addEventListener('ai:announceProvider', (event) => seen.push((event as CustomEvent<ProviderAnnouncement>).detail));
    scope.dispatchEvent(new Event('ai:requestProvider'));
    scope.dispatchEvent(new Event('ai:requestProvider'));
    expect(seen).toHaveLength(2);
    expect(seen[0]?.provider).toBe(ai);
    expect(seen[0]?.info).toMatchObject({
      name: 'Switchboard',
      version: '1.2.3',
      rdns: 'invalid.switchboard',
      icon: expect.stringMatching(/^data:image\/svg/),
    });
    expect(seen[0]?.info.uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
    for (const value of deep(seen[0])) expect(Object.isFrozen(value)).toBe(true);
  });

  it('takes the name ai where it is free, and lets a page replace it', () => {
    const { scope, ai } = page({});
    expect((scope as { ai?: unknown }).ai).toBe(ai);
    expect(Object.keys(scope)).not.toContain('ai');
    (scope as { ai?: unknown }).ai = 'mine';
    expect((scope as { ai?: unknown }).ai).toBe('mine');
  });

  it.each<[string, (scope: EventTarget) => void]>([
    ['a value', (scope) => Object.assign(scope, { ai: 'native' })],
    [
      'a getter that throws',
      (scope) =>
        Object.defineProperty(scope, 'ai', {
          get() {
            throw new Error('mine');
          },
        }),
    ],
    ['a fixed property', (scope) => Object.defineProperty(scope, 'ai', { value: 1, writable: false, configurable: false })],
    ['a frozen window', (scope) => Object.preventExtensions(scope)],
  ])('leaves the name alone where the page has %s', (_, prepare) => {
    const scope = new EventTarget();
    const seen: unknown[] = [];
    prepare(scope);
    const before = Object.getOwnPropertyDescriptor(scope, 'ai');
    scope.addEventListener('ai:announceProvider', (event) => seen.push((event as CustomEvent).detail.provider));
    const { ai } = page({}, scope);
    expect(Object.getOwnPropertyDescriptor(scope, 'ai')).toEqual(before);
    expect(seen).toEqual([ai]);
  });

  it('falls silent when a newer copy starts, and gives the name to it', () => {
    const scope = new EventTarget();
    page({}, scope);
    const newer = page({}, scope);
    const seen: unknown[] = [];
    scope.addEventListener('ai:announceProvider', (event) => seen.push((event as CustomEvent).detail.provider));
    scope.dispatchEvent(new Event('ai:requestProvider'));
    expect(seen).toEqual([newer.ai]);
    expect((scope as { ai?: unknown }).ai).toBe(newer.ai);
  });
});

function text(given: string): Part {
  return { type: 'text', text: given };
}

function says(...batches: Part[][]): Router['chat'] & Router['text'] {
  return async function* () {
    yield* batches;
  };
}

function fails(error: SwitchboardError): Router['chat'] {
  // biome-ignore lint/correctness/useYield: it fails before it has anything to yield
  return async function* () {
    throw error;
  };
}

function post(body: unknown): RequestInit {
  return { method: 'POST', body: JSON.stringify(body) };
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

function deep(value: unknown): unknown[] {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return [];
  return [value, ...Reflect.ownKeys(value).flatMap((key) => deep((value as Record<PropertyKey, unknown>)[key]))];
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** The whole road from the page to a router that answers as told: only the browser between the ports is not real. */
function page(router: Partial<Router>, target: EventTarget = new EventTarget()) {
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' as const });
  const more = { origin: 'https://site.example', navigator: { userActivation: { hasBeenActive: true } }, document };
  const scope = (Object.isExtensible(target) ? Object.assign(target, more) : target) as unknown as Scope & EventTarget;
  if (Object.isExtensible(target)) Object.assign(target, { parent: scope });
  let changed = () => {};
  let kill = () => {};
  const watchChanges = (listener: () => void) => {
    changed = listener;
    return () => {};
  };
  const site = createSiteMethods(router as Router, watchChanges);
  const connect = () => {
    const { content, background } = createPortPair();
    kill = background.disconnect;
    serve(background, {
      identify: () => ({ role: 'site', origin: 'https://site.example', tabId: 1, frameId: 0, isPrivate: false }),
      site,
      panel: {},
      lease: { hold: () => () => {} },
      limits: createLimits(),
    });
    return content;
  };
  const calls = createCalls(openChannel(scope), toPageError);
  const info = createInfo('1.2.3');
  const ai = createProvider(calls, scope, info);
  announce(scope, ai, info);
  if (Object.isExtensible(target)) startRelay(() => ({ id: 'own', connect }), scope);
  return { ai, scope, change: () => changed(), kill: () => kill() };
}
