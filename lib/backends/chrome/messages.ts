import { SwitchboardError } from '../../protocol/errors.ts';
import type { AssistantContent, Message, UserContent } from '../../protocol/message.ts';
import type { NativeContent, NativeMessage } from './native.ts';

/** A conversation cut in two: what the session begins with, and what is asked now. */
export interface Conversation {
  initialPrompts: NativeMessage[];
  input: NativeMessage[];
}

/** Instructions come first and once; the question is what stands behind the model's last whole answer. */
export function conversationOf(messages: Message[]): Conversation {
  const system = messages.flatMap((message) => (message.role === 'system' ? message.content.map(({ text }) => text) : []));
  const turns = messages.filter(({ role }) => role !== 'system').map(turnOf);
  const asked = turns.findLastIndex(({ role, prefix }) => role === 'assistant' && !prefix) + 1;
  const input = turns.slice(asked);
  return {
    initialPrompts: [...(system.length > 0 ? [{ role: 'system' as const, content: system.join('\n') }] : []), ...turns.slice(0, asked)],
    // An answer with nothing behind it is asked to go on.
    input: input.length > 0 ? input : [{ role: 'user', content: '' }],
  };
}

/** What kinds of content the messages hold, beside text. */
export function mediaIn(messages: Message[]): ('image' | 'audio')[] {
  const types = messages.flatMap(({ content }) => content.map(({ type }) => type));
  return (['image', 'audio'] as const).filter((type) => types.includes(type));
}

function turnOf(message: Message): NativeMessage {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: userContent(message.content) };
    case 'assistant':
      return { role: 'assistant', content: assistantText(message.content), ...(message.prefix && { prefix: true }) };
    default:
      throw cannot('use tools');
  }
}

function userContent(content: UserContent[]): string | NativeContent[] {
  const texts = content.filter((item) => item.type === 'text');
  return texts.length === content.length ? texts.map(({ text }) => text).join('\n') : content.map(contentOf);
}

function contentOf(item: UserContent): NativeContent {
  switch (item.type) {
    case 'text':
      return { type: 'text', value: item.text };
    case 'image':
      return { type: 'image', value: new Blob([bytesOf(item.data)], { type: item.mediaType }) };
    case 'audio':
      return { type: 'audio', value: bytesOf(item.data) };
    case 'file':
      throw cannot('read files');
  }
}

function assistantText(content: AssistantContent[]): string {
  if (content.some(({ type }) => type === 'tool-call')) throw cannot('use tools');
  return content.map((item) => (item.type === 'text' || item.type === 'refusal' ? item.text : '')).join('');
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}

function cannot(what: string): SwitchboardError {
  return new SwitchboardError('not-supported', `The model of the user's browser cannot ${what}. Choose another model for it.`);
}
