import type { JsonObject } from '../../protocol/json.ts';
import { hasBearer } from '../kit/credentials.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure, Finish } from '../kit/scenario.ts';
import { type Frame, sendFrames } from '../kit/send-frames.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../kit/start-emulator.ts';
import { vectorOf } from '../openai-shape/answer-embeddings.ts';
import { type Ask, listOf, messageText, readTool } from '../openai-shape/ask.ts';
import { sendWhole } from '../openai-shape/frames.ts';
import { planReply, type Reply } from '../openai-shape/plan-reply.ts';
import { countTokens, tokenise } from '../tokens.ts';

/** One with tools and reasoning, one for embeddings, one on its way out. */
export const cohereModels = ['command-a-03-2025', 'embed-v4.0', 'command-light'];

/** Starts an emulator of Cohere's own API; its base address is `url`. */
export function startCohere(options: EmulatorOptions = {}): Promise<Emulator> {
  const known = (run: (exchange: Exchange) => void | Promise<void>) => (exchange: Exchange) => {
    if (!cohereModels.includes(exchange.model)) return exchange.fail('model-not-found');
    const complaint = cohereComplaint(exchange.body);
    return complaint ? exchange.json(400, { message: complaint }) : run(exchange);
  };
  return startEmulator(
    {
      gate(exchange) {
        if (hasBearer(exchange, options.apiKey)) return false;
        exchange.fail('unauthorized');
        return true;
      },
      routes: {
        'GET /v1/models': listModels,
        'POST /v1/tokenize': known(({ body, json }) => {
          const tokens = tokenise(String(body.text));
          json(200, { tokens: tokens.map((_, index) => index), token_strings: tokens });
        }),
      },
      answers: { 'POST /v2/chat': known(answer), 'POST /v2/embed': known(embed) },
      unknown: (exchange) => exchange.json(404, { message: 'page not found' }),
      failure: cohereFailure,
    },
    options,
  );
}

function listModels(exchange: Exchange): void {
  const query = new URLSearchParams(exchange.request.query);
  const size = Number(query.get('page_size') ?? 20);
  const start = Number(query.get('page_token') || 0);
  const page = cohereModels.slice(start, start + size).map((name) => ({
    name,
    endpoints: name.startsWith('embed') ? ['embed'] : ['chat'],
    finetuned: false,
    context_length: name.startsWith('embed') ? 8192 : 256_000,
    features: name === 'command-a-03-2025' ? ['json_mode', 'json_schema', 'tools', 'strict_tools', 'safety_modes', 'reasoning'] : null,
    is_deprecated: name === 'command-light',
  }));
  exchange.json(200, { models: page, ...(start + size < cohereModels.length && { next_page_token: String(start + size) }) });
}

/** What the API refuses with 400 or 422. */
function cohereComplaint(body: JsonObject): string | undefined {
  const range = (name: string, least: number, most: number) => {
    const value = body[name];
    return typeof value === 'number' && (value < least || value > most)
      ? `invalid request: ${name} must be between ${least} and ${most} inclusive.`
      : undefined;
  };
  const stops = Array.isArray(body.stop_sequences) ? body.stop_sequences.length : 0;
  if (stops > 5) return 'invalid request: a maximum of 5 stop sequences is allowed.';
  if (body.tool_choice !== undefined && body.tool_choice !== 'REQUIRED' && body.tool_choice !== 'NONE')
    return 'invalid request: tool_choice must be REQUIRED or NONE';
  return (
    range('temperature', 0, 1) ??
    range('p', 0.01, 0.99) ??
    range('k', 0, 500) ??
    range('frequency_penalty', 0, 1) ??
    range('presence_penalty', 0, 1)
  );
}

function readAsk(body: JsonObject): Ask {
  const messages = listOf(body.messages);
  const format = asObject(body.response_format);
  return {
    promptTokens: countTokens(messages.map(messageText).join('\n')),
    ...(format.type === 'json_object' && { schema: format.json_schema ?? { type: 'object' } }),
    tools: listOf(body.tools).map((tool) => readTool(asObject(tool.function))),
    toolChoice: body.tool_choice === 'NONE' ? 'none' : body.tool_choice === 'REQUIRED' ? 'required' : 'auto',
    afterToolResult: messages.at(-1)?.role === 'tool',
    stop: Array.isArray(body.stop_sequences) ? body.stop_sequences.map(String) : [],
    ...(typeof body.max_tokens === 'number' && { maxTokens: body.max_tokens }),
  };
}

async function answer(exchange: Exchange): Promise<void> {
  const reply = planReply(readAsk(exchange.body), exchange.scenario);
  if (exchange.body.stream !== true) return sendWhole(exchange, wholeAnswer(reply), reply.outputTokens);
  await sendFrames(exchange, 'text/event-stream; charset=utf-8', streamFrames(exchange, reply), () =>
    eventText({
      type: 'message-end',
      delta: { error: asObject(exchange.failure(exchange.scenario.failure ?? 'server').body).message ?? '', finish_reason: 'ERROR' },
    }),
  );
}

