import { browserAI, doesBrowserSupportBrowserAI } from '@browser-ai/core';
import { generateObject, generateText, type LanguageModel, stepCountIs, streamText, tool } from 'ai';
import * as z from 'zod';
import type { Trial } from './trial.ts';

const prompt = 'Hello';
// Its types are a little stricter than the AI SDK's own.
const model = () => browserAI() as unknown as LanguageModel;
const City = z.object({ city: z.string(), people: z.int() });
const weather = tool({
  description: 'The weather in a city',
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => `Sun in ${city}`,
});

/** A provider of the AI SDK that asks the page's `LanguageModel`, whoever that is. */
export const browserAi = {
  async generate() {
    const availability = await browserAI().availability();
    const { text, finishReason } = await generateText({ model: model(), system: 'Be brief.', prompt });
    return { isSupported: doesBrowserSupportBrowserAI(), availability, text, finishReason };
  },

  async stream() {
    const { textStream } = streamText({ model: model(), prompt });
    let text = '';
    for await (const piece of textStream) text += piece;
    return text;
  },

  async tools() {
    const { text, steps } = await generateText({ model: model(), prompt, tools: { weather }, stopWhen: stepCountIs(3) });
    return { text, called: steps.flatMap(({ toolCalls }) => toolCalls.map(({ toolName, input }) => [toolName, input])) };
  },

  async structured() {
    const { object } = await generateObject({ model: model(), prompt, schema: City });
    return typeof object.people;
  },

  async abort() {
    const stop = new AbortController();
    const { textStream } = streamText({ model: model(), prompt, abortSignal: stop.signal });
    let count = 0;
    for await (const _ of textStream) if (++count === 3) stop.abort();
    return 'the end';
  },
} satisfies Trial;
