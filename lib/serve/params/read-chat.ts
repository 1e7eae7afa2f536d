import * as z from 'zod/mini';
import { lazy } from '../../protocol/parse.ts';
import type { ChatRequest, CountRequest } from '../../protocol/request.ts';
import type { Asked } from '../../router/router.ts';
import { readParams } from './read-params.ts';
import { jsonObject, jsonValue, modelId } from './schemas.ts';

const schemas = lazy(() => {
  const number = z.optional(z.number());
  const whole = z.optional(z.int().check(z.minimum(0)));
  const shortText = z.string().check(z.maxLength(256));
  const base64 = z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/, 'is not base64'));
  const mediaType = (start: string) =>
    z.string().check(z.maxLength(100), z.regex(new RegExp(`^${start}[\\w.+-]+$`), 'is not a media type for this'));

  const text = z.strictObject({ type: z.literal('text'), text: z.string() });
  const image = z.strictObject({
    type: z.literal('image'),
    mediaType: mediaType('image/'),
    data: base64,
    detail: z.optional(z.enum(['auto', 'low', 'high'])),
  });
  const audio = z.strictObject({ type: z.literal('audio'), mediaType: mediaType('audio/'), data: base64 });
  const file = z.strictObject({ type: z.literal('file'), mediaType: mediaType('[\\w.+-]+/'), data: base64, name: z.optional(shortText) });
  const thought = z.strictObject({
    type: z.literal('thought'),
    text: z.string(),
    signature: z.optional(z.string()),
    opaque: z.optional(jsonObject),
  });
  const refusal = z.strictObject({ type: z.literal('refusal'), text: z.string() });
  const toolCall = z.strictObject({
    type: z.literal('tool-call'),
    id: shortText,
    name: shortText,
    arguments: z.string(),
    opaque: z.optional(jsonObject),
  });
  const toolResult = z.strictObject({
    type: z.literal('tool-result'),
    callId: shortText,
    name: z.optional(shortText),
    content: z.array(z.discriminatedUnion('type', [text, image])).check(z.maxLength(1_000)),
    isError: z.optional(z.boolean()),
  });

  const contents = <Content extends z.core.SomeType>(content: Content) => z.array(content).check(z.maxLength(1_000));

  const message = z.discriminatedUnion('role', [
    z.strictObject({ role: z.literal('system'), content: contents(text) }),
    z.strictObject({
      role: z.literal('user'),
      content: contents(z.discriminatedUnion('type', [text, image, audio, file])),
      name: z.optional(shortText),
    }),
    z.strictObject({
      role: z.literal('assistant'),
      content: contents(z.discriminatedUnion('type', [text, thought, toolCall, refusal])),
      prefix: z.optional(z.boolean()),
      name: z.optional(shortText),
    }),
    z.strictObject({ role: z.literal('tool'), content: contents(toolResult) }),
  ]);

  const messages = z.array(message).check(z.minLength(1), z.maxLength(10_000));

  const tools = z
    .array(
      z.strictObject({
        name: z.string().check(z.minLength(1), z.maxLength(128), z.regex(/^[\w.:-]+$/)),
        description: z.optional(z.string()),
        parameters: z.optional(jsonObject),
        strict: z.optional(z.boolean()),
      }),
    )
    .check(z.maxLength(256));

  const responseFormat = z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('json') }),
    z.strictObject({
      type: z.literal('json-schema'),
      schema: jsonValue,
      name: z.optional(shortText),
      description: z.optional(z.string()),
      strict: z.optional(z.boolean()),
    }),
    z.strictObject({
      type: z.literal('regex'),
      pattern: z.string().check(z.maxLength(10_000)),
      flags: z.optional(z.string().check(z.maxLength(10))),
    }),
    z.strictObject({ type: z.literal('grammar'), grammar: z.string() }),
  ]);

  const sampling = z.strictObject({
    temperature: z.optional(z.number().check(z.minimum(0), z.maximum(5))),
    topP: number,
    topK: z.optional(z.int()),
    minP: number,
    typicalP: number,
    topA: number,
    tailFree: number,
    topNSigma: number,
    repetitionPenalty: number,
    repetitionRange: z.optional(z.int()),
    repetitionSlope: number,
    presencePenalty: number,
    frequencyPenalty: number,
    mirostat: z.optional(z.strictObject({ mode: z.literal([0, 1, 2]), tau: number, eta: number })),
    dry: z.optional(
      z.strictObject({
        multiplier: z.number(),
        base: number,
        allowedLength: whole,
        range: z.optional(z.int()),
        breakers: z.optional(z.array(shortText).check(z.maxLength(64))),
      }),
    ),
    xtc: z.optional(z.strictObject({ threshold: z.number(), probability: z.number() })),
    dynamicTemperature: z.optional(z.strictObject({ range: z.number(), exponent: number })),
    smoothing: z.optional(z.strictObject({ factor: z.number(), curve: number })),
  });

  const chat = z.strictObject({
    model: z.optional(modelId),
    messages,
    tools: z.optional(tools),
    toolChoice: z.optional(z.union([z.enum(['auto', 'none', 'required']), z.strictObject({ name: shortText })])),
    parallelToolCalls: z.optional(z.boolean()),
    responseFormat: z.optional(responseFormat),
    sampling: z.optional(sampling),
    stop: z.optional(z.array(z.string().check(z.minLength(1), z.maxLength(1_000))).check(z.maxLength(64))),
    seed: z.optional(z.int()),
    maxOutputTokens: z.optional(z.int().check(z.minimum(1), z.maximum(10_000_000))),
    logprobs: z.optional(z.strictObject({ top: z.int().check(z.minimum(0), z.maximum(20)) })),
    thinking: z.optional(
      z.strictObject({ effort: z.optional(z.enum(['none', 'minimal', 'low', 'medium', 'high', 'max'])), budgetTokens: whole }),
    ),
  });

  const count = z.union([
    z.strictObject({ model: z.optional(modelId), messages, tools: z.optional(tools) }),
    z.strictObject({ model: z.optional(modelId), text: z.string() }),
  ]);

  return { chat, count };
});

/** A chat in our own vocabulary, from a page. Everything a page may say is written out; what is not is refused. */
export function readChat(params: unknown): Asked<ChatRequest> {
  return withoutUndefined(readParams(schemas().chat, params));
}

export function readCount(params: unknown): Asked<CountRequest> {
  return withoutUndefined(readParams(schemas().count, params));
}

/** Only for the compiler: JSON text holds no undefined, so a field that was not given is not there. */
function withoutUndefined<Read, Exact>(read: Read): Exact {
  return read as unknown as Exact;
}
