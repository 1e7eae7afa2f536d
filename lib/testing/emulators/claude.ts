import type { JsonObject } from '../../protocol/json.ts';
import { credentialsOf } from '../kit/credentials.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure, Finish } from '../kit/scenario.ts';
import { type Frame, sendFrames } from '../kit/send-frames.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../kit/start-emulator.ts';
import { type Ask, listOf } from '../openai-shape/ask.ts';
import { sendWhole } from '../openai-shape/frames.ts';
import { planReply, type Reply } from '../openai-shape/plan-reply.ts';
import { countTokens } from '../tokens.ts';
import { claudeComplaint } from './claude-rules.ts';

/** One that refuses samplers and thinks adaptively, one that thinks by budget, and one without either, newest first. */
export const claudeModels = ['claude-sonnet-5', 'claude-haiku-4-5-20251001', 'claude-3-haiku-20240307'];
const limits: Record<string, number> = { 'claude-haiku-4-5-20251001': 64_000, 'claude-3-haiku-20240307': 4096 };

export interface ClaudeOptions extends EmulatorOptions {
  models?: string[];
  /** The organisation forbids calls from browsers, whatever the header says. */
  forbidsBrowsers?: boolean;
}

/** Starts an emulator of the Messages API; its base address is `url`. */
export function startClaude(options: ClaudeOptions = {}): Promise<Emulator> {
  const models = options.models ?? claudeModels;
  const checked = (counting: boolean, run: (exchange: Exchange) => void | Promise<void>) => (exchange: Exchange) => {
    if (!models.includes(exchange.model)) return exchange.fail('model-not-found');
    const complaint = claudeComplaint({ ...exchange.body, model: exchange.model }, limitOf(exchange.model), counting);
    return complaint ? exchange.json(400, errorBody('invalid_request_error', complaint)) : run(exchange);
  };
  return startEmulator(
    {
      headers: { 'request-id': 'req_011CS', 'anthropic-organization-id': 'org-1' },
      cors: (request) =>
        request.headers[optIn] === 'true' ? { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' } : {},
      gate: (exchange) => gate(exchange, options),
      routes: {
        'GET /v1/models': (exchange) => listModels(exchange, models),
        'GET /v1/models/*': (exchange) => {
          const id = decodeURIComponent(exchange.request.path.slice('/v1/models/'.length));
          const found = models.find((model) => model === id || model.startsWith(`${id}-20`));
          if (found) exchange.json(200, modelCard(found));
          else exchange.fail('model-not-found');
        },
        'POST /v1/messages/count_tokens': checked(true, (exchange) =>
          exchange.json(200, { input_tokens: readAsk(exchange.body).promptTokens }),
        ),
      },
      answers: { 'POST /v1/messages': checked(false, answer) },
      unknown: (exchange) => exchange.json(404, errorBody('not_found_error', 'Not Found')),
      failure: claudeFailure,
    },
    options,
  );
}

const optIn = 'anthropic-dangerous-direct-browser-access';

function gate(exchange: Exchange, options: ClaudeOptions): boolean {
  const { headers } = exchange.request;
  const refuse = (status: number, type: string, message: string): true => {
    exchange.json(status, errorBody(type, message));
    return true;
  };
  if (headers.origin !== undefined) {
    if (headers[optIn] !== 'true') return refuse(401, 'authentication_error', `CORS requests must set '${optIn}' header`);
    if (options.forbidsBrowsers) {
      return refuse(
        401,
        'authentication_error',
        'CORS requests are not allowed for this Organization because of its settings. Contact your administrator.',
      );
    }
  }
  if (headers['anthropic-version'] === undefined) return refuse(400, 'invalid_request_error', 'anthropic-version: header is required');
  if (options.apiKey !== undefined && headers['x-api-key'] !== options.apiKey)
    return refuse(401, 'authentication_error', 'invalid x-api-key');
  return false;
}

function limitOf(model: string): number {
  return limits[model] ?? 128_000;
}

/** Pages of `limit` models from behind `after_id`. */
function listModels(exchange: Exchange, models: string[]): void {
  const query = new URLSearchParams(exchange.request.query);
  const start = query.has('after_id') ? models.indexOf(query.get('after_id') ?? '') + 1 : 0;
  const page = models.slice(start, start + Number(query.get('limit') ?? 20));
  exchange.json(200, {
    data: page.map(modelCard),
    has_more: start + page.length < models.length,
    first_id: page[0] ?? null,
    last_id: page.at(-1) ?? null,
  });
}

function modelCard(id: string): JsonObject {
  const isOld = id.includes('claude-3');
  return {
    type: 'model',
    id,
    display_name: id.replaceAll('-', ' ').replace('claude', 'Claude'),
    created_at: '2026-01-01T00:00:00Z',
    // Old snapshots come without limits and abilities.
    max_input_tokens: isOld ? null : 200_000,
    max_tokens: isOld ? null : limitOf(id),
    capabilities: isOld
      ? null
      : {
          image_input: { supported: true },
          pdf_input: { supported: true },
          structured_outputs: { supported: true },
          thinking: {
            supported: true,
            types: { adaptive: { supported: !id.includes('haiku') }, enabled: { supported: id.includes('haiku') } },
          },
        },
  };
}

function readAsk(body: JsonObject): Ask {
  const messages = listOf(body.messages);
  const choice = asObject(body.tool_choice);
  const schema = asObject(asObject(body.output_config).format).schema;
  return {
    promptTokens: countTokens(JSON.stringify([body.system ?? '', messages.map((message) => message.content ?? ''), body.tools ?? ''])),
    ...(schema !== undefined && { schema }),
    tools: listOf(body.tools).map((tool) => ({
      name: String(tool.name),
      description: String(tool.description ?? ''),
      parameters: tool.input_schema ?? {},
    })),
    toolChoice:
      choice.type === 'tool'
        ? { name: String(choice.name) }
        : choice.type === 'any'
          ? 'required'
          : choice.type === 'none'
            ? 'none'
            : 'auto',
    afterToolResult: listOf(messages.at(-1)?.content)[0]?.type === 'tool_result',
    stop: Array.isArray(body.stop_sequences) ? body.stop_sequences.map(String) : [],
    maxTokens: Number(body.max_tokens),
  };
}

async function answer(exchange: Exchange): Promise<void> {
  const reply = planReply(readAsk(exchange.body), exchange.scenario);
  if (exchange.body.stream !== true) return sendWhole(exchange, wholeMessage(exchange, reply), reply.outputTokens);
  await sendFrames(exchange, 'text/event-stream; charset=utf-8', streamFrames(exchange, reply), () =>
    eventText(asObject(exchange.failure(exchange.scenario.failure ?? 'overloaded').body)),
  );
}

function* streamFrames(exchange: Exchange, reply: Reply): Generator<Frame> {
  const { scenario } = exchange;
  const frame = (event: JsonObject): Frame => ({ text: eventText(event) });
  const ping = scenario.pings ? [frame({ type: 'ping' })] : [];
  yield frame({
    type: 'message_start',
    message: { ...envelope(exchange), content: [], stop_reason: null, stop_sequence: null, usage: usageOf(reply, 1) },
  });
  yield frame({ type: 'ping' });

  let index = 0;
  for (const block of blocksOf(reply, scenario.argumentPiece ?? 3, scenario.endless ?? false)) {
    yield frame({ type: 'content_block_start', index, content_block: block.start });
    for (const delta of block.deltas()) {
      yield* ping;
      yield { text: eventText({ type: 'content_block_delta', index, delta }), token: true };
    }
    yield frame({ type: 'content_block_stop', index });
    index += 1;
  }

  yield frame({
    type: 'message_delta',
    delta: ending(reply),
    usage: usageOf(reply, reply.outputTokens),
  });
  const last = eventText({ type: 'message_stop' });
  yield { text: scenario.dropLastBlankLine ? last.slice(0, -2) : last };
}

interface StreamedBlock {
  start: JsonObject;
  deltas(): Iterable<JsonObject>;
}

function* blocksOf(reply: Reply, piece: number, endless: boolean): Generator<StreamedBlock> {
  if (reply.thoughts.length > 0) {
    yield {
      start: { type: 'thinking', thinking: '', signature: '' },
      *deltas() {
        for (const thinking of reply.thoughts) yield { type: 'thinking_delta', thinking };
        yield { type: 'signature_delta', signature: signatureOf(reply) };
      },
    };
  }
  if (reply.tokens.length > 0 && !reply.isRefusal) {
    yield {
      start: { type: 'text', text: '' },
      *deltas() {
        do for (const text of reply.tokens) yield { type: 'text_delta', text };
        while (endless);
      },
    };
  }
  for (const call of reply.toolCalls) {
    yield {
      start: { type: 'tool_use', id: call.id.replace('call', 'toolu'), name: call.name, input: {} },
      *deltas() {
        // A tool without arguments sends one empty piece.
        const json = call.arguments === '{}' ? '' : call.arguments;
        yield { type: 'input_json_delta', partial_json: '' };
        for (let start = 0; start < json.length; start += piece)
          yield { type: 'input_json_delta', partial_json: json.slice(start, start + piece) };
      },
    };
  }
}

function wholeMessage(exchange: Exchange, reply: Reply): JsonObject {
  const content: JsonObject[] = [
    ...(reply.thoughts.length > 0 ? [{ type: 'thinking', thinking: reply.thoughts.join(''), signature: signatureOf(reply) }] : []),
    ...(reply.tokens.length > 0 && !reply.isRefusal ? [{ type: 'text', text: reply.tokens.join('') }] : []),
    ...reply.toolCalls.map((call) => ({ type: 'tool_use', id: call.id, name: call.name, input: JSON.parse(call.arguments) as JsonObject })),
  ];
  return { ...envelope(exchange), content, ...ending(reply), usage: usageOf(reply, reply.outputTokens) };
}

function signatureOf(reply: Reply): string {
  return `signed:${reply.thoughts.length}`;
}

function ending(reply: Reply): JsonObject {
  const reasons: Record<Finish, string> = { stop: 'end_turn', length: 'max_tokens', tool_calls: 'tool_use', content_filter: 'refusal' };
  const reason = reply.isRefusal ? 'refusal' : reply.stoppedBy !== undefined ? 'stop_sequence' : reasons[reply.finish];
  return {
    stop_reason: reason,
    stop_sequence: reply.stoppedBy ?? null,
    ...(reply.isRefusal && {
      stop_details: { type: 'refusal', category: null, explanation: reply.tokens.join(''), recommended_model: null },
    }),
  };
}

function usageOf(reply: Reply, outputTokens: number): JsonObject {
  return {
    input_tokens: reply.promptTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: outputTokens,
    ...(reply.thoughtTokens > 0 && { output_tokens_details: { thinking_tokens: reply.thoughtTokens } }),
  };
}

function envelope(exchange: Exchange): JsonObject {
  return { id: 'msg_01A', type: 'message', role: 'assistant', model: exchange.model };
}

function eventText(event: JsonObject): string {
  return `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`;
}

function errorBody(type: string, message: string): JsonObject {
  return { type: 'error', error: { type, message }, request_id: 'req_011CS' };
}

/** The Messages API's status and words for each failure. */
function claudeFailure(failure: Failure, exchange: Exchange): CannedReply {
  const table: Record<Failure, [number, string, string]> = {
    unauthorized: [401, 'authentication_error', credentialsOf(exchange.request) ? 'invalid x-api-key' : 'x-api-key header is required'],
    forbidden: [403, 'permission_error', 'Your API key does not have permission to use the specified resource.'],
    'out-of-credit': [
      400,
      'invalid_request_error',
      'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
    ],
    'model-not-found': [404, 'not_found_error', `model: ${exchange.model}`],
    'rate-limited': [429, 'rate_limit_error', 'This request would exceed the rate limit for your organization.'],
    'context-length': [400, 'invalid_request_error', 'prompt is too long: 204800 tokens > 200000 maximum'],
    'content-filter': [400, 'invalid_request_error', 'Output blocked by content filtering policy'],
    'bad-request': [400, 'invalid_request_error', 'messages.0.content.0.text: Field required'],
    overloaded: [529, 'overloaded_error', 'Overloaded'],
    loading: [529, 'overloaded_error', 'Overloaded'],
    server: [500, 'api_error', 'Internal server error'],
  };
  const [status, type, message] = table[failure];
  return { status, body: errorBody(type, message) };
}
