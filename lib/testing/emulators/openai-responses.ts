import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import { type Frame, sendFrames } from '../kit/send-frames.ts';
import { type Ask, listOf, readTool } from '../openai-shape/ask.ts';
import { sendWhole } from '../openai-shape/frames.ts';
import { planReply, type Reply } from '../openai-shape/plan-reply.ts';
import { countTokens } from '../tokens.ts';

/** POST /v1/responses, streaming or not. `hasFlatErrors`: errors in a stream as the description has them, not as they were seen. */
export async function answerResponses(exchange: Exchange, hasFlatErrors = false): Promise<void> {
  const reply = planReply(readAsk(exchange.body), exchange.scenario);
  if (exchange.body.stream !== true) return sendWhole(exchange, response(exchange, reply, outputOf(exchange, reply)), reply.outputTokens);
  await sendFrames(exchange, 'text/event-stream; charset=utf-8', frames(exchange, reply), () => errorEvents(exchange, hasFlatErrors));
}

/** What OpenAI would refuse in the body, or undefined. */
export function responsesComplaint(body: JsonObject): { message: string; param: string; code: string } | undefined {
  const stranger = Object.keys(body).find((field) => !fields.includes(field));
  if (stranger !== undefined) return { message: `Unknown parameter: '${stranger}'.`, param: stranger, code: 'unknown_parameter' };
  const refused = ['temperature', 'top_p', 'top_logprobs'].find((field) => body[field] !== undefined);
  if (refused !== undefined)
    return {
      message: `Unsupported parameter: '${refused}' is not supported with this model.`,
      param: refused,
      code: 'unsupported_parameter',
    };
  const wrongTool = listOf(body.tools).findIndex(
    (tool) => tool.type === 'function' && (typeof tool.name !== 'string' || !('strict' in tool) || !('parameters' in tool)),
  );
  if (wrongTool >= 0) return { message: 'Missing required parameter.', param: `tools[${wrongTool}]`, code: 'missing_required_parameter' };
  const items = listOf(body.input);
  for (const [index, item] of items.entries()) {
    const isAnswered = items.slice(0, index).some((other) => other.type === 'function_call' && other.call_id === item.call_id);
    if (item.type === 'function_call_output' && !isAnswered)
      return {
        message: `No tool call found for function call output with call_id ${item.call_id}.`,
        param: 'input',
        code: 'invalid_value',
      };
    if (item.type === 'reasoning' && typeof item.encrypted_content !== 'string')
      return {
        message: `Item with id '${item.id}' not found. Items are not persisted when \`store\` is set to false.`,
        param: 'input',
        code: 'not_found',
      };
    if (item.type === 'reasoning' && items[index + 1]?.type !== 'function_call' && items[index + 1]?.role !== 'assistant')
      return {
        message: `Item '${item.id}' of type 'reasoning' was provided without its required following item.`,
        param: 'input',
        code: 'invalid_value',
      };
  }
  return undefined;
}

/** From OpenAI's published API description. */
const fields = [
  ...['model', 'input', 'instructions', 'max_output_tokens', 'temperature', 'top_p', 'top_logprobs', 'tools', 'tool_choice'],
  ...[
    'parallel_tool_calls',
    'max_tool_calls',
    'text',
    'reasoning',
    'previous_response_id',
    'conversation',
    'store',
    'include',
    'background',
  ],
  ...['stream', 'stream_options', 'service_tier', 'metadata', 'prompt', 'prompt_cache_key', 'prompt_cache_retention', 'safety_identifier'],
  ...['user', 'truncation', 'moderation', 'context_management'],
];

function readAsk(body: JsonObject): Ask {
  const items = listOf(body.input);
  const format = asObject(asObject(body.text).format);
  const choice = body.tool_choice;
  const name = asObject(choice).name;
  return {
    promptTokens: countTokens(items.map((item) => JSON.stringify(item.content ?? item.output ?? '')).join(' ')),
    ...(format.type === 'json_schema' && format.schema !== undefined && { schema: format.schema }),
    ...(format.type === 'json_object' && { schema: { type: 'object' } }),
    tools: listOf(body.tools).map(readTool),
    toolChoice: choice === 'none' || choice === 'required' ? choice : typeof name === 'string' ? { name } : 'auto',
    afterToolResult: items.at(-1)?.type === 'function_call_output',
    stop: [],
    ...(typeof body.max_output_tokens === 'number' && { maxTokens: body.max_output_tokens }),
  };
}

