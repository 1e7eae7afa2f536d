import type { JsonObject } from '../../protocol/json.ts';
import { hasBearer } from '../kit/credentials.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import { type Emulator, type EmulatorOptions, type Handler, startEmulator } from '../kit/start-emulator.ts';
import { answerChat } from '../openai-shape/answer-chat.ts';
import { answerEmbeddings } from '../openai-shape/answer-embeddings.ts';
import { answerText } from '../openai-shape/answer-text.ts';
import { listOf, messageText, readChatAsk, readTextAsk } from '../openai-shape/ask.ts';
import type { Dialect } from '../openai-shape/dialect.ts';
import { eventFrame } from '../openai-shape/frames.ts';
import { tokenise } from '../tokens.ts';

export interface VllmOptions extends EmulatorOptions {
  model?: string;
  /** Of 2024: errors without the `error` wrapper, reasoning as `reasoning_content`. */
  old?: boolean;
  contextWindow?: number;
}

export const vllmModel = 'org/tiny-instruct';

/** Starts an emulator of vLLM; its base address is `url + '/v1'`. */
export function startVllm(options: VllmOptions = {}): Promise<Emulator> {
  const model = options.model ?? vllmModel;
  const contextWindow = options.contextWindow ?? 8192;
  const dialect = createDialect(options);
  let running = 0;
  const guarded =
    (run: Handler, countPrompt: (exchange: Exchange) => number): Handler =>
    (exchange) => {
      if (!(exchange.request.headers['content-type'] ?? '').startsWith('application/json')) {
        return exchange.json(400, shape(options, 'Unsupported Media Type: Only application/json is allowed', 'Bad Request', 400));
      }
      if (exchange.model !== '' && exchange.model !== model) return exchange.fail('model-not-found');
      const promptTokens = countPrompt(exchange);
      if (promptTokens > contextWindow) return exchange.json(400, overflow(options, promptTokens, contextWindow));
      running += 1;
      exchange.response.once('close', () => {
        running -= 1;
      });
      return run(exchange);
    };
  const chat = guarded(
    (exchange) => answerChat(exchange, dialect),
    (exchange) => readChatAsk(exchange.body).promptTokens,
  );
  const text = guarded(
    (exchange) => answerText(exchange, dialect, { maxTokens: 16, ...readTextAsk(exchange.body) }),
    (exchange) => readTextAsk(exchange.body).promptTokens,
  );

  return startEmulator(
    {
      headers: { server: 'uvicorn' },
      /** Refusals of the key come from outside the CORS layer and have no CORS headers. */
      cors: (request) =>
        isRefused(request.method, request.path, request.headers.authorization, options) ? {} : { 'access-control-allow-origin': '*' },
      gate(exchange) {
        const { method, path } = exchange.request;
        if (method === 'OPTIONS' || !path.startsWith('/v1') || hasBearer(exchange, options.apiKey)) return false;
        exchange.fail('unauthorized');
        return true;
      },
      routes: {
        'OPTIONS *': (exchange) =>
          exchange.text(200, 'OK', {
            'access-control-allow-methods': '*',
            'access-control-allow-headers': exchange.request.headers['access-control-request-headers'] ?? '*',
          }),
        'GET /health': (exchange) => exchange.text(200, ''),
        'GET /version': (exchange) => exchange.json(200, { version: options.old ? '0.6.3' : '0.11.2' }),
        'GET /metrics': (exchange) => exchange.text(200, metrics(running, model)),
        'GET /load': (exchange) => exchange.json(200, { server_load: 0 }),
        'GET /v1/models': (exchange) => exchange.json(200, { object: 'list', data: [modelCard(model, contextWindow)] }),
        'POST /tokenize': (exchange) => {
          const tokens = tokenise(textOf(exchange.body)).map((_, index) => index + 1);
          exchange.json(200, { count: tokens.length, max_model_len: contextWindow, tokens, token_strs: null });
        },
      },
      answers: { 'POST /v1/chat/completions': chat, 'POST /v1/completions': text, 'POST /v1/embeddings': answerEmbeddings },
      unknown: (exchange) => exchange.json(404, { detail: 'Not Found' }),
      failure: (failure, exchange) => vllmFailure(failure, exchange.model, contextWindow, options),
    },
    options,
  );
}

