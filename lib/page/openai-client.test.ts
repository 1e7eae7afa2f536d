import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatOpenAI } from '@langchain/openai';
import { generateText } from 'ai7';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { ChatCompletionChunk } from '../protocol/openai.ts';
import { refusal } from '../protocol/page-errors.ts';
import type { SwitchboardProvider } from '../protocol/provider.ts';
import { all, end, hello, model, page, says, text } from '../testing/road.ts';

describe('clients that try again by themselves', () => {
  it.each(['not-configured', 'denied', 'needs-user', 'unauthorized', 'payment-required', 'model-not-found', 'context-length'] as const)(
    'do not for %s, which the user has to mend',
    async (code) => {
      let calls = 0;
      const { ai } = page({
        // biome-ignore lint/correctness/useYield: it fails before it has anything to yield
        async *chat() {
          calls += 1;
          throw refusal(code);
        },
      });
      const settings = { apiKey: 'none', baseURL: ai.baseURL, fetch: ai.fetch as typeof fetch };
      await expect(new ChatOpenAI({ apiKey: 'none', configuration: settings }).invoke('Hi')).rejects.toThrow();
      await expect(generateText({ model: createOpenAICompatible({ name: 'x', ...settings })('default'), prompt: 'Hi' })).rejects.toThrow();
      expect(calls).toBe(2);
    },
  );
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
