import type { JsonObject } from '../../protocol/json.ts';
import { credentialsOf } from '../kit/credentials.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import { type Emulator, type EmulatorOptions, type Handler, startEmulator } from '../kit/start-emulator.ts';
import { answerChat } from '../openai-shape/answer-chat.ts';
import { answerEmbeddings, vectorOf } from '../openai-shape/answer-embeddings.ts';
import { answerText } from '../openai-shape/answer-text.ts';
import { listOf, messageText, readChatAsk, readTextAsk } from '../openai-shape/ask.ts';
import type { Dialect } from '../openai-shape/dialect.ts';
import { eventFrame } from '../openai-shape/frames.ts';
import { countTokens, tokenise } from '../tokens.ts';
import { answerNativeCompletion } from './llamacpp-native.ts';

export interface LlamaCppOptions extends EmulatorOptions {
  /** Of early 2025: bare error lines, the model list open to all, silent truncation, no tools without `--jinja`. */
  old?: boolean;
  /** The id in the model list: a path unless the server was given an alias. */
  model?: string;
  /** Per slot. */
  contextWindow?: number;
  /** That many requests find the model still loading. */
  loadingRequests?: number;
  vision?: boolean;
  /** Started without a model of its own: these are loaded on demand. */
  router?: string[];
}

export const llamaCppModel = '/models/tiny-instruct-q4.gguf';

/** ChatML as llama.cpp's own files spell it. */
const chatTemplate =
  "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/** Starts an emulator of llama-server; its base address is `url`. */
export function startLlamaCpp(options: LlamaCppOptions = {}): Promise<Emulator> {
  const contextWindow = options.contextWindow ?? 8192;
  let loadingLeft = options.loadingRequests ?? 0;
  const loaded = new Map((options.router ?? []).map((model) => [model, false]));
  const ownModel = options.model ?? llamaCppModel;
  const dialect = createDialect(options);

  const answering =
    (run: Handler, countPrompt: (body: JsonObject) => number): Handler =>
    (exchange) => {
      if (options.router) {
        if (!loaded.has(exchange.model)) return exchange.fail('model-not-found');
        loaded.set(exchange.model, true);
      }
      const promptTokens = countPrompt(exchange.body);
      if (promptTokens > contextWindow && !options.old) return exchange.json(400, overflow(promptTokens, contextWindow));
      const complaint = complain(exchange.body, options);
      return complaint ? exchange.json(complaint[0], errorBody(complaint[0], complaint[1], complaint[2])) : run(exchange);
    };
  const chat = answering(
    (exchange) => answerChat(exchange, dialect),
    (body) => readChatAsk(body).promptTokens,
  );
  const text = answering(
    (exchange) => answerText(exchange, dialect),
    (body) => readTextAsk(body).promptTokens,
  );
  const native = answering(
    (exchange) => answerNativeCompletion(exchange, contextWindow),
    (body) => countTokens(String(body.prompt ?? '')),
  );
  const models: Handler = (exchange) =>
    exchange.json(200, options.router ? routerModels(loaded) : modelList(ownModel, contextWindow, options.old === true));

  return startEmulator(
    {
      headers: { server: 'llama.cpp' },
      cors: (request) => (request.headers.origin === undefined ? {} : { 'access-control-allow-origin': request.headers.origin }),
      gate(exchange) {
        const { method, path } = exchange.request;
        if (method === 'OPTIONS') return false;
        if (loadingLeft > 0) {
          loadingLeft -= 1;
          exchange.fail('loading');
          return true;
        }
        const isOpen = ['/health', '/v1/health', '/'].includes(path) || (options.old && ['/v1/models', '/models'].includes(path));
        if (isOpen || options.apiKey === undefined || credentialsOf(exchange.request) === options.apiKey) return false;
        exchange.fail('unauthorized');
        return true;
      },
      routes: {
        'OPTIONS *': (exchange) =>
          exchange.text(200, '', {
            'access-control-allow-credentials': 'true',
            'access-control-allow-methods': options.old ? 'GET, POST' : 'GET, POST, DELETE, OPTIONS',
            'access-control-allow-headers': '*',
          }),
        'GET /': (exchange) => exchange.text(200, '<!doctype html><title>llama.cpp</title>', { 'content-type': 'text/html' }),
        'GET /health': (exchange) => exchange.json(200, { status: 'ok' }),
        'GET /v1/health': (exchange) => exchange.json(200, { status: 'ok' }),
        'GET /v1/models': models,
        'GET /models': models,
        'GET /props': (exchange) => exchange.json(200, props(ownModel, contextWindow, options)),
        'GET /slots': (exchange) => exchange.json(200, [{ id: 0, n_ctx: contextWindow, is_processing: false }]),
        'POST /tokenize': tokenizeRoute,
        'POST /detokenize': (exchange) =>
          exchange.json(200, {
            content: listTokens(exchange)
              .map((id) => pieces.get(id) ?? '')
              .join(''),
          }),
        'POST /apply-template': (exchange) => exchange.json(200, { prompt: applyTemplate(exchange.body) }),
        'POST /v1/chat/completions/input_tokens': (exchange) =>
          exchange.json(200, { object: 'response.input_tokens', input_tokens: countTokens(applyTemplate(exchange.body)) }),
        'POST /models/load': (exchange) => setLoaded(exchange, true),
        'POST /models/unload': (exchange) => setLoaded(exchange, false),
      },
      answers: {
        'POST /v1/chat/completions': chat,
        'POST /chat/completions': chat,
        'POST /v1/completions': text,
        'POST /completion': native,
        'POST /completions': native,
        'POST /v1/embeddings': answerEmbeddings,
        'POST /embedding': (exchange) => exchange.json(200, [{ index: 0, embedding: [vectorOf(String(exchange.body.content ?? ''), 8)] }]),
      },
      unknown: (exchange) => exchange.json(404, errorBody(404, 'File Not Found', 'not_found_error')),
      failure: (failure, exchange) => llamaCppFailure(failure, exchange.model, contextWindow),
    },
    options,
  );

  function setLoaded(exchange: Exchange, isLoaded: boolean): void {
    if (!loaded.has(exchange.model)) exchange.fail('model-not-found');
    else {
      loaded.set(exchange.model, isLoaded);
      exchange.json(200, { success: true });
    }
  }
}

