import type { EndPart, Part } from '../../protocol/part.ts';
import type { HttpResponse } from '../backend.ts';
import { backendError, type ErrorContext } from '../backend-error.ts';
import { cutOff } from '../event-parts.ts';
import { readNdjson } from '../ndjson.ts';
import { notAnAnswer } from '../openai-shaped/answer-errors.ts';
import { endReasonOf } from '../openai-shaped/finish-reason.ts';
import { logprobsOf } from '../openai-shaped/logprobs.ts';
import { createThinkTags } from '../openai-shaped/think-tags.ts';
import { createToolCalls } from '../openai-shaped/tool-calls.ts';
import { isObject } from '../openai-shaped/wire.ts';
import type { OllamaAnswer } from './facts.ts';

/** The parts of an answer of `/api/chat` or `/api/generate`, one array for each network read; `start` goes before them. */
export async function* answerParts(response: HttpResponse, context: ErrorContext, start: Part[] = []): AsyncGenerator<Part[], void> {
  const reads = readNdjson(response, context.host);
  const answer = createAnswer(context);
  let isOver = false;
  try {
    if (start.length > 0) yield start;
    for (let read = await reads.next(); !read.done; read = await reads.next()) {
      const parts: Part[] = [];
      const failure = readInto(parts, read.value);
      isOver = parts.at(-1)?.type === 'end';
      if (parts.length > 0) yield parts;
      if (failure) throw failure.thrown;
      if (isOver) return;
    }
    throw cutOff(context.host);
  } finally {
    if (isOver) reads.release();
    else await reads.return();
  }

  /** What a read holds before an error is given out first. */
  function readInto(parts: Part[], lines: unknown[]): { thrown: unknown } | undefined {
    try {
      for (const line of lines) if (parts.at(-1)?.type !== 'end') answer.read(line, parts);
      return undefined;
    } catch (thrown) {
      return { thrown };
    }
  }
}

function createAnswer(context: ErrorContext) {
  const tools = createToolCalls(context.host);
  let parts: Part[] = [];
  // Old versions leave thinking in the text.
  const tags = createThinkTags(
    (text) => parts.push({ type: 'thought', text }),
    (text) => parts.push({ type: 'text', text }),
  );

  function addText(text: unknown, logprobs: unknown): void {
    if (typeof text !== 'string') return;
    const tokens = Array.isArray(logprobs) ? logprobsOf({ content: logprobs }) : undefined;
    if (tokens) parts.push({ type: 'text', text, logprobs: tokens });
    else if (text !== '') tags.add(text);
  }

  function read(line: unknown, out: Part[]): void {
    if (!isObject(line)) throw notAnAnswer(context);
    if (line.error) throw backendError(line, context);
    parts = out;
    const message = isObject(line.message) ? line.message : { content: line.response, thinking: line.thinking };
    if (message.content === undefined && line.done !== true && message.tool_calls === undefined) throw notAnAnswer(context);
    if (typeof message.thinking === 'string' && message.thinking !== '') parts.push({ type: 'thought', text: message.thinking });
    addText(message.content, line.logprobs);
    tools.read(message.tool_calls, parts);
    if (line.done !== true) return;
    tags.end();
    parts.push(endOf(line, tools.count > 0));
  }

  return { read };
}

function endOf(line: OllamaAnswer, hasCalls: boolean): EndPart {
  const { done_reason: said, model, prompt_eval_count: input, eval_count: output } = line;
  const reason = endReasonOf(typeof said === 'string' ? said : 'stop');
  return {
    type: 'end',
    reason: hasCalls && reason === 'stop' ? 'tool-calls' : reason,
    ...(typeof model === 'string' && { model }),
    // A prompt that was in the cache is not counted by old versions.
    ...(typeof output === 'number' && { usage: { inputTokens: typeof input === 'number' ? input : 0, outputTokens: output } }),
  };
}
