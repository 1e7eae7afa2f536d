import { describe, expect, it } from 'vitest';
import { SwitchboardError } from '../protocol/errors.ts';
import { refusal } from '../protocol/page-errors.ts';
import { all, end, fails, hello, page, says, text, until } from '../testing/road.ts';

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
      { role: 'assistant', content: '', refusal: null },
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