function* frames(exchange: Exchange, reply: Reply): Generator<Frame> {
  const { scenario } = exchange;
  let number = 0;
  const event = (type: string, more: JsonObject): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number++, ...more })}\n\n`;
  const output = outputOf(exchange, reply);
  const begun = response(exchange, reply, []);

  yield { text: event('response.created', { response: { ...begun, status: 'in_progress', usage: null } }) };
  yield { text: event('response.in_progress', { response: { ...begun, status: 'in_progress', usage: null } }) };
  for (const [place, item] of output.entries()) {
    const at = { output_index: place, item_id: item.id ?? '' };
    yield { text: event('response.output_item.added', { output_index: place, item: { ...item, ...emptied[String(item.type)] } }) };
    if (item.type === 'reasoning' && reply.thoughts.length > 0) {
      yield { text: event('response.reasoning_summary_part.added', { ...at, summary_index: 0, part: { type: 'summary_text', text: '' } }) };
      for (const delta of reply.thoughts)
        yield { text: event('response.reasoning_summary_text.delta', { ...at, summary_index: 0, delta }), token: true };
    }
    if (item.type === 'message') {
      const kind = reply.isRefusal ? 'refusal' : 'output_text';
      yield {
        text: event('response.content_part.added', {
          ...at,
          content_index: 0,
          part: { type: kind, [reply.isRefusal ? 'refusal' : 'text']: '' },
        }),
      };
      do {
        for (const delta of reply.tokens)
          yield {
            text: event(`response.${kind}.delta`, { ...at, content_index: 0, delta, logprobs: [], obfuscation: 'xK3' }),
            token: true,
          };
      } while (scenario.endless && reply.tokens.length > 0);
      yield { text: event(`response.${kind}.done`, { ...at, content_index: 0, text: reply.tokens.join('') }) };
    }
    if (item.type === 'function_call') {
      const args = String(item.arguments);
      const piece = scenario.argumentPiece ?? 3;
      for (let start = 0; start < args.length; start += piece)
        yield { text: event('response.function_call_arguments.delta', { ...at, delta: args.slice(start, start + piece) }), token: true };
      yield { text: event('response.function_call_arguments.done', { ...at, name: item.name ?? '', arguments: args }) };
    }
    yield { text: event('response.output_item.done', { output_index: place, item }) };
  }
  const whole = response(exchange, reply, output);
  yield { text: event(whole.status === 'incomplete' ? 'response.incomplete' : 'response.completed', { response: whole }) };
}

/** What an item lacks when it begins. */
const emptied: Record<string, JsonObject> = {
  reasoning: { summary: [], encrypted_content: null },
  message: { content: [], status: 'in_progress' },
  function_call: { arguments: '', status: 'in_progress' },
};

function outputOf(exchange: Exchange, reply: Reply): JsonObject[] {
  const wantsEncrypted = Array.isArray(exchange.body.include) && exchange.body.include.includes('reasoning.encrypted_content');
  const thinks = reply.thoughts.length > 0 || reply.toolCalls.length > 0;
  const summary: JsonValue = reply.thoughts.length > 0 ? [{ type: 'summary_text', text: reply.thoughts.join('') }] : [];
  const text = reply.tokens.join('');
  const content: JsonObject = reply.isRefusal
    ? { type: 'refusal', refusal: text }
    : { type: 'output_text', text, annotations: [], logprobs: [] };
  return [
    ...(thinks ? [{ id: 'rs_1', type: 'reasoning', summary, ...(wantsEncrypted && { encrypted_content: 'gAAAAAB-emulated' }) }] : []),
    ...reply.toolCalls.map((call, index) => ({
      id: `fc_${index}`,
      type: 'function_call',
      status: 'completed',
      call_id: call.id,
      name: call.name,
      arguments: call.arguments,
    })),
    ...(reply.tokens.length > 0 || reply.toolCalls.length === 0
      ? [{ id: 'msg_1', type: 'message', status: 'completed', role: 'assistant', content: [content] }]
      : []),
  ];
}

function response(exchange: Exchange, reply: Reply, output: JsonObject[]): JsonObject {
  const cut = { length: 'max_output_tokens', content_filter: 'content_filter' }[String(reply.finish)];
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_767_225_600,
    status: cut ? 'incomplete' : 'completed',
    error: null,
    incomplete_details: cut ? { reason: cut } : null,
    model: exchange.model,
    output,
    store: exchange.body.store ?? true,
    usage: {
      input_tokens: reply.promptTokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: reply.outputTokens,
      output_tokens_details: { reasoning_tokens: reply.thoughtTokens },
      total_tokens: reply.promptTokens + reply.outputTokens,
    },
  };
}

/** As it was seen: nested, and followed by the failed response. */
function errorEvents(exchange: Exchange, isFlat: boolean): string {
  const error = asObject(asObject(exchange.failure(exchange.scenario.failure ?? 'server').body).error);
  const write = (type: string, more: JsonObject) => `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: 2, ...more })}\n\n`;
  if (isFlat) return write('error', { code: error.code ?? null, message: error.message ?? '', param: null });
  return write('error', { error }) + write('response.failed', { response: { id: 'resp_1', status: 'failed', error } });
}
