import type { EndPart, EndReason, Part, TextPart } from '../../protocol/part.ts';
import { backendError, type ErrorContext } from '../backend-error.ts';
import type { SseEvent } from '../sse.ts';
import { empty, interrupted, notAnAnswer } from './answer-errors.ts';
import { endReasonOf } from './finish-reason.ts';
import { logprobsOf } from './logprobs.ts';
import { parseAnswer } from './parse-answer.ts';
import type { Quirks } from './quirks.ts';
import { createReasoningDetails } from './reasoning-details.ts';
import { createRepeatedChunk } from './repeated-chunk.ts';
import { createTextChannel } from './text-channel.ts';
import { createThinkTags } from './think-tags.ts';
import { createToolCalls } from './tool-calls.ts';
import { usageOf } from './usage.ts';
import { isObject, type WireAnswer, type WireChoice, type WireMessage } from './wire.ts';

/** Turns the events of one answer into parts. */
export interface Decoder {
  /** Adds the parts of one network read to `out`; what it throws comes after them. */
  read(events: SseEvent[], out: Part[]): void;
  /** Adds what was held back and the `end` part; throws if the answer is not complete. */
  end(out: Part[]): void;
  /** `[DONE]`, or a whole JSON answer, has come: nothing after it counts. */
  readonly isDone: boolean;
  /** A reason to finish has come: a connection lost now loses nothing. */
  readonly isFinished: boolean;
}

/**
 * Reads chunks of a stream and whole answers, of chat and of text completions. This is the hot path: at most one
 * `JSON.parse` an event, no regular expression, and nothing is built that is not sent on.
 */
