import type { AssistantContent, Content, Message, TextContent, ToolResult, UserContent } from '../../protocol/message.ts';
import { PromptFailure } from './failure.ts';
import type { Options, PageContent, PageMessage } from './read.ts';
import { toolResult } from './tool-result.ts';

/** Where messages stand. */
export interface Standing {
  options: Options;
  /** Something was said before them. */
  isLater: boolean;
  /** They are initial prompts. */
  isInitial?: boolean;
  /** They are a turn that was let in once. */
  isPast?: boolean;
}

/**
 * The messages of a page in our own vocabulary, by the rules of the Prompt API: instructions come first or not at all,
 * only a last message of the assistant can be the beginning of an answer, neighbouring texts are one, nothing is an
 * empty text.
 */
export function canonical(messages: PageMessage[], { options, isLater, isInitial = false, isPast = false }: Standing): Message[] {
  const given: PageMessage[] = messages.length > 0 || isInitial ? messages : [{ role: 'user', content: '' }];
  const accepted = new Set(['text', ...options.expectedInputs.map(({ type }) => type)]);
  // The page script runs these tools itself, and the page need not have heard of their results.
  if (options.tools.some(({ execute }) => execute)) accepted.add('tool-response');
  given.forEach(({ role, prefix }, index) => {
    if (isPast) return;
    if (role === 'system' && (isLater || index > 0)) refuse('TypeError', 'A message with the system role can only be the very first.');
    if (!prefix) return;
    if (isInitial) refuse('SyntaxError', 'Initial prompts hold no beginning of an answer.');
    if (role !== 'assistant') refuse('SyntaxError', 'Only a message of the assistant can be the beginning of an answer.');
    if (index < given.length - 1) refuse('SyntaxError', 'Only the last message can be the beginning of an answer.');
  });
  return given.flatMap((message) => readMessage(message, accepted));
}

/** One message can be several of ours: what tools gave has a role of its own. */
function readMessage({ role, content, prefix }: PageMessage, accepted: Set<string>): Message[] {
  const contents: PageContent[] = typeof content === 'string' ? [{ type: 'text', value: content }] : content;
  const groups: { role: Message['role']; content: Content[] }[] = [];
  for (const item of contents.length > 0 ? contents : [{ type: 'text' as const, value: '' }]) {
    const read = readContent(item, role, accepted);
    const ownRole = read.type === 'tool-result' ? 'tool' : read.type === 'tool-call' || read.type === 'thought' ? 'assistant' : role;
    const group = groups.at(-1);
    if (group?.role === ownRole) add(group.content, read);
    else groups.push({ role: ownRole, content: [read] });
  }
  return groups.map((group) => ({ ...group, ...(prefix && group === groups.at(-1) && { prefix: true }) }) as Message);
}

function add(contents: Content[], item: Content): void {
  const last = contents.at(-1);
  if (last?.type === 'text' && item.type === 'text') contents[contents.length - 1] = { type: 'text', text: last.text + item.text };
  else contents.push(item);
}

function readContent(
  item: PageContent,
  role: PageMessage['role'],
  accepted: Set<string>,
): TextContent | UserContent | AssistantContent | ToolResult {
  // What the model once gave.
  if (!('value' in item)) return item as AssistantContent;
  const { type, value } = item;
  if (type === 'text') {
    if (typeof value !== 'string') refuse('SyntaxError', 'The value of a text is not a string.');
    return { type, text: value.toWellFormed() };
  }
  if (role !== 'user' && (type === 'image' || type === 'audio')) refuse('NotSupportedError', `Only messages of the user hold ${type}.`);
  if (!accepted.has(type)) refuse('NotSupportedError', `The session was created without ${type} in expectedInputs.`);
  const owner = { 'tool-call': 'assistant', 'tool-response': 'user' }[type as string] ?? role;
  if (role !== owner) refuse('TypeError', `Only messages of the ${owner} hold ${type}.`);
  if (typeof value === 'string') return refuse('SyntaxError', `The value of this ${type} is none.`);
  if (type === 'tool-response') return toolResult(value);
  if (type === 'tool-call') {
    if (value.kind !== 'LanguageModelToolCall') return refuse('SyntaxError', 'The value of this tool-call is no LanguageModelToolCall.');
    if (!value.json?.startsWith('{')) return refuse('DataError', 'The arguments of this tool-call are no dictionary.');
    return { type, id: value.callID, name: value.name, arguments: value.json };
  }
  if (value.kind !== type || !('data' in value)) return refuse('SyntaxError', `The value of this ${type} is none.`);
  const { mediaType, data } = value;
  return { type, mediaType, data };
}

function refuse(name: string, message: string): never {
  throw new PromptFailure(name, message);
}
