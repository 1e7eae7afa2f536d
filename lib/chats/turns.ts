import type { Message } from '../protocol/message.ts';
import type { Part } from '../protocol/part.ts';
import type { ChatTurn } from './chat.ts';

/** Puts the batch at the end of the turn; what came, or nothing when no words came. */
export function append(turn: ChatTurn, parts: Part[]): { text?: string; thought?: string } | undefined {
  let text = '';
  let thought = '';
  for (const part of parts) {
    if (part.type === 'text') text += part.text;
    else if (part.type === 'thought') thought += part.text;
    else if (part.type === 'end') {
      if (part.model !== undefined) turn.model = part.model;
      if (part.usage) turn.usage = part.usage;
      if (part.leftOutMessages) turn.leftOutMessages = part.leftOutMessages;
      if (part.usage?.costMicroUsd !== undefined) turn.costMicroUsd = part.usage.costMicroUsd;
    }
  }
  if (text) turn.text += text;
  if (thought) turn.thought = (turn.thought ?? '') + thought;
  if (!text && !thought) return undefined;
  return { ...(text && { text }), ...(thought && { thought }) };
}

/** What the model is told of the chat so far: the words, not the reasoning, and no answer that never came. */
export function messagesOf(turns: ChatTurn[]): Message[] {
  return turns.flatMap(({ role, text, images = [] }): Message[] => {
    if (role === 'assistant') return text === '' ? [] : [{ role, content: [{ type: 'text', text }] }];
    return [{ role, content: [...images.map((image) => ({ type: 'image' as const, ...image })), { type: 'text', text }] }];
  });
}
