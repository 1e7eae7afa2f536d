import type { JsonObject } from '../protocol/json.ts';
import { asObject } from './kit/exchange.ts';
import type { ScriptedToolCall } from './kit/scenario.ts';
import { type Ask, type AskedTool, listOf } from './openai-shape/ask.ts';
import { matchingText } from './pattern-value.ts';
import { conformingValue } from './schema-value.ts';

/** In front of the first answer of a conversation. */
export const echoSentence = 'There is no model here, only an echo of what was said:\n';

/** A message that starts so, in a request with tools, is answered with calls as well; the mark itself is not echoed. */
const simpleCalls = '<GenerateSimpleToolCalls>';
const multipleCalls = '<GenerateMultipleToolCalls>';

/** How a result of a tool begins that is a failure: the protocol has no other way to say so. */
const failed = 'Error: ';

/** What it takes to echo a message: tools are known, and the names of those that were called, by the id of the call. */
interface Hearing {
  hasTools: boolean;
  names: Map<string, string>;
}

export interface EchoReply {
  text: string;
  toolCalls: ScriptedToolCall[];
}

/**
 * The echo's answer. Plain: everything said since its last answer. With a schema or pattern: a value that conforms,
 * continuing a given prefix. With a mark of tool calls: the echo, and one call for each tool with the arguments that
 * `Args: {…}` in its description names.
 */
export function echoReply(messages: JsonObject[], ask: Ask): EchoReply {
  const constrained = constrainedText(ask);
  if (constrained !== undefined) return { text: continueFrom(prefixOf(messages), constrained), toolCalls: [] };
  const hearing: Hearing = { hasTools: ask.tools.length > 0, names: calledNames(messages) };
  const { pending, isFirst } = readConversation(messages, hearing);
  const calls =
    hearing.hasTools && ask.toolChoice !== 'none' && pending.some((message) => message.role === 'user' && markOf(message) !== '');
  return {
    text: (isFirst ? echoSentence : '') + pending.map((message) => echoOf(message, hearing)).join(''),
    toolCalls: calls ? ask.tools.map(callOf) : [],
  };
}

/** Bytes of text, and 100 for each other part, tool call and tool result. */
export function measure(messages: JsonObject[]): number {
  return messages.reduce((sum, message) => {
    if (message.role === 'tool') return sum + 100;
    const parts = partsOf(message).reduce((size, part) => size + (part.type === 'text' ? measureText(String(part.text)) : 100), 0);
    return sum + parts + 100 * listOf(message.tool_calls).length;
  }, 0);
}

export function measureText(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/**
 * Tells the echo's own answers in the history from other assistant messages: they are what it would have said to the
 * messages before them. So it needs no memory, and survives that the oldest messages were dropped.
 */
function readConversation(messages: JsonObject[], hearing: Hearing): { pending: JsonObject[]; isFirst: boolean } {
  let pending: JsonObject[] = [];
  let isFirst = true;
  for (const [index, message] of messages.entries()) {
    const isOwn = message.role === 'assistant' && index < messages.length - 1 && isAnswerTo(textOf(message), pending, hearing);
    if (isOwn) isFirst = false;
    pending = isOwn ? [] : [...pending, message];
  }
  return { pending, isFirst };
}

function isAnswerTo(text: string, pending: JsonObject[], hearing: Hearing): boolean {
  const said = pending.map((message) => echoOf(message, hearing));
  if (text === echoSentence + said.join('')) return true;
  return said.some((_, start) => text !== '' && text === said.slice(start).join(''));
}

function echoOf(message: JsonObject, { hasTools, names }: Hearing): string {
  if (message.role === 'tool') {
    const callID = String(message.tool_call_id);
    const text = textOf(message);
    const heard = text.startsWith(failed) ? { errorMessage: text.slice(failed.length) } : { result: [text] };
    return `<tool-response>${JSON.stringify({ callID, name: names.get(callID), ...heard })}</tool-response>`;
  }
  const mark = hasTools ? markOf(message) : '';
  const calls = listOf(message.tool_calls).map((call) => {
    const { name, arguments: text } = asObject(call.function);
    return `<tool-call>${JSON.stringify({ callID: call.id, name, arguments: parse(String(text)) })}</tool-call>`;
  });
  return textOf(message).slice(mark.length) + calls.join('');
}

function calledNames(messages: JsonObject[]): Map<string, string> {
  const calls = messages.flatMap((message) => listOf(message.tool_calls));
  return new Map(calls.map((call) => [String(call.id), String(asObject(call.function).name)]));
}

function textOf(message: JsonObject): string {
  return partsOf(message).map(partText).join('');
}

function partText(part: JsonObject): string {
  if (part.type === 'text') return String(part.text);
  const kinds: Record<string, string> = { image_url: '<image>', input_audio: '<audio>', file: '<file>' };
  return kinds[String(part.type)] ?? `<${String(part.type)}>`;
}

function partsOf(message: JsonObject): JsonObject[] {
  return typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : listOf(message.content);
}

function markOf(message: JsonObject): string {
  const text = textOf(message);
  return [simpleCalls, multipleCalls].find((mark) => text.startsWith(mark)) ?? '';
}

function callOf(tool: AskedTool, index: number): ScriptedToolCall {
  return { id: `call_${index + 1}`, name: tool.name, arguments: argumentsIn(tool.description) };
}

/** The JSON object behind `Args: `, `{}` where there is none that parses. */
function argumentsIn(description: string): string {
  const start = description.indexOf('Args: {');
  if (start < 0) return '{}';
  const rest = description.slice(start + 'Args: '.length);
  for (let end = rest.indexOf('}'); end >= 0; end = rest.indexOf('}', end + 1)) {
    const candidate = rest.slice(0, end + 1);
    if (parse(candidate) !== candidate) return candidate;
  }
  return '{}';
}

function parse(text: string): JsonObject | string {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return text;
  }
}

function constrainedText(ask: Ask): string | undefined {
  if (ask.schema !== undefined) return JSON.stringify(conformingValue(ask.schema));
  return ask.pattern === undefined ? undefined : matchingText(ask.pattern);
}

function prefixOf(messages: JsonObject[]): string {
  const last = messages.at(-1);
  return last?.role === 'assistant' ? textOf(last) : '';
}

/** What is left of the text behind the prefix, blanks aside; the whole text where it does not begin so. */
function continueFrom(prefix: string, text: string): string {
  let at = 0;
  for (const character of prefix.replaceAll(/\s/g, '')) {
    while (/\s/.test(text[at] ?? '')) at += 1;
    if (!text.startsWith(character, at)) return text;
    at += character.length;
  }
  return text.slice(at);
}
