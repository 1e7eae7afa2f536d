import type { Message } from '../protocol/message.ts';
import type { Ability } from '../protocol/model.ts';
import type { Tool } from '../protocol/request.ts';

/** What a conversation needs of the model that answers it, beside words. */
export function needsOf({ messages, tools = [] }: { messages: Message[]; tools?: Tool[] }): Ability[] {
  const types = new Set(messages.flatMap(({ content }) => content.map(({ type }) => type)));
  return [
    ...(types.has('image') ? (['images'] as const) : []),
    ...(types.has('audio') ? (['audio'] as const) : []),
    ...(types.has('file') ? (['files'] as const) : []),
    ...(tools.length > 0 ? (['tools'] as const) : []),
  ];
}