function createDialect(options: LlamaCppOptions): Dialect {
  return {
    idPrefix: 'chatcmpl-',
    fields: { system_fingerprint: options.old ? 'b4753-0b3863ff' : 'b6500-1a2b3c4d' },
    opening: { role: 'assistant', content: null },
    closing: {},
    reasoning: 'reasoning_content',
    toolCalls: 'pieces',
    usage: 'asked',
    lastFields: (reply) => ({
      timings: { prompt_n: reply.promptTokens, predicted_n: reply.outputTokens, predicted_ms: 10, predicted_per_second: 100 },
    }),
    comment: ':\n\n',
    textLogprobs: 'content',
    errorEvent(failure, exchange) {
      const body = asObject(exchange.failure(failure).body);
      return options.old ? `error: ${JSON.stringify(body.error)}\n\n` : eventFrame(body);
    },
  };
}

function complain(body: JsonObject, options: LlamaCppOptions): [number, string, string] | undefined {
  if (options.old && body.tools !== undefined) return [500, 'tools param requires --jinja flag', 'server_error'];
  if (body.grammar !== undefined && (body.json_schema !== undefined || asObject(body.response_format).type === 'json_schema')) {
    return [400, 'Either "json_schema" or "grammar" can be specified, but not both', 'invalid_request_error'];
  }
  const hasImage = listOf(body.messages).some((message) => listOf(message.content).some((part) => part.type === 'image_url'));
  if (hasImage && !options.vision)
    return [500, 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj', 'server_error'];
  return undefined;
}

/** Token ids that were handed out, so that they can be turned back. */
const pieces = new Map<number, string>();

function tokenizeRoute(exchange: Exchange): void {
  const found = tokenise(String(exchange.body.content ?? ''));
  const tokens = found.map((piece) => {
    const id = [...Buffer.from(piece, 'utf8')].reduce((sum, byte) => (sum * 31 + byte) % 128_000, 7);
    pieces.set(id, piece);
    return { id, piece };
  });
  const withStart = exchange.body.add_special === true ? [{ id: 1, piece: '' }, ...tokens] : tokens;
  exchange.json(200, { tokens: exchange.body.with_pieces === true ? withStart : withStart.map((token) => token.id) });
}

function listTokens(exchange: Exchange): number[] {
  return Array.isArray(exchange.body.tokens) ? exchange.body.tokens.map(Number) : [];
}

function applyTemplate(body: JsonObject): string {
  const turns = listOf(body.messages).map((message) => `<|im_start|>${String(message.role)}\n${messageText(message)}<|im_end|>\n`);
  return `${turns.join('')}<|im_start|>assistant\n`;
}

function props(model: string, contextWindow: number, options: LlamaCppOptions): JsonObject {
  const settings = { id: 0, id_task: -1, n_ctx: contextWindow, params: { n_predict: -1, temperature: 0.8, top_k: 40, top_p: 0.95 } };
  if (options.old)
    return {
      default_generation_settings: settings,
      total_slots: 1,
      model_path: model,
      chat_template: chatTemplate,
      build_info: 'b4753-0b3863ff',
    };
  return {
    default_generation_settings: settings,
    total_slots: 1,
    model_path: model,
    chat_template: chatTemplate,
    chat_template_caps: {},
    modalities: { vision: options.vision === true, audio: false },
    build_info: 'b6500-1a2b3c4d',
    is_sleeping: false,
  };
}

function modelList(model: string, contextWindow: number, isOld: boolean): JsonObject {
  const meta = { vocab_type: 2, n_vocab: 128_256, n_ctx_train: 131_072, n_embd: 2048, n_params: 1_235_814_400, size: 799_862_912 };
  const card = { id: model, object: 'model', created: 1_767_225_600, owned_by: 'llamacpp' };
  if (isOld) return { object: 'list', data: [{ ...card, meta }] };
  const likeOllama = {
    name: model,
    model,
    modified_at: '',
    size: '',
    digest: '',
    type: 'model',
    capabilities: ['completion'],
    details: { format: 'gguf' },
  };
  return {
    models: [likeOllama],
    object: 'list',
    data: [{ ...card, aliases: [], tags: [], meta: { ...meta, n_ctx: contextWindow, ftype: 'Q4_K - Medium' } }],
  };
}

function routerModels(loaded: Map<string, boolean>): JsonObject {
  const data = [...loaded].map(([id, isLoaded]) => ({
    id,
    object: 'model',
    created: 1_767_225_600,
    owned_by: 'llamacpp',
    status: { value: isLoaded ? 'loaded' : 'unloaded' },
  }));
  return { object: 'list', data };
}

function errorBody(code: number, message: string, type: string): JsonObject {
  return { error: { code, message, type } };
}

function overflow(promptTokens: number, contextWindow: number): JsonObject {
  const message = `request (${promptTokens} tokens) exceeds the available context size (${contextWindow} tokens), try increasing it`;
  return { error: { code: 400, message, type: 'exceed_context_size_error', n_prompt_tokens: promptTokens, n_ctx: contextWindow } };
}

/** llama-server's status and words for each failure; a proxy in front of it speaks where it has none of its own. */
function llamaCppFailure(failure: Failure, model: string, contextWindow: number): CannedReply {
  const table: Record<Failure, [number, string, string]> = {
    unauthorized: [401, 'Invalid API Key', 'authentication_error'],
    forbidden: [403, 'This operation is not permitted', 'permission_error'],
    'out-of-credit': [402, 'Payment required', 'payment_error'],
    'model-not-found': [400, `model '${model}' not found`, 'invalid_request_error'],
    'rate-limited': [429, 'Too many requests', 'rate_limit_error'],
    'context-length': [400, '', 'exceed_context_size_error'],
    'content-filter': [400, 'Content refused', 'content_filter'],
    'bad-request': [400, 'Failed to parse messages: Missing "role"', 'invalid_request_error'],
    overloaded: [503, 'No slot available', 'unavailable_error'],
    loading: [503, 'Loading model', 'unavailable_error'],
    server: [500, 'Compute error.', 'server_error'],
  };
  const [status, message, type] = table[failure];
  return { status, body: failure === 'context-length' ? overflow(contextWindow + 1, contextWindow) : errorBody(status, message, type) };
}
