import type { SwitchboardError } from '../../protocol/errors.ts';
import type { Message } from '../../protocol/message.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import { errorDetail } from '../backend-error.ts';
import { isReasoningModel, isResponsesOnly, openAiModel } from './models.ts';

/** Only Responses tells thoughts, and carries them from one call of a tool to the next. Begun answers and sounds go the other way. */
export function wantsResponses({ model, tools, thinking, messages }: ChatRequest): boolean {
  if (isResponsesOnly(model)) return true;
  const thinks = thinking?.effort !== undefined && thinking.effort !== 'none';
  return isReasoningModel(model) && (thinks || Boolean(tools?.length)) && !messages.some(isForChat);
}

/** The request may turn out to belong to the other route: at a gateway with Chat Completions alone, or with a model nobody knows. */
export function mayBeElsewhere(request: ChatRequest): boolean {
  return wantsResponses(request) ? !isResponsesOnly(request.model) : openAiModel({ id: request.model })?.contextWindow === undefined;
}

/** The answer of the first route, or that of the second where the first says that the request is not for it. */
export async function* either(first: AsyncIterable<Part[]>, second: () => AsyncIterable<Part[]>): AsyncGenerator<Part[], void> {
  try {
    return yield* first;
  } catch (error) {
    if (!isElsewhere(error)) throw error;
  }
  yield* second();
}

/** The error says that the request belongs to the other route. */
function isElsewhere(error: unknown): boolean {
  return errorDetail(error)?.wrongPath === true || /only supported in v1\/responses/.test((error as SwitchboardError).message);
}

/** Begun answers and sounds are for Chat Completions alone. */
export function isForChat(message: Message): boolean {
  return message.role === 'assistant' ? message.prefix === true : message.content.some(({ type }) => type === 'audio');
}
