import type { ChatCompletionChunk, ChatDelta, ChatLogprobs, ChatToolCall, FinishReason, ReasoningDetail } from '../../protocol/openai.ts';
import type { EndPart, TokenLogprob, ToolCallPart } from '../../protocol/part.ts';
import { type Answer, createAnswer, toDelta, toFinishReason, toUsage } from './answer.ts';
import { type ChunkMaker, type Collector, type Door, plainClosing, plainEvent } from './door.ts';
import { toOpenAiError } from './error.ts';
import { needingLogprobs, toLogprobs } from './logprobs.ts';
import { readOpenAiChat } from './read-chat.ts';
import { closed, inOneCall, type Marked, openChoices } from './several.ts';

/** `/v1/chat/completions`. */
export const chatDoor: Door = (body) => {
  const request = readOpenAiChat(body);
  const choices = (body.n as number | null | undefined) ?? 1;
  const answer = createAnswer('chatcmpl', body, choices);
  return {
    ask(router, caller, signal) {
      const parts = router.chat(caller, request, signal, undefined, inOneCall(severalOf(request, choices)), choices);
      return request.logprobs ? needingLogprobs(parts) : parts;
    },
    chunks: () => createChunks(answer),
    whole: () => createWhole(answer),
  };
};

/** With the same seed they would all be the same. */
export function severalOf<Request extends { seed?: number }>(request: Request, count: number): Request[] {
  const { seed } = request;
  return Array.from({ length: count }, (_, index) => (seed === undefined ? request : { ...request, seed: seed + index }));
}

function createChunks(answer: Answer): ChunkMaker {
  const open = openChoices(answer);
  return {
    opening: Array.from({ length: answer.choices }, (_, index) =>
      chunk(answer, { role: 'assistant', content: '', refusal: null }, null, null, index),
    ),
    sample: chunk(answer, { content: '' }),
    of: (part) => chunksOf(part, answer, open),
    failure: (thrown) => [toOpenAiError(thrown).body],
    event: plainEvent,
    closing: plainClosing,
  };
}

function chunksOf(part: Marked, answer: Answer, open: Set<number>): ChatCompletionChunk[] {
  const ended = part.ended ?? (part.type === 'end' ? part : undefined);
  if (ended) {
    const named = naming(answer, ended);
    const last = closed(part, open).map((index) => chunk(named, {}, toFinishReason(ended), null, index));
    const isAll = part.type === 'end' && answer.includesUsage && part.usage;
    return isAll ? [...last, { ...chunk(named, {}), choices: [], usage: toUsage(isAll) }] : last;
  }
  const delta = toDelta(part);
  if (delta === undefined) return [];
  return [chunk(answer, delta, null, part.type === 'text' && part.logprobs ? toLogprobs(part.logprobs) : null, part.choice)];
}

function naming(answer: Answer, { model }: EndPart): Answer {
  return { ...answer, model: model ?? answer.model };
}

function chunk(
  { id, created, model, includesUsage }: Answer,
  delta: ChatDelta,
  finish_reason: FinishReason | null = null,
  logprobs: ChatLogprobs | null = null,
  index = 0,
): ChatCompletionChunk {
  const choices = [{ index, delta, logprobs, finish_reason }];
  return { id, object: 'chat.completion.chunk', created, model, choices, ...(includesUsage && { usage: null }) };
}

function createWhole(answer: Answer): Collector {
  const choices = Array.from({ length: answer.choices }, createChoice);
  const open = openChoices(answer);
  let end: EndPart | undefined;
  return {
    add(part) {
      if (part.type === 'end') end = part;
      const ended = part.ended ?? end;
      if (ended) for (const index of closed(part, open)) choices[index]?.end(ended);
      else choices[part.choice ?? 0]?.add(part);
    },
    finish: () => ({
      id: answer.id,
      object: 'chat.completion',
      created: answer.created,
      model: end?.model ?? answer.model,
      choices: choices.map((choice, index) => ({ index, ...choice.finish() })),
      ...(end?.usage && { usage: toUsage(end.usage) }),
    }),
  };
}

function createChoice() {
  const calls = new Map<number, ChatToolCall>();
  const tokens: TokenLogprob[] = [];
  const details: ReasoningDetail[] = [];
  let text = '';
  let refusal = '';
  let thought = '';
  let ended: EndPart | undefined;

  return {
    add(part: Marked): void {
      if (part.type === 'text') {
        if (part.refusal) refusal += part.text;
        else text += part.text;
        tokens.push(...(part.logprobs ?? []));
      } else if (part.type === 'thought') {
        thought += part.text;
        details.push(...(toDelta(part)?.reasoning_details ?? []));
      } else if (part.type === 'tool-call') addCall(part);
    },
    end(part: EndPart): void {
      ended = part;
    },
    finish: () => ({
      message: message(),
      logprobs: tokens.length > 0 ? toLogprobs(tokens) : null,
      finish_reason: toFinishReason(ended),
    }),
  };

  function addCall({ index, id = '', name = '', arguments: text, opaque }: ToolCallPart): void {
    const call = calls.get(index);
    if (call) call.function.arguments += text;
    else calls.set(index, { id, type: 'function', function: { name, arguments: text }, ...(opaque && { extra_content: opaque }) });
  }

  function message() {
    const isSilent = text === '' && (calls.size > 0 || refusal !== '');
    return {
      role: 'assistant',
      content: isSilent ? null : text,
      refusal: refusal === '' ? null : refusal,
      ...(thought !== '' && { reasoning_content: thought }),
      ...(details.length > 0 && { reasoning_details: details }),
      ...(calls.size > 0 && { tool_calls: [...calls.values()] }),
    };
  }
}
