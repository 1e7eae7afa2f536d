import type { Message } from '../protocol/message.ts';

/** A conversation as the user reads it in activity, where they keep the words: who said what, and that there was a picture. */
export function wordsOf(messages: Message[]): string {
  return messages.map(({ role, content }) => `${role}: ${content.map(shown).join('\n')}`).join('\n\n');
}

function shown(item: Message['content'][number]): string {
  switch (item.type) {
    case 'text':
    case 'thought':
    case 'refusal':
      return item.text;
    case 'tool-call':
      return `${item.name}(${item.arguments})`;
    case 'tool-result':
      return item.content.map(shown).join('\n');
    default:
      return `[${item.type}: ${item.mediaType}]`;
  }
}
