import type { ChatCompletionChunk, ChatDelta, ChatLogprobs, ChatToolCall, FinishReason, ReasoningDetail } from '../../protocol/openai.ts';
import type { EndPart, TokenLogprob, ToolCallPart } from '../../protocol/part.ts';
import { type Answer, toDelta, toFinishReason, toLogprobs, toUsage } from './answer.ts';
import type { ChunkMaker, Collector, Door } from './door.ts';
import { readOpenAiChat } from './read-chat.ts';

/** `/v1/chat/completions`. */
export const chatDoor: Door = {
  idPrefix: 'chatcmpl',
  ask: (router, caller, body, signal) => router.chat(caller, readOpenAiChat(body), signal),
  chunks: createChunks,
  whole: createWhole,
};

function createChunks(answer: Answer): ChunkMaker {
  return {
    opening: chunk(answer, { role: 'assistant', content: '' }),
    sample: chunk(answer, { content: '' }),
    of(part) {
      const delta = toDelta(part);
      if (delta === undefined) return [];
      if (part.type === 'end') return ending(answer, part);
      return [chunk(answer, delta, null, part.type === 'text' && part.logprobs ? toLogprobs(part.logprobs) : null)];
    },
  };
}

function chunk(
  { id, created, model, includesUsage }: Answer,
  delta: ChatDelta,
  finish_reason: FinishReason | null = null,
  logprobs: ChatLogprobs | null = null,
): ChatCompletionChunk {
  const choices = [{ index: 0, delta, logprobs, finish_reason }];
  return { id, object: 'chat.completion.chunk', created, model, choices, ...(includesUsage && { usage: null }) };
}

function ending(answer: Answer, end: EndPart): ChatCompletionChunk[] {
  const ended = { ...answer, model: end.model ?? answer.model };
  const last = chunk(ended, {}, toFinishReason(end));
  return answer.includesUsage && end.usage ? [last, { ...last, choices: [], usage: toUsage(end.usage) }] : [last];
}

function createWhole(answer: Answer): Collector {
  const calls = new Map<number, ChatToolCall>();
  const tokens: TokenLogprob[] = [];
  const details: ReasoningDetail[] = [];
  let text = '';
  let refusal = '';
  let thought = '';
  let end: EndPart | undefined;

  return {
    add(part) {
      if (part.type === 'text') {
        if (part.refusal) refusal += part.text;
        else text += part.text;
        tokens.push(...(part.logprobs ?? []));
      } else if (part.type === 'thought') {
        thought += part.text;
        details.push(...(toDelta(part)?.reasoning_details ?? []));
      } else if (part.type === 'tool-call') addCall(part);
      else if (part.type === 'end') end = part;
    },
    finish: () => ({
      id: answer.id,
      object: 'chat.completion',
      created: answer.created,
      model: end?.model ?? answer.model,
      choices: [
        { index: 0, message: message(), logprobs: tokens.length > 0 ? toLogprobs(tokens) : null, finish_reason: toFinishReason(end) },
      ],
      ...(end?.usage && { usage: toUsage(end.usage) }),
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