function* streamFrames(exchange: Exchange, reply: Reply): Generator<Frame> {
  const { scenario } = exchange;
  const piece = scenario.argumentPiece ?? 3;
  yield {
    text: eventText({
      id: 'c1',
      type: 'message-start',
      delta: { message: { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] } },
    }),
  };
  let index = 0;
  const content = function* (kind: 'thinking' | 'text', pieces: string[]): Generator<Frame> {
    yield { text: eventText({ type: 'content-start', index, delta: { message: { content: { type: kind, [kind]: '' } } } }) };
    do
      for (const part of pieces)
        yield { text: eventText({ type: 'content-delta', index, delta: { message: { content: { [kind]: part } } } }), token: true };
    while (scenario.endless && kind === 'text');
    yield { text: eventText({ type: 'content-end', index }) };
    index += 1;
  };
  if (reply.toolCalls.length > 0) {
    for (const plan of reply.thoughts)
      yield { text: eventText({ type: 'tool-plan-delta', delta: { message: { tool_plan: plan } } }), token: true };
  } else if (reply.thoughts.length > 0) yield* content('thinking', reply.thoughts);
  if (reply.tokens.length > 0) yield* content('text', reply.tokens);
  for (const [number, call] of reply.toolCalls.entries()) {
    const event = (type: string, calls: JsonObject): Frame => ({
      text: eventText({ type, index: number, delta: { message: { tool_calls: calls } } }),
      token: true,
    });
    yield event('tool-call-start', { id: call.id, type: 'function', function: { name: call.name, arguments: '' } });
    for (let start = 0; start < call.arguments.length; start += piece)
      yield event('tool-call-delta', { function: { arguments: call.arguments.slice(start, start + piece) } });
    yield { text: eventText({ type: 'tool-call-end', index: number }) };
  }
  const last = eventText({ type: 'message-end', delta: { finish_reason: finishOf(reply), usage: usageOf(reply) } });
  yield { text: scenario.dropLastBlankLine ? last.slice(0, -2) : last };
}

function wholeAnswer(reply: Reply): JsonObject {
  return {
    id: 'c1',
    finish_reason: finishOf(reply),
    message: {
      role: 'assistant',
      content: [
        ...(reply.thoughts.length > 0 ? [{ type: 'thinking', thinking: reply.thoughts.join('') }] : []),
        ...(reply.tokens.length > 0 ? [{ type: 'text', text: reply.tokens.join('') }] : []),
      ],
      ...(reply.toolCalls.length > 0 && {
        tool_calls: reply.toolCalls.map((call) => ({
          id: call.id,
          type: 'function',
          function: { name: call.name, arguments: call.arguments },
        })),
      }),
    },
    usage: usageOf(reply),
  };
}

function embed(exchange: Exchange): void {
  const texts = Array.isArray(exchange.body.texts) ? exchange.body.texts.map(String) : [];
  const size = Number(exchange.body.output_dimension ?? 8);
  if (texts.length > 96) exchange.json(400, { message: 'invalid request: total number of texts must be at most 96.' });
  else if (exchange.body.input_type === undefined) exchange.json(400, { message: 'invalid request: input_type is required.' });
  else
    exchange.json(200, {
      id: 'e1',
      embeddings: { float: texts.map((text) => vectorOf(text, size)) },
      meta: { billed_units: { input_tokens: texts.reduce((sum, text) => sum + countTokens(text), 0) } },
    });
}

function finishOf(reply: Reply): string {
  const reasons: Record<Finish, string> = {
    stop: 'COMPLETE',
    length: 'MAX_TOKENS',
    tool_calls: 'TOOL_CALL',
    content_filter: 'ERROR_TOXIC',
  };
  return reply.isRefusal ? 'ERROR_TOXIC' : reply.stoppedBy !== undefined ? 'STOP_SEQUENCE' : reasons[reply.finish];
}

function usageOf(reply: Reply): JsonObject {
  return {
    billed_units: { input_tokens: 5, output_tokens: reply.outputTokens },
    tokens: { input_tokens: reply.promptTokens, output_tokens: reply.outputTokens },
    cached_tokens: 0,
  };
}

function eventText(event: JsonObject): string {
  return `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Cohere's status and words for each failure. */
function cohereFailure(failure: Failure, exchange: Exchange): CannedReply {
  const table: Record<Failure, [number, string]> = {
    unauthorized: [401, exchange.request.headers.authorization ? 'invalid api token' : 'no api key supplied'],
    forbidden: [403, 'your account does not have access to this resource'],
    'out-of-credit': [402, 'your account has no credit left'],
    'model-not-found': [
      404,
      `model '${exchange.model}' not found, make sure the correct model ID was used and that you have access to the model.`,
    ],
    'rate-limited': [429, 'You are using a Trial key, which is limited to 10 API calls / minute.'],
    'context-length': [400, 'too many tokens: size limit exceeded by 1200 tokens. Try using shorter or fewer inputs.'],
    'content-filter': [400, 'blocked output: please ensure that your prompt follows the usage guidelines'],
    'bad-request': [400, 'invalid request: message must be at least 1 token long or tool results must be specified.'],
    overloaded: [503, 'service unavailable'],
    loading: [503, 'service unavailable'],
    server: [500, 'internal server error'],
  };
  const [status, message] = table[failure];
  return { status, body: { id: 'x', message } };
}
