import type { Message } from '../../protocol/message.ts';
import { neutralise } from '../neutralise.ts';
import { templates } from '../template-table.ts';

/** Who answers: the assistant, or a voice of the story, which may be a character. */
export interface DreamRole {
  role: 'assistant' | 'text';
  /** Of the character; absent for the narrator. */
  name?: string;
}

/**
 * A conversation as DreamGen's models were taught it. A message with a name is that character's line, and any other
 * line of the story is the narrator's: `text` in the older Opus family, `writer` in Lucid.
 */
export function dreamPrompt(messages: Message[], model: string, answering: DreamRole): { prompt: string; stop: string[]; role: string } {
  const family = /^opus/.test(model) ? opus : lucid;
  const last = messages.at(-1);
  const isOpen = last?.role === 'assistant' && last.prefix === true;
  const turns = messages.map((message, index) => {
    const text = message.content.map((item) => ('text' in item ? item.text : '')).join('\n');
    const head = family.head(speakerOf(message, answering, family.voice));
    return head + neutralise(text, family.template) + (isOpen && index === messages.length - 1 ? '' : family.end);
  });
  const speaker =
    answering.role === 'text' ? { role: family.voice, ...(answering.name && { name: answering.name }) } : { role: 'assistant' };
  return { prompt: turns.join('') + (isOpen ? '' : family.head(speaker)), stop: [family.end.trim()], role: speaker.role };
}

/** The role a request asks for by its model's name (`/text`, `/assistant`), by its messages, or by the settings. */
export function answeringRole(model: string, messages: Message[], usual: DreamRole['role'] = 'assistant'): DreamRole {
  const lines = messages.filter((message) => message.role === 'assistant');
  const name = lines.findLast((line) => line.name)?.name;
  const byModel = /\/(text|assistant)$/.exec(model)?.[1] as DreamRole['role'] | undefined;
  const role = byModel ?? (messages.some((message) => 'name' in message && message.name !== undefined) ? 'text' : usual);
  return { role, ...(role === 'text' && name && { name }) };
}

interface Speaker {
  role: string;
  name?: string;
}

interface Family {
  /** The role of the story's voices. */
  voice: string;
  head(speaker: Speaker): string;
  end: string;
  template: Parameters<typeof neutralise>[1];
}

const lucid: Family = {
  voice: 'writer',
  head: ({ role, name }) => `<|start_header_id|>${role}${name ? ` character ${header(name)}` : ''}<|end_header_id|>\n\n`,
  end: '<|eot_id|>',
  template: templates['llama-3'],
};

const opus: Family = {
  voice: 'text',
  head: ({ role, name }) => `<|im_start|>${role}${name ? ` names= ${header(name)}` : ''}\n`,
  end: '<|im_end|>\n',
  template: templates.chatml,
};

/** An empty name is the narrator's. */
function speakerOf(message: Message, answering: DreamRole, voice: string): Speaker {
  if ('name' in message && message.name !== undefined) return { role: voice, ...(message.name && { name: message.name }) };
  if (message.role === 'assistant') return { role: answering.role === 'text' ? voice : 'assistant' };
  return { role: message.role === 'tool' ? 'user' : message.role };
}

/** A name comes from a page and stands in a header: no marks, no line breaks. */
function header(name: string): string {
  return name.replace(/[\n\r<|>]+/g, ' ').trim();
}
