import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { Exchange } from '../kit/exchange.ts';
import { createLine } from '../kit/one-at-a-time.ts';
import { pythonJson } from '../kit/python-json.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure, Scenario } from '../kit/scenario.ts';
import { type Frame, sendFrames } from '../kit/send-frames.ts';
import type { SocketExchange } from '../kit/socket-port.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../kit/start-emulator.ts';
import { fired, sleep } from '../kit/wait.ts';
import { withState } from '../kit/with-state.ts';
import { type Ask, readStop } from '../openai-shape/ask.ts';
import { planReply } from '../openai-shape/plan-reply.ts';
import { countTokens } from '../tokens.ts';
import { streamAnswer } from './oobabooga-legacy-stream.ts';

export interface OobaboogaLegacyOptions extends EmulatorOptions {
  models?: string[];
  /** `null`: none is loaded. */
  loaded?: string | null;
  brokenModel?: string;
  /** What its settings say that a prompt may hold. */
  truncation?: number;
}

export interface OobaboogaLegacy extends Emulator {
  /** At work on an answer, whether anybody still wants it or not. */
  readonly generating: boolean;
}

export const legacyModel = 'TheBloke_tiny-GPTQ';

/** Starts an emulator of text-generation-webui before November 2023: HTTP at `url`, the stream at `socketUrl`. */
export async function startOobaboogaLegacy(options: OobaboogaLegacyOptions = {}): Promise<OobaboogaLegacy> {
  const { models = [legacyModel, 'other-model'], truncation = 4096 } = options;
  const line = createLine(Number.POSITIVE_INFINITY);
  let loaded = options.loaded === undefined ? legacyModel : options.loaded;
  const info = () => ({
    model_name: loaded,
    lora_names: [],
    'shared.settings': { truncation_length: truncation, instruction_template: 'None' },
    'shared.args': { model: loaded, api: true },
  });

  function manage(exchange: Exchange): void {
    const { action, model_name: name } = exchange.body;
    const isMissing = action === 'load' && (!models.includes(String(name)) || name === options.brokenModel);
    if (action === 'load' && !isMissing) loaded = String(name);
    if (action === 'unload') loaded = null;
    const result = action === 'list' ? models : typeof action === 'string' ? info() : loaded;
    reply(exchange, isMissing ? { error: { message: "OSError('no such model')" } } : { result });
  }

  /** Headers go out first. It notices nobody leaving: the answer is made to its end, unless somebody says stop. */
  async function generate(exchange: Exchange): Promise<void> {
    if (typeof exchange.body.prompt !== 'string') return exchange.break('fin');
    await line.work('http', async ({ stopped }) => {
      const tokens = planTokens(exchange.body, exchange.scenario);
      const { tokenDelayMs = 0, failMode } = exchange.scenario;
      if (failMode === 'silence') await Promise.race([fired(exchange.gone), fired(stopped)]);
      await sleep(tokenDelayMs * tokens.length, stopped);
      if (exchange.gone.aborted) return;
      const text = pythonJson({ results: [{ text: tokens.join('') }] });
      const frames: Frame[] = [{ text: text.slice(0, text.length / 2) }, { text: text.slice(text.length / 2), token: true }];
      const { tokenDelayMs: _, lineEnds: __, ...scenario } = exchange.scenario;
      const whole = { ...exchange, scenario: { ...scenario, ...(scenario.failAt !== undefined && { failAt: 0 }) } };
      await sendFrames(whole, 'application/json', frames, () => '');
    });
  }

  async function stream(exchange: SocketExchange): Promise<void> {
    const { scenario, body, socket } = exchange;
    if (scenario.raw) return breakSocket(exchange);
    if (typeof body.prompt !== 'string') return socket.close(1011);
    await line.work('socket', ({ stopped }) => streamAnswer(exchange, planTokens(body, scenario), stopped));
  }

  const emulator = await startEmulator(
    {
      isHttp10: true,
      headers: { server: 'BaseHTTP/0.6 Python/3.10.9' },
      cors: () => ({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': '*',
        'access-control-allow-headers': '*',
        'cache-control': 'no-store, no-cache, must-revalidate',
      }),
      routes: {
        'OPTIONS *': (exchange) => exchange.text(200, ''),
        'GET /api/v1/model': (exchange) => exchange.bytes(200, Buffer.from(pythonJson({ result: loaded }))),
        'POST /api/v1/model': manage,
        'POST /api/v1/token-count': (exchange) =>
          reply(exchange, { results: [{ tokens: countTokens(String(exchange.body.prompt ?? '')) + 1 }] }),
        'POST /api/v1/stop-stream': (exchange) => {
          line.running?.stop();
          reply(exchange, { results: 'success' });
        },
      },
      answers: { 'POST /api/v1/generate': generate },
      sockets: { '/api/v1/stream': stream },
      unknown: (exchange) =>
        exchange.text(404, '<!DOCTYPE HTML><html><head><title>Error response</title></head></html>', {
          'content-type': 'text/html;charset=utf-8',
        }),
      failure: legacyFailure,
    },
    options,
  );
  return withState(emulator, {
    get generating() {
      return line.running !== undefined;
    },
  });
}

function planTokens(body: JsonObject, scenario: Scenario): string[] {
  const limit = body.max_new_tokens ?? body.max_length;
  const ask: Ask = {
    promptTokens: countTokens(String(body.prompt)),
    tools: [],
    toolChoice: 'none',
    afterToolResult: false,
    stop: readStop(body.stopping_strings),
    ...(typeof limit === 'number' && { maxTokens: limit }),
  };
  return planReply(ask, scenario).tokens;
}

async function breakSocket({ scenario, request, socket }: SocketExchange): Promise<void> {
  if (scenario.raw === 'silence' || scenario.raw === 'silence-after-headers') return fired(socket.gone);
  request.outcome = 'broken';
  socket.raw.destroy();
}

/** Without a length: HTTP/1.0 ends with the connection. */
function reply(exchange: Exchange, body: JsonValue): void {
  exchange.response.writeHead(200, { 'content-type': 'application/json' });
  exchange.response.end(pythonJson(body));
}

/** It has no words for failures, and no status but 200: whatever comes so comes from a proxy in front of it. */
function legacyFailure(failure: Failure): CannedReply {
  const table: Record<Failure, [number, string]> = {
    unauthorized: [401, 'Unauthorized'],
    forbidden: [403, 'Forbidden'],
    'out-of-credit': [402, 'Payment required'],
    'model-not-found': [404, 'The model was not found.'],
    'rate-limited': [429, 'Too many requests'],
    'context-length': [400, 'The prompt exceeds the context length: it is too long.'],
    'content-filter': [400, 'Refused by the content_filter'],
    'bad-request': [400, 'Bad request'],
    overloaded: [503, 'Service Unavailable'],
    loading: [503, 'Service Unavailable'],
    server: [500, 'Internal Server Error'],
  };
  const [status, message] = table[failure];
  return { status, body: { error: { message } } };
}
