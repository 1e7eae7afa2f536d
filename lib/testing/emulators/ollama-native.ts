import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import { type Frame, sendFrames } from '../kit/send-frames.ts';
import { type Ask, listOf, readStop, readTool } from '../openai-shape/ask.ts';
import { sendWhole } from '../openai-shape/frames.ts';
import { contentLogprobs } from '../openai-shape/logprobs.ts';
import { planReply, type Reply } from '../openai-shape/plan-reply.ts';
import { countTokens } from '../tokens.ts';
import type { OllamaModel } from './ollama-models.ts';

/** What a model that thinks thinks. */
export const stockThoughts = ['Let', ' me', ' think', '.'];

/** `/api/chat`: NDJSON, streaming unless told not to; tool calls come whole with an object as arguments. */
export async function answerOllamaChat(exchange: Exchange, model: OllamaModel, contextWindow: number): Promise<void> {
  const messages = listOf(exchange.body.messages);
  const complaint = findComplaint(exchange.body, messages, model);
  if (complaint !== undefined) return exchange.json(400, { error: complaint });
  if (messages.length === 0)
    return exchange.json(200, {
      ...stamp(model),
      message: { role: 'assistant', content: '' },
      done: true,
      done_reason: loadReason(exchange),
    });
  const prompt = messages.map((message) => String(message.content ?? '')).join('\n');
  await answer(exchange, model, readAsk(exchange.body, prompt, messages.at(-1)?.role === 'tool'), contextWindow, chatPieces);
}

/** `/api/generate`: the same in `response`, for a prompt. */
export async function answerOllamaGenerate(exchange: Exchange, model: OllamaModel, contextWindow: number): Promise<void> {
  const { body } = exchange;
  const isEmpty = body.prompt === undefined || body.prompt === '';
  // Whatever the model can do, it can be unloaded.
  if (isEmpty && body.keep_alive === 0) return exchange.json(200, { ...stamp(model), response: '', done: true, done_reason: 'unload' });
  if (body.raw === true && (body.template !== undefined || body.system !== undefined || body.context !== undefined)) {
    return exchange.json(400, { error: 'raw mode does not support template, system, or context' });
  }
  const complaint = findComplaint(body, [], model);
  if (complaint !== undefined) return exchange.json(400, { error: complaint });
  if (isEmpty) return exchange.json(200, { ...stamp(model), response: '', done: true, done_reason: loadReason(exchange) });
  await answer(exchange, model, readAsk(body, String(body.prompt), true), contextWindow, generatePieces);
}

/** How a route writes text, reasoning and tool calls into its objects. */
type Pieces = (content: { text?: string; thought?: string; calls?: JsonValue }) => JsonObject;

const chatPieces: Pieces = ({ text = '', thought, calls }) => ({
  message: {
    role: 'assistant',
    content: text,
    ...(thought !== undefined && { thinking: thought }),
    ...(calls !== undefined && { tool_calls: calls }),
  },
});
const generatePieces: Pieces = ({ text = '', thought }) => ({ response: text, ...(thought !== undefined && { thinking: thought }) });

async function answer(exchange: Exchange, model: OllamaModel, ask: Ask, contextWindow: number, pieces: Pieces): Promise<void> {
  const { body, scenario } = exchange;
  if (body.truncate === false && ask.promptTokens > contextWindow) return exchange.fail('context-length');
  const thinks = model.capabilities.includes('thinking') && body.think !== false;
  const reply = planReply(ask, thinks ? { thoughts: stockThoughts, ...scenario } : scenario);
  if (body.stream === false) {
    const { thoughts, tokens, toolCalls } = reply;
    const content = {
      text: tokens.join(''),
      ...(thoughts.length > 0 && { thought: thoughts.join('') }),
      ...(toolCalls.length > 0 && { calls: callList(reply) }),
    };
    const logprobs = reply.logprobs === undefined ? {} : { logprobs: contentLogprobs(tokens, reply.logprobs).content ?? [] };
    return sendWhole(exchange, { ...stamp(model), ...pieces(content), ...logprobs, ...ending(reply, contextWindow) }, reply.outputTokens);
  }
  const errorLine = () => `${JSON.stringify(exchange.failure(scenario.failure ?? 'server').body)}\n`;
  await sendFrames(exchange, 'application/x-ndjson', nativeFrames(exchange, model, reply, contextWindow, pieces), errorLine);
}