function isRefused(method: string, path: string, authorization: string | undefined, options: VllmOptions): boolean {
  return method !== 'OPTIONS' && options.apiKey !== undefined && path.startsWith('/v1') && authorization !== `Bearer ${options.apiKey}`;
}

function createDialect(options: VllmOptions): Dialect {
  return {
    idPrefix: 'chatcmpl-',
    opening: { role: 'assistant', content: '' },
    closing: {},
    choice: (ended) => ({ logprobs: null, ...(ended && { stop_reason: ended.stoppedBy ?? null }) }),
    reasoning: options.old ? 'reasoning_content' : 'reasoning',
    toolCalls: 'pieces',
    usage: 'asked',
    errorEvent: (failure, exchange) => `${eventFrame(asObject(exchange.failure(failure).body))}data: [DONE]\n\n`,
  };
}

/** Prometheus' text, as far as anybody reads it here. */
function metrics(running: number, model: string): string {
  const gauge = (name: string, value: number) =>
    `# TYPE vllm:${name} gauge\nvllm:${name}{engine="0",model_name="${model}"} ${value.toFixed(1)}\n`;
  return gauge('num_requests_running', running) + gauge('num_requests_waiting', 0);
}

function modelCard(id: string, contextWindow: number): JsonObject {
  const permission = { id: 'modelperm-1', object: 'model_permission', created: 1_767_225_600, allow_sampling: true, organization: '*' };
  return {
    id,
    object: 'model',
    created: 1_767_225_600,
    owned_by: 'vllm',
    root: id,
    parent: null,
    max_model_len: contextWindow,
    permission: [permission],
  };
}

function textOf(body: JsonObject): string {
  return Array.isArray(body.messages) ? listOf(body.messages).map(messageText).join('\n') : String(body.prompt ?? '');
}

/** `error.code` is a number; versions of 2024 have no wrapper around the error. */
function shape(options: VllmOptions, message: string, type: string, code: number, param: string | null = null): JsonObject {
  return options.old ? { object: 'error', message, type, param, code } : { error: { message, type, param, code } };
}

function overflow(options: VllmOptions, promptTokens: number, contextWindow: number): JsonObject {
  const message = `This model's maximum context length is ${contextWindow} tokens. However, you requested 0 output tokens and your prompt contains ${promptTokens} input tokens, for a total of ${promptTokens} tokens. Please reduce the length of the input prompt.`;
  return shape(options, message, 'BadRequestError', 400, 'input_tokens');
}

/** vLLM's status and words for each failure; a proxy in front of it speaks where it has none of its own. */
function vllmFailure(failure: Failure, model: string, contextWindow: number, options: VllmOptions): CannedReply {
  if (failure === 'unauthorized') return { status: 401, body: { error: 'Unauthorized' } };
  const table: Record<Exclude<Failure, 'unauthorized'>, [number, string, string]> = {
    forbidden: [403, 'Forbidden', 'ForbiddenError'],
    'out-of-credit': [402, 'Payment Required', 'PaymentRequiredError'],
    'model-not-found': [404, `The model \`${model}\` does not exist.`, 'NotFoundError'],
    'rate-limited': [429, 'Too Many Requests', 'TooManyRequestsError'],
    'context-length': [400, '', 'BadRequestError'],
    'content-filter': [400, 'Content refused', 'BadRequestError'],
    'bad-request': [400, "[{'type': 'missing', 'loc': ('body', 'messages'), 'msg': 'Field required'}]", 'Bad Request'],
    overloaded: [503, 'The server is overloaded', 'ServiceUnavailableError'],
    loading: [503, 'The engine is starting', 'ServiceUnavailableError'],
    server: [500, 'EngineCore encountered an issue. See stack trace for the root cause.', 'InternalServerError'],
  };
  const [status, message, type] = table[failure];
  return {
    status,
    body: failure === 'context-length' ? overflow(options, contextWindow + 1, contextWindow) : shape(options, message, type, status),
  };
}
