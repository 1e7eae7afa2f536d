import OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import * as z from 'zod';
import { type Trial, weather } from './trial.ts';

const client = (more: object = {}) =>
  new OpenAI({ apiKey: 'none', baseURL: window.ai.baseURL, fetch: window.ai.fetch, dangerouslyAllowBrowser: true, ...more });
const model = 'default';
const messages = [{ role: 'user' as const, content: 'Hello' }];
const City = z.object({ city: z.string(), people: z.int() });

/** OpenAI's client with its default retries, as pages use it. */
export const openai = {
  async models() {
    const { data } = await client().models.list();
    const first = data[0]?.id ?? '';
    return { first, retrieved: (await client().models.retrieve(first)).id };
  },

  async chat() {
    const { data, response } = await client().chat.completions.create({ model, messages }).withResponse();
    return { text: data.choices[0]?.message.content, tokens: data.usage?.total_tokens, type: response.headers.get('content-type') };
  },

  async stream() {
    const stream = client().chat.completions.stream({ model, messages, stream_options: { include_usage: true } });
    let deltas = 0;
    stream.on('content', () => (deltas += 1));
    const final = await stream.finalChatCompletion();
    return { text: final.choices[0]?.message.content, finish: final.choices[0]?.finish_reason, tokens: final.usage?.total_tokens, deltas };
  },

  async several() {
    const texts = ['', '', ''];
    const stream = await client().chat.completions.create({ model, messages, n: 3, stream: true });
    for await (const { choices } of stream) for (const { index, delta } of choices) texts[index] += delta.content ?? '';
    const whole = await client().chat.completions.create({ model, messages, n: 2 });
    return { texts, whole: whole.choices.map(({ index, message }) => [index, message.content]) };
  },

  async tools() {
    const asked: string[] = [];
    const answer = ({ city }: { city: string }) => {
      asked.push(city);
      return `Sun in ${city}`;
    };
    const runner = client().chat.completions.runTools({
      model,
      messages,
      tools: [
        {
          type: 'function',
          function: { ...weather, parse: JSON.parse, function: answer },
        },
      ],
    });
    return { text: await runner.finalContent(), asked: asked.length };
  },

  async streamedTools() {
    const stream = client().chat.completions.stream({ model, messages, tools: [{ type: 'function', function: weather }] });
    const pieces: string[] = [];
    stream.on('tool_calls.function.arguments.delta', ({ arguments_delta: delta }) => pieces.push(delta));
    const final = await stream.finalChatCompletion();
    const [call] = final.choices[0]?.message.tool_calls ?? [];
    const called = call?.type === 'function' ? call.function : undefined;
    return { name: called?.name, isWhole: pieces.join('') === called?.arguments, finish: final.choices[0]?.finish_reason };
  },

  async parse() {
    const whole = await client().chat.completions.parse({ model, messages, response_format: zodResponseFormat(City, 'city') });
    return typeof whole.choices[0]?.message.parsed?.people;
  },

  async completions() {
    const stream = await client().completions.create({ model, prompt: ['Once', 'Twice'], stream: true });
    const texts = ['', ''];
    for await (const { choices } of stream) for (const { index, text } of choices) texts[index] += text;
    return texts;
  },

  async embeddings() {
    const { data } = await client().embeddings.create({ model, input: ['a', 'b'] });
    return data.map(({ embedding }) => embedding.length > 0 && embedding.every(Number.isFinite));
  },

  async responses() {
    const whole = await client().responses.create({ model, instructions: 'Be brief.', input: 'Hello' });
    const stream = client().responses.stream({ model, input: 'Hello' });
    const events: string[] = [];
    for await (const { type } of stream) if (events.at(-1) !== type) events.push(type);
    const final = await stream.finalResponse();
    return { whole: whole.output_text, streamed: final.output_text, status: final.status, tokens: final.usage?.total_tokens, events };
  },

  async responsesTools() {
    const tools = [{ type: 'function' as const, name: weather.name, parameters: weather.parameters, strict: null }];
    const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: 'Hello' }];
    const first = await client().responses.create({ model, input, tools });
    const call = first.output.find((item) => item.type === 'function_call');
    input.push(...(first.output as OpenAI.Responses.ResponseInput), {
      type: 'function_call_output',
      call_id: call?.call_id ?? '',
      output: 'Sun',
    });
    const second = await client().responses.create({ model, input, tools });
    return { name: call?.name, text: second.output_text };
  },

  async responsesParse() {
    const parsed = await client().responses.parse({ model, input: 'Hello', text: { format: zodTextFormat(City, 'city') } });
    return typeof parsed.output_parsed?.people;
  },

  async abort() {
    const stream = await client().chat.completions.create({ model, messages, stream: true });
    let count = 0;
    for await (const _ of stream) if (++count === 3) stream.controller.abort();
    return count;
  },

  async failure() {
    try {
      await client().chat.completions.create({ model, messages });
      return 'nothing';
    } catch (error) {
      const { status, code, headers } = error as InstanceType<typeof OpenAI.APIError>;
      const kinds = ['AuthenticationError', 'PermissionDeniedError', 'RateLimitError', 'BadRequestError', 'NotFoundError'] as const;
      const kind = kinds.find((name) => error instanceof OpenAI[name]);
      return { kind, status, code, retryAfter: headers?.get('retry-after') ?? null };
    }
  },
} satisfies Trial;
