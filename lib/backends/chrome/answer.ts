import { SwitchboardError } from '../../protocol/errors.ts';
import type { EndPart, Part } from '../../protocol/part.ts';
import type { ChatRequest, ResponseFormat, Sampling } from '../../protocol/request.ts';
import { conversationOf, mediaIn } from './messages.ts';
import { measure, type NativeMessage, type NativeModel, type NativeOptions, type NativeSession, usageOf } from './native.ts';
import { openSession } from './session.ts';

/** The answer of the browser's model, in a session of its own that ends with it. */
export async function* answerParts(native: NativeModel, request: ChatRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
  if (request.tools?.length)
    throw new SwitchboardError('not-supported', "The model of the user's browser cannot use tools. Choose another model for it.");
  const { messages, responseFormat, maxOutputTokens } = request;
  const { initialPrompts, input } = conversationOf(messages);
  const media = mediaIn(messages);
  const options = {
    ...(media.length > 0 && { expectedInputs: [{ type: 'text' as const }, ...media.map((type) => ({ type }))] }),
    ...(await samplingOptions(native, request.sampling)),
  };
  const session = yield* openSession(native, { ...options, ...(initialPrompts.length > 0 && { initialPrompts }), signal });
  try {
    const before = usageOf(session);
    const stream = session.promptStreaming(input, { signal, ...(responseFormat && { responseConstraint: constraintOf(responseFormat) }) });
    const reason = yield* textParts(stream, maxOutputTokens);
    const usage = await counted(session, before, input, reason);
    yield [{ type: 'end', reason, ...(usage && { usage }) }];
  } finally {
    session.destroy();
  }
}

/** It knows no limit, so the answer is cut at about so many tokens, of four characters each. */
async function* textParts(stream: ReadableStream<string>, maxOutputTokens: number | undefined): AsyncGenerator<Part[], 'stop' | 'length'> {
  let left = maxOutputTokens === undefined ? Number.POSITIVE_INFINITY : maxOutputTokens * charactersInToken;
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const text = read.value.slice(0, left);
      if (text !== '') yield [{ type: 'text', text }];
      if (read.value.length > left) return 'length';
      left -= read.value.length;
    }
    return 'stop';
  } finally {
    void reader.cancel().catch(() => {});
  }
}

/** Usage of the context rises by question and answer, once both are whole. */
async function counted(
  session: NativeSession,
  before: number | undefined,
  input: NativeMessage[],
  reason: 'stop' | 'length',
): Promise<EndPart['usage'] | undefined> {
  const asked = await measure(session, input).catch(() => undefined);
  const after = usageOf(session);
  if (reason === 'length' || before === undefined || asked === undefined || after === undefined) return undefined;
  return { inputTokens: before + asked, outputTokens: Math.max(0, after - before - asked) };
}

/** The two must be given together, so what is missing is the browser's own. */
async function samplingOptions(native: NativeModel, { temperature, topK }: Sampling = {}): Promise<NativeOptions> {
  if (temperature === undefined && topK === undefined) return {};
  const params = await native.params?.().catch(() => null);
  if (!params) return {};
  return {
    temperature: Math.min(temperature ?? params.defaultTemperature, params.maxTemperature),
    topK: Math.min(Math.max(1, topK ?? params.defaultTopK), params.maxTopK),
  };
}

function constraintOf(format: ResponseFormat): unknown {
  switch (format.type) {
    case 'json':
      return { type: 'object' };
    case 'json-schema':
      return format.schema;
    case 'regex':
      return new RegExp(format.pattern, format.flags);
    case 'grammar':
      throw new SwitchboardError('not-supported', "The model of the user's browser cannot hold an answer to a grammar.");
  }
}

const charactersInToken = 4;
