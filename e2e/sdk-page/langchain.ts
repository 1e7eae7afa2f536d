import { HumanMessage, type ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import * as z from 'zod';
import type { Trial } from './trial.ts';

const configuration = () => ({ baseURL: window.ai.baseURL, fetch: window.ai.fetch, dangerouslyAllowBrowser: true });
const chat = (more: object = {}) => new ChatOpenAI({ model: 'default', apiKey: 'none', configuration: configuration(), ...more });
const City = z.object({ city: z.string(), people: z.number().int() });

/** LangChain with its default retries. */
export const langchain = {
  async invoke() {
    const { content, usage_metadata } = await chat().invoke('Hello');
    return { text: content, tokens: (usage_metadata as { total_tokens?: number } | undefined)?.total_tokens };
  },

  async stream() {
    let text = '';
    let chunks = 0;
    for await (const { content } of await chat().stream('Hello')) {
      text += content;
      chunks += 1;
    }
    return { text, isPiecemeal: chunks > 2 };
  },

  async tools() {
    const weather = tool(async ({ city }) => `Sun in ${city}`, {
      name: 'weather',
      description: 'The weather in a city',
      schema: z.object({ city: z.string() }),
    });
    const model = chat().bindTools([weather]);
    const messages: (HumanMessage | ToolMessage | Awaited<ReturnType<typeof model.invoke>>)[] = [new HumanMessage('Hello')];
    const first = await model.invoke(messages);
    messages.push(first);
    for (const call of first.tool_calls ?? []) messages.push(await weather.invoke({ ...call, type: 'tool_call' }));
    const second = await model.invoke(messages);
    return { called: first.tool_calls?.map(({ name }) => name), text: second.content };
  },

  async structured() {
    const results = [];
    for (const method of ['jsonSchema', 'functionCalling'] as const) {
      results.push(typeof (await chat().withStructuredOutput(City, { name: 'city', method }).invoke('Hello')).people);
    }
    return results;
  },

  async responses() {
    const model = chat({ useResponsesApi: true });
    let streamed = '';
    for await (const chunk of await model.stream('Hello')) streamed += chunk.text;
    return { text: (await model.invoke('Hello')).text, streamed };
  },

  async embeddings() {
    const embeddings = new OpenAIEmbeddings({ model: 'default', apiKey: 'none', configuration: configuration() });
    const [one, other] = await embeddings.embedDocuments(['a', 'b']);
    return [one, other, await embeddings.embedQuery('a')].map((vector) => (vector?.length ?? 0) > 0);
  },

  async abort() {
    const stop = new AbortController();
    let count = 0;
    try {
      for await (const _ of await chat().stream('Hello', { signal: stop.signal })) if (++count === 3) stop.abort();
      return 'the end';
    } catch (error) {
      return (error as Error).name;
    }
  },

  async failure() {
    try {
      await chat().invoke('Hello');
      return 'nothing';
    } catch (error) {
      return { status: (error as { status?: number }).status };
    }
  },
} satisfies Trial;
