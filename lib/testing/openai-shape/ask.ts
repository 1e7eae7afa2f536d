import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { asObject } from '../kit/exchange.ts';
import { countTokens } from '../tokens.ts';

/** What a request wants, told the same way for every server. */
export interface Ask {
  promptTokens: number;
  /** JSON schema of the answer; `{}` for any object. */
  schema?: JsonValue;
  /** Regular expression of the answer. */
  pattern?: string;
  tools: AskedTool[];
  toolChoice: 'auto' | 'none' | 'required' | { name: string };
  /** The latest message is a tool's result, so text is due. */
  afterToolResult: boolean;
  stop: string[];
  maxTokens?: number;
  /** Alternatives wanted for each token; absent: no log probabilities. */
  logprobs?: number;
}

export interface AskedTool {
  name: string;
  description: string;
  parameters: JsonValue;
}

/** Reads a body of the chat completions route. */
export function readChatAsk(body: JsonObject): Ask {
  const messages = listOf(body.messages);
  const maxTokens = body.max_completion_tokens ?? body.max_tokens;
  return {
    promptTokens: countTokens(messages.map(messageText).join('\n')),
    ...readFormat(body),
    tools: listOf(body.tools).map((tool) => readTool(asObject(tool.function))),
    toolChoice: readToolChoice(body.tool_choice),
    afterToolResult: messages.at(-1)?.role === 'tool',
    stop: readStop(body.stop),
    ...(typeof maxTokens === 'number' && maxTokens >= 0 && { maxTokens }),
    ...(body.logprobs === true && { logprobs: Number(body.top_logprobs ?? 0) }),
  };
}

/** Reads a body of the text completions route. */
export function readTextAsk(body: JsonObject): Ask {
  return {
    promptTokens: countTokens(String(body.prompt ?? '')),
    ...readFormat(body),
    tools: [],
    toolChoice: 'none',
    afterToolResult: false,
    stop: readStop(body.stop),
    ...(typeof body.max_tokens === 'number' && body.max_tokens >= 0 && { maxTokens: body.max_tokens }),
    ...(typeof body.logprobs === 'number' && { logprobs: body.logprobs }),
  };
}

/** The text of a message, with a mark for every other part. */
export function messageText(message: JsonObject): string {
  const { content } = message;
  const parts = Array.isArray(content) ? content.map((part) => partText(asObject(part))) : [typeof content === 'string' ? content : ''];
  const calls = listOf(message.tool_calls).map((call) => JSON.stringify(call.function ?? {}));
  return [...parts, ...calls].join('');
}

/** The objects in a JSON array, an empty list for anything else. */
export function listOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.map(asObject) : [];
}

export function readStop(stop: JsonValue | undefined): string[] {
  return typeof stop === 'string' ? [stop] : Array.isArray(stop) ? stop.map(String) : [];
}

export function readTool(tool: JsonObject): AskedTool {
  return { name: String(tool.name ?? ''), description: String(tool.description ?? ''), parameters: tool.parameters ?? {} };
}

function partText(part: JsonObject): string {
  return part.type === 'text' ? String(part.text ?? '') : `<${String(part.type)}>`;
}

/** OpenAI's `response_format` with the two places llama.cpp reads the schema from, and vLLM's and llama.cpp's own fields. */
function readFormat(body: JsonObject): Pick<Ask, 'schema' | 'pattern'> {
  const format = asObject(body.response_format);
  const structured = asObject(body.structured_outputs);
  const schema = asObject(format.json_schema).schema ?? format.schema ?? structured.json ?? body.guided_json ?? body.json_schema;
  const pattern = structured.regex ?? body.guided_regex;
  if (schema !== undefined && schema !== null) return { schema };
  if (format.type === 'json_object') return { schema: { type: 'object' } };
  return typeof pattern === 'string' ? { pattern } : {};
}

function readToolChoice(choice: JsonValue | undefined): Ask['toolChoice'] {
  if (choice === 'none' || choice === 'required') return choice;
  const name = asObject(asObject(choice).function).name;
  return typeof name === 'string' ? { name } : 'auto';
}