export function createDecoder(quirks: Quirks, context: ErrorContext): Decoder {
  const texts = createTextChannel();
  const thoughts = createTextChannel();
  const tools = createToolCalls(context.host);
  const thinkTags = quirks.thinkTags ? createThinkTags(addThought, addText) : undefined;
  const details = createReasoningDetails();
  const repeated = createRepeatedChunk();
  const end: EndPart = { type: 'end', reason: 'other' };
  let reason: EndReason | undefined;
  let usage: unknown;
  let timings: unknown;
  let isDone = false;
  let hasEvents = false;
  let hasOutput = false;
  let parts: Part[] = [];

  function read(events: SseEvent[], out: Part[]): void {
    parts = out;
    for (const event of events) {
      if (isDone) return;
      const { data } = event;
      if (data === '') continue;
      hasEvents = true;
      const text = event.event === 'error' ? undefined : repeated.textOf(data);
      if (text !== undefined) addAnswer(text, undefined);
      else if (data === '[DONE]' || (data.length < 16 && data.trim() === '[DONE]')) isDone = true;
      else {
        const answer = parseAnswer(event, context);
        readAnswer(answer, event);
        repeated.learn(data, answer);
      }
    }
  }

  function readAnswer(answer: WireAnswer, event: SseEvent): void {
    if (answer.error || event.event === 'error' || (!answer.choices && isErrorShape(answer))) throw backendError(answer, context);
    if (end.model === undefined && typeof answer.model === 'string' && answer.model !== '') end.model = answer.model;
    if (end.responseId === undefined && typeof answer.id === 'string' && answer.id !== '') end.responseId = answer.id;
    if (answer.usage) usage = answer.usage;
    else if (answer.x_groq?.usage) usage = answer.x_groq.usage;
    else if (quirks.usageFields) usage = countedIn(answer, quirks.usageFields) ?? usage;
    if (answer.x_groq?.error) throw backendError(answer.x_groq.error, context);
    if (answer.timings) timings = answer.timings;
    if (Array.isArray(answer.choices)) {
      for (const choice of answer.choices) {
        // Other answers of `n` > 1 have their own index; we never ask for them.
        if (choice && !choice.index) readChoice(choice);
      }
    } else if (event.whole) throw notAnAnswer(context);
    if (event.whole) isDone = true;
  }

  function readChoice(choice: WireChoice): void {
    const message = choice.delta ?? choice.message;
    if (message) readMessage(message, choice.logprobs);
    else if (typeof choice.text === 'string') addAnswer(choice.text, choice.logprobs);
    const finish = choice.finish_reason;
    if (typeof finish !== 'string' || finish === '' || finish === 'null' || reason !== undefined) return;
    if (failures.has(finish)) throw backendError({ code: finish, error: 'The model stopped with an error.' }, context);
    reason = endReasonOf(finish);
  }

  function readMessage(message: WireMessage, logprobs: unknown): void {
    const thought = message.reasoning_content || message.reasoning;
    if (typeof thought === 'string' && thought !== '') addThought(thought);
    const { content } = message;
    if (typeof content === 'string') addAnswer(content, logprobs);
    else if (Array.isArray(content)) for (const item of content) readContentItem(item);
    if (typeof message.refusal === 'string' && message.refusal !== '') add({ type: 'text', text: message.refusal, refusal: true });
    if (message.tool_calls || message.function_call) {
      tools.read(message.tool_calls ?? [{ index: 0, function: message.function_call }], parts);
      hasOutput ||= tools.count > 0;
    }
    if (message.reasoning_details) details.add(message.reasoning_details);
  }

  /** Content as a list, in an answer: Mistral's models that think. */
  function readContentItem(item: unknown): void {
    if (typeof item === 'string') addAnswer(item, undefined);
    if (!isObject(item)) return;
    if (typeof item.text === 'string') addAnswer(item.text, undefined);
    if (Array.isArray(item.thinking))
      for (const part of item.thinking) if (isObject(part) && typeof part.text === 'string') addThought(part.text);
  }

  function addAnswer(text: string, logprobs: unknown): void {
    const tokens = logprobs ? logprobsOf(logprobs) : undefined;
    if (tokens) addTokens(text, tokens);
    else if (text === '') return;
    else if (thinkTags) thinkTags.add(text);
    else addText(text);
  }

  function addTokens(text: string, logprobs: NonNullable<TextPart['logprobs']>): void {
    add({ type: 'text', text: texts.add(text), logprobs });
  }

  function addText(text: string): void {
    const whole = texts.add(text);
    if (whole !== '') add({ type: 'text', text: whole });
  }

  function addThought(text: string): void {
    const whole = thoughts.add(text);
    if (whole !== '') add({ type: 'thought', text: whole });
  }

  function add(part: Part): void {
    hasOutput = true;
    parts.push(part);
  }

  function finish(out: Part[]): void {
    parts = out;
    thinkTags?.end();
    const [lastThought, lastText] = [thoughts.end(), texts.end()];
    if (lastThought !== '') add({ type: 'thought', text: lastThought });
    if (lastText !== '') add({ type: 'text', text: lastText });
    if (reason === undefined && !isDone) throw hasEvents ? interrupted(context) : notAnAnswer(context);
    const counted = usageOf(usage, timings, quirks.reasoningBesideOutput);
    if (!hasOutput && (reason === undefined || (quirks.emptyIsError && !counted?.outputTokens))) throw empty(context, quirks.emptyIsError);
    if (details.all.length > 0) parts.push({ type: 'thought', text: '', opaque: { reasoning_details: details.all } });
    end.reason = endReason();
    if (counted) end.usage = counted;
    parts.push(end);
  }

  /** Some servers leave the reason at `stop` where the model calls tools; KoboldCpp says `tool_calls` wherever tools were on offer. */
  function endReason(): EndReason {
    const told = reason ?? 'stop';
    if (told !== 'stop' && told !== 'tool-calls') return told;
    return tools.count > 0 ? 'tool-calls' : 'stop';
  }

  return {
    read,
    end: finish,
    get isDone() {
      return isDone;
    },
    get isFinished() {
      return isDone || reason !== undefined;
    },
  };
}

/** Reasons to end that are none: Mistral's and OpenRouter's, and DeepSeek's for want of machines. */
const failures = new Set(['error', 'insufficient_system_resource']);

function countedIn(answer: object, { input, output }: NonNullable<Quirks['usageFields']>): object | undefined {
  const counts = answer as Record<string, unknown>;
  return counts[input] === undefined ? undefined : { prompt_tokens: counts[input], completion_tokens: counts[output] };
}

function isErrorShape(answer: WireAnswer): boolean {
  return answer.object === 'error' || answer.detail !== undefined;
}
