import { SwitchboardError } from '../protocol/errors.ts';
import type { Message } from '../protocol/message.ts';
import { neutralise } from './neutralise.ts';
import { type Template, type TemplateName, templates } from './template-table.ts';

export { guessTemplate } from './guess-template.ts';
export type { TemplateName };

export const templateNames = Object.keys(templates) as TemplateName[];

/**
 * A conversation as one prompt for models that only continue text, and the strings that end an answer. Texts come from
 * pages, so control strings of the template inside them are made harmless. A last assistant message with `prefix` is
 * left open for the model to go on with.
 */
export function renderChat(messages: Message[], templateName: string): { prompt: string; stop: string[] } {
  const template: Template | undefined = Object.hasOwn(templates, templateName) ? templates[templateName as TemplateName] : undefined;
  if (!template)
    throw new SwitchboardError('bad-request', `There is no prompt template named "${templateName}". Choose one from the list.`);
  const last = messages.at(-1);
  const isOpen = last?.role === 'assistant' && last.prefix === true;
  const turns = turnsOf(messages, template);
  const prompt = turns.map((turn, i) => writeTurn(turn, template, isOpen && i === turns.length - 1)).join('');
  return { prompt: isOpen ? prompt : prompt + template.generation, stop: [...template.stop] };
}

interface Turn {
  role: 'system' | 'user' | 'assistant';
  text: string;
}

function writeTurn({ role, text }: Turn, template: Template, isOpen: boolean): string {
  const [prefix, suffix] = (role === 'system' ? template.system : template[role]) ?? ['', ''];
  return isOpen ? prefix + text : prefix + text + suffix;
}

function turnsOf(messages: Message[], template: Template): Turn[] {
  const turns: Turn[] = [];
  const isOpenAt = messages.at(-1)?.role === 'assistant' ? messages.length - 1 : -1;
  /** Instructions of a family without that role, until the user says something to put them in front of. */
  let instructions = '';
  for (const [at, message] of messages.entries()) {
    const turn = { role: roleOf(message), text: neutralise(textOf(message), template) };
    // The open answer keeps its end exactly: a trimmed space would glue words together.
    if (template.trims) turn.text = at === isOpenAt ? turn.text.trimStart() : turn.text.trim();
    if (turn.role === 'system' && !template.system) {
      instructions += wrapped(turn.text, template);
      continue;
    }
    if (turn.role === 'user') {
      turn.text = instructions + turn.text;
      instructions = '';
    }
    const before = turns.at(-1);
    if (template.alternates && before?.role === turn.role) before.text += `\n\n${turn.text}`;
    else turns.push(turn);
  }
  if (instructions !== '') turns.push({ role: 'user', text: instructions.trimEnd() });
  if (template.alternates && turns[0]?.role === 'assistant') turns.unshift({ role: 'user', text: '(start)' });
  if (template.defaultSystem && turns[0]?.role !== 'system') turns.unshift({ role: 'system', text: template.defaultSystem });
  return turns;
}

function wrapped(text: string, { systemInUser: [prefix, suffix] = ['', '\n\n'] }: Template): string {
  return prefix + text + suffix;
}

function roleOf({ role }: Message): Turn['role'] {
  return role === 'tool' ? 'user' : role;
}

function textOf(message: Message): string {
  if (message.role === 'tool') {
    const results = message.content.map(({ name, content }) => `Result of ${name ?? 'the tool'}: ${content.map(textIn).join('\n')}`);
    return results.join('\n');
  }
  return message.content.map(textIn).join(message.role === 'assistant' ? '' : '\n');
}

/** Pictures and sounds have no place in a prompt of text; whoever calls has said so to the page. */
function textIn(item: { type: string; text?: string }): string {
  return item.type === 'text' || item.type === 'refusal' ? (item.text ?? '') : '';
}
