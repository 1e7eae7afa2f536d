import type { Message, TextContent } from '../../protocol/message.ts';

/** The messages with an instruction at the end of what the user says last; an answer that has begun stays the last. */
export function tell(messages: Message[], instruction: string): Message[] {
  const last = messages.at(-1);
  const isBegun = last?.role === 'assistant' && last.prefix === true;
  const before = isBegun ? messages.slice(0, -1) : messages;
  const said = before.at(-1);
  const text: TextContent = { type: 'text', text: instruction };
  const told: Message[] =
    said?.role === 'user'
      ? [...before.slice(0, -1), { ...said, content: [...said.content, { type: 'text', text: `\n\n${instruction}` }] }]
      : [...before, { role: 'user', content: [text] }];
  return isBegun ? [...told, last] : told;
}

/** What an answer goes on from; empty where it begins. */
export function beginningOf(messages: Message[]): string {
  const last = messages.at(-1);
  if (last?.role !== 'assistant' || !last.prefix) return '';
  return last.content.map((item) => (item.type === 'text' ? item.text : '')).join('');
}
