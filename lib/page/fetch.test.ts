import { describe, expect, it } from 'vitest';
import { SwitchboardError } from '../protocol/errors.ts';
import { refusal } from '../protocol/page-errors.ts';
import { end, fails, hello, model, page, post, says, text, until } from '../testing/road.ts';

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
      chunk([choice({ role: 'assistant', content: '', refusal: null })], null),
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
    ['not-configured', 404, 'invalid_request_error'],
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
