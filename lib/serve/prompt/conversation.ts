import type { AssistantContent, Message, ToolCallContent, ToolResult } from '../../protocol/message.ts';

/**
 * Messages of several turns as one conversation that every backend takes: an answer that went on from a beginning is one
 * message with it, every call of a tool has its result, and every result its call.
 */
export function joinTurns(turns: Message[][]): Message[] {
  const joined: Message[] = [];
  for (const message of turns.flat()) {
    const last = joined.at(-1);
    if (last?.role === 'assistant' && last.prefix && message.role === 'assistant') {
      joined[joined.length - 1] = { ...message, content: joinContents(last.content, message.content) };
    } else joined.push(message);
  }
  return answered(joined).map((message, index, all) => (index < all.length - 1 ? finished(message) : message));
}

function finished(message: Message): Message {
  if (message.role !== 'assistant' || !message.prefix) return message;
  const { prefix: _, ...rest } = message;
  return rest;
}

function joinContents(first: AssistantContent[], second: AssistantContent[]): AssistantContent[] {
  const [last, next] = [first.at(-1), second[0]];
  if (last?.type !== 'text' || next?.type !== 'text') return [...first, ...second];
  return [...first.slice(0, -1), { type: 'text', text: last.text + next.text }, ...second.slice(1)];
}

/** Backends refuse a call without a result, and a result without a call: pages may leave out either. */
function answered(messages: Message[]): Message[] {
  const complete: Message[] = [];
  let open: ToolCallContent[] = [];
  const close = () => {
    if (open.length > 0) complete.push({ role: 'tool', content: open.map(noResult) });
    open = [];
  };
  for (const message of messages) {
    if (message.role !== 'tool') {
      close();
      complete.push(message);
      if (message.role === 'assistant') open = message.content.filter((item) => item.type === 'tool-call');
      continue;
    }
    const known = message.content.filter(({ callId }) => open.some(({ id }) => id === callId));
    const orphans = message.content.filter((result) => !known.includes(result));
    if (known.length > 0) complete.push({ role: 'tool', content: known });
    open = open.filter(({ id }) => !known.some(({ callId }) => callId === id));
    if (orphans.length === 0) continue;
    close();
    complete.push({ role: 'assistant', content: orphans.map(callOf) }, { role: 'tool', content: orphans });
  }
  close();
  return complete;
}

function noResult({ id, name }: ToolCallContent): ToolResult {
  return { type: 'tool-result', callId: id, name, content: [{ type: 'text', text: 'There was no result.' }], isError: true };
}

function callOf({ callId, name = 'tool' }: ToolResult): ToolCallContent {
  return { type: 'tool-call', id: callId, name, arguments: '{}' };
}
