import type { Content, Message, TextContent } from '../../protocol/message.ts';
import type { Part, ToolCallPart } from '../../protocol/part.ts';
import type { ChatRequest, Tool } from '../../protocol/request.ts';
import type { Asked } from '../../router/router.ts';
import { isRefusal } from './asking.ts';

/** One question to the engine. */
export type AskEngine = (request: Asked<ChatRequest>) => AsyncIterable<Part[]>;

/**
 * Asks with tools, also where the backend knows none: then the model is told about them and writes its calls as JSON
 * (docs/web/language-model.md describes how).
 */
export async function* askWithTools(ask: AskEngine, request: Asked<ChatRequest>): AsyncGenerator<Part[]> {
  if (!request.tools?.length) return yield* ask(request);
  let hasBegun = false;
  try {
    for await (const parts of ask(request)) {
      hasBegun = true;
      yield parts;
    }
  } catch (thrown) {
    if (hasBegun || !isRefusal(thrown)) throw thrown;
    yield* askTold(ask, request, request.tools);
  }
}

async function* askTold(ask: AskEngine, request: Asked<ChatRequest>, tools: Tool[]): AsyncGenerator<Part[]> {
  const { tools: _tools, toolChoice: _choice, parallelToolCalls: _parallel, ...rest } = request;
  const messages = [{ role: 'system', content: [instructions(tools)] } as Message, ...request.messages.map(told)];
  const known = request.messages.flatMap(({ content }) => content as Content[]).filter(({ type }) => type === 'tool-call').length;
  let held = '';
  for await (const parts of ask({ ...rest, messages: joinSystem(messages) })) {
    const passed: Part[] = [];
    for (const part of parts) {
      if (part.type === 'text') {
        const all = held + part.text;
        // What may be the beginning of a call is not an answer yet.
        const start = held === '' ? all.search(/\{|```/) : 0;
        const text = start < 0 ? all : all.slice(0, start);
        held = start < 0 ? '' : all.slice(start);
        if (text !== '') passed.push({ ...part, text });
      } else if (part.type === 'end') {
        const calls = readCalls(held, tools, known);
        if (calls) passed.push(...calls, { ...part, reason: 'tool-calls' });
        else passed.push(...(held === '' ? [] : [{ type: 'text' as const, text: held }]), part);
      } else passed.push(part);
    }
    if (passed.length > 0) yield passed;
  }
}

function instructions(tools: Tool[]): TextContent {
  const list = tools.map(({ name, description, parameters }) => JSON.stringify({ name, description, parameters })).join('\n');
  return {
    type: 'text',
    text: `You can call these tools, one in a line with the JSON schema of its parameters:
${list}
To call tools, answer with nothing but JSON of this form, one entry for each call:
{"tool_calls": [{"name": "the name of the tool", "arguments": {}}]}
The results come in the next message. Call a tool only where you need it; otherwise answer in plain text.`,
  };
}

/** Calls and results as text, the way the instructions tell it. */
function told(message: Message): Message {
  if (message.role === 'tool') {
    const results = message.content.map(({ name, content, isError }) => {
      const text = content.map((item) => (item.type === 'text' ? item.text : '')).join('\n');
      return { name, [isError ? 'error' : 'result']: text };
    });
    return { role: 'user', content: [{ type: 'text', text: JSON.stringify({ tool_results: results }) }] };
  }
  if (message.role !== 'assistant') return message;
  const calls = message.content.flatMap((item) =>
    item.type === 'tool-call' ? [{ name: item.name, arguments: parsed(item.arguments) }] : [],
  );
  if (calls.length === 0) return message;
  const text = message.content.map((item) => (item.type === 'text' ? item.text : '')).join('');
  return { role: 'assistant', content: [{ type: 'text', text: `${text}${JSON.stringify({ tool_calls: calls })}` }] };
}

/** The calls in what a model wrote; undefined where it is something else. */
function readCalls(text: string, tools: Tool[], known: number): ToolCallPart[] | undefined {
  const [start, end] = [text.indexOf('{'), text.lastIndexOf('}')];
  const value = start < 0 || end < start ? undefined : parsed(text.slice(start, end + 1));
  const calls = typeof value === 'object' && value !== null ? (value as { tool_calls?: unknown }).tool_calls : undefined;
  if (!Array.isArray(calls) || calls.length === 0) return undefined;
  const read = calls.map((call: unknown, index): ToolCallPart | undefined => {
    const { name, arguments: input = {} } = (call ?? {}) as { name?: unknown; arguments?: unknown };
    const tool = tools.find((each) => each.name === name);
    return tool && { type: 'tool-call', index, id: `call_${known + index + 1}`, name: tool.name, arguments: JSON.stringify(input) };
  });
  return read.every((call) => call !== undefined) ? read : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** Some templates know one message of instructions only. */
function joinSystem([first, second, ...rest]: Message[]): Message[] {
  if (first?.role !== 'system' || second?.role !== 'system') return [first, second, ...rest].filter((message) => message !== undefined);
  return [{ role: 'system', content: [...second.content, { type: 'text', text: '\n\n' }, ...first.content] }, ...rest];
}
