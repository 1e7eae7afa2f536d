import { createOpenAICompatible as createProvider7 } from '@ai-sdk/openai-compatible';
import * as six from 'ai';
import { createOpenAICompatible as createProvider6 } from 'ai-compatible6';
import * as seven from 'ai7';
import * as z from 'zod';
import type { Trial } from './trial.ts';

const City = z.object({ city: z.string(), people: z.int() });
const settings = () => ({
  name: 'switchboard',
  baseURL: window.ai.baseURL,
  fetch: window.ai.fetch as typeof fetch,
  includeUsage: true,
  supportsStructuredOutputs: true,
});

/** Both versions have the names that are used here, and the shapes of what they return. */
type Sdk = typeof six;

function aiSdk(
  { embedMany, generateText, streamText, generateObject, Output, stepCountIs, tool }: Sdk,
  createProvider: typeof createProvider6,
) {
  const model = () => createProvider(settings())('default');
  const prompt = 'Hello';
  const weather = tool({
    description: 'The weather in a city',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => `Sun in ${city}`,
  });

  return {
    async generate() {
      const { text, usage, finishReason } = await generateText({ model: model(), prompt });
      return { text, tokens: usage.totalTokens, finishReason };
    },

    async stream() {
      const { textStream, usage } = streamText({ model: model(), prompt });
      let text = '';
      for await (const piece of textStream) text += piece;
      return { text, tokens: (await usage).totalTokens };
    },

    async tools() {
      const { text, steps } = await generateText({ model: model(), prompt, tools: { weather }, stopWhen: stepCountIs(3) });
      return { text, called: steps.flatMap(({ toolCalls }) => toolCalls.map(({ toolName }) => toolName)) };
    },

    async streamedTools() {
      const { fullStream, text } = streamText({ model: model(), prompt, tools: { weather }, stopWhen: stepCountIs(3) });
      const parts = new Set<string>();
      for await (const { type } of fullStream) parts.add(type);
      const wanted = ['tool-input-start', 'tool-input-delta', 'tool-call', 'tool-result'].filter((type) => parts.has(type));
      return { text: await text, parts: wanted };
    },

    async structured() {
      const { object } = await generateObject({ model: model(), prompt, schema: City });
      const { output } = await generateText({ model: model(), prompt, output: Output.object({ schema: City }) });
      return [typeof object.people, typeof output.people];
    },

    async embeddings() {
      const { embeddings } = await embedMany({ model: createProvider(settings()).embeddingModel('default'), values: ['a', 'b'] });
      return embeddings.map((vector) => vector.length > 0);
    },

    async abort() {
      const stop = new AbortController();
      const { textStream } = streamText({ model: model(), prompt, abortSignal: stop.signal });
      let count = 0;
      for await (const _ of textStream) if (++count === 3) stop.abort();
      return 'the end';
    },

    async failure() {
      try {
        await generateText({ model: model(), prompt });
        return 'nothing';
      } catch (error) {
        return { status: (error as { statusCode?: number }).statusCode };
      }
    },
  } satisfies Trial;
}

export const ai6 = aiSdk(six, createProvider6);
export const ai7 = aiSdk(seven as unknown as Sdk, createProvider7 as unknown as typeof createProvider6);