function* nativeFrames(exchange: Exchange, model: OllamaModel, reply: Reply, contextWindow: number, pieces: Pieces): Generator<Frame> {
  const { scenario } = exchange;
  const line = (value: JsonObject): string => `${JSON.stringify({ ...stamp(model), ...value })}\n`;
  for (const thought of reply.thoughts) yield { text: line({ ...pieces({ thought }), done: false }), token: true };
  do {
    for (const text of reply.tokens) {
      const logprobs = reply.logprobs === undefined ? {} : { logprobs: contentLogprobs([text], reply.logprobs).content ?? [] };
      yield { text: line({ ...pieces({ text }), ...logprobs, done: false }), token: true };
    }
  } while (scenario.endless && reply.tokens.length > 0);
  if (reply.toolCalls.length > 0) yield { text: line({ ...pieces({ calls: callList(reply) }), done: false }), token: true };
  yield { text: line({ ...pieces({}), ...ending(reply, contextWindow) }) };
}

function readAsk(body: JsonObject, prompt: string, afterToolResult: boolean): Ask {
  const options = asObject(body.options);
  return {
    promptTokens: countTokens(prompt),
    ...(typeof body.format === 'object' && body.format !== null && { schema: body.format }),
    ...(body.format === 'json' && { schema: { type: 'object' } }),
    tools: listOf(body.tools).map((tool) => readTool(asObject(tool.function))),
    toolChoice: 'auto',
    afterToolResult,
    stop: readStop(options.stop),
    ...(typeof options.num_predict === 'number' && options.num_predict >= 0 && { maxTokens: options.num_predict }),
    ...(body.logprobs === true && { logprobs: Number(body.top_logprobs ?? 0) }),
  };
}

/** What Go's decoder and Ollama's own checks would refuse. */
function findComplaint(body: JsonObject, messages: JsonObject[], model: OllamaModel): string | undefined {
  if (body.options !== undefined && (typeof body.options !== 'object' || body.options === null))
    return 'json: cannot unmarshal value into Go struct field ChatRequest.options';
  const wrongOption = Object.entries(asObject(body.options)).find(([name, value]) => !isRightType(name, value));
  if (wrongOption) return `option "${wrongOption[0]}" must be of type ${wrongOption[0] === 'stop' ? 'array' : 'number'}`;
  for (const message of messages) {
    if (message.content !== undefined && typeof message.content !== 'string')
      return 'json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string';
    const images = Array.isArray(message.images) ? message.images : [];
    if (images.some((image) => typeof image !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(image)))
      return 'illegal base64 data at input byte 4';
    const calls = listOf(message.tool_calls).map((call) => asObject(call.function).arguments);
    if (calls.some((value) => typeof value !== 'object'))
      return 'json: cannot unmarshal string into Go struct field ToolCallFunction.arguments of type api.ToolCallFunctionArguments';
  }
  const needs = {
    chat: !model.capabilities.includes('completion'),
    tools: body.tools !== undefined && !model.capabilities.includes('tools'),
  };
  if (needs.chat) return `"${model.name}" does not support chat`;
  if (needs.tools) return `registry.ollama.ai/library/${model.name} does not support tools`;
  if (typeof body.think === 'string' && model.architecture !== 'gptoss')
    return `think value "${body.think}" is not supported for this model`;
  if (body.think !== undefined && body.think !== false && !model.capabilities.includes('thinking'))
    return `"${model.name}" does not support thinking`;
  return undefined;
}

function isRightType(name: string, value: JsonValue): boolean {
  if (name === 'stop') return Array.isArray(value);
  return typeof value === 'number' || typeof value === 'boolean';
}

function loadReason(exchange: Exchange): string {
  return exchange.body.keep_alive === 0 ? 'unload' : 'load';
}

function callList(reply: Reply): JsonValue {
  return reply.toolCalls.map((call, index) => ({
    id: call.id,
    function: { index, name: call.name, arguments: JSON.parse(call.arguments) as JsonValue },
  }));
}

function stamp(model: OllamaModel): JsonObject {
  return { model: model.name, created_at: '2026-01-01T00:00:00.1Z' };
}

function ending(reply: Reply, contextWindow: number): JsonObject {
  return {
    done: true,
    done_reason: reply.finish === 'length' ? 'length' : 'stop',
    total_duration: 1_000_000,
    load_duration: 1,
    prompt_eval_count: Math.min(reply.promptTokens, contextWindow),
    prompt_eval_duration: 1,
    eval_count: reply.outputTokens,
    eval_duration: 1_000_000,
  };
}
