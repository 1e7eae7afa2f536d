import type { JsonObject } from '../../protocol/json.ts';
import { credentialsOf } from '../kit/credentials.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import { createSlots } from '../kit/slots.ts';
import { type Emulator, type EmulatorOptions, type Handler, startEmulator } from '../kit/start-emulator.ts';
import { answerChat } from '../openai-shape/answer-chat.ts';
import { answerEmbeddings, vectorOf } from '../openai-shape/answer-embeddings.ts';
import { answerText } from '../openai-shape/answer-text.ts';
import { listOf, readChatAsk, readTextAsk } from '../openai-shape/ask.ts';
import type { Dialect } from '../openai-shape/dialect.ts';
import { eventFrame } from '../openai-shape/frames.ts';
import { countTokens } from '../tokens.ts';
import { modelList, props, routerModels } from './llamacpp-cards.ts';
import { errorBody, llamaCppFailure, overflow } from './llamacpp-errors.ts';
import { answerNativeCompletion } from './llamacpp-native.ts';
import { applyTemplate, detokenizeRoute, tokenizeRoute } from './llamacpp-tokens.ts';

export interface LlamaCppOptions extends EmulatorOptions {
  /** Of early 2025: bare error lines, the model list open to all, silent truncation, tools with `--jinja` only and never streamed. */
  old?: boolean;
  /** An old one, started with `--jinja`. */
  jinja?: boolean;
  /** The id in the model list: a path unless the server was given an alias. */
  model?: string;
  /** Per slot. */
  contextWindow?: number;
  /** That many requests find the model still loading. */
  loadingRequests?: number;
  vision?: boolean;
  /** Started without a model of its own: these are loaded on demand. */
  router?: string[];
  /** How many it answers at a time, so that others wait; as many as come unless told. */
  slots?: number;
  /** Started with `--no-slots`. */
  hidesSlots?: boolean;
  /** Those of the router whose process ends instead of loading. */
  broken?: string[];
}

export const llamaCppModel = '/models/tiny-instruct-q4.gguf';

/** Starts an emulator of llama-server; its base address is `url`. */
export function startLlamaCpp(options: LlamaCppOptions = {}): Promise<Emulator> {
  const contextWindow = options.contextWindow ?? 8192;
  let loadingLeft = options.loadingRequests ?? 0;
  const slots = createSlots(options.slots);
  const loaded = new Map((options.router ?? []).map((model) => [model, false]));
  const failed = new Set<string>();
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
      return complaint ? exchange.json(complaint[0], errorBody(complaint[0], complaint[1], complaint[2])) : slots.work(() => run(exchange));
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
    exchange.json(200, options.router ? routerModels(loaded, failed) : modelList(ownModel, contextWindow, options.old === true));

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
        'GET /props': (exchange) => (isAway(exchange) ? undefined : exchange.json(200, props(ownModel, contextWindow, options))),
        'GET /slots': (exchange) => {
          if (isAway(exchange)) return;
          if (options.hidesSlots) exchange.json(501, errorBody(501, 'This server does not support slots endpoint.', 'not_supported_error'));
          else
            exchange.json(
              200,
              slots.list().map((isBusy, id) => ({ id, n_ctx: contextWindow, is_processing: isBusy })),
            );
        },
        'POST /tokenize': tokenizeRoute,
        'POST /detokenize': detokenizeRoute,
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
    if (!options.router) exchange.json(404, errorBody(404, 'File Not Found', 'not_found_error'));
    else if (!loaded.has(exchange.model)) {
      const status = isLoaded ? 404 : 400;
      exchange.json(status, errorBody(status, 'model is not found', isLoaded ? 'not_found_error' : 'invalid_request_error'));
    } else if (loaded.get(exchange.model) === isLoaded) {
      exchange.json(400, errorBody(400, `model is ${isLoaded ? 'already' : 'not'} running`, 'invalid_request_error'));
    } else {
      const fails = isLoaded && options.broken?.includes(exchange.model);
      if (fails) failed.add(exchange.model);
      loaded.set(exchange.model, isLoaded && !fails);
      exchange.json(200, { success: true });
    }
  }

  /** A question to a model of a router loads it, unless the question says otherwise; then it is refused. */
  function isAway({ request, json }: Exchange): boolean {
    const query = new URLSearchParams(request.query);
    const model = query.get('model');
    if (!options.router || model === null || loaded.get(model)) return false;
    if (query.get('autoload') !== 'false' && loaded.has(model)) {
      loaded.set(model, true);
      return false;
    }
    json(400, errorBody(400, loaded.has(model) ? 'model is not loaded' : `model '${model}' not found`, 'invalid_request_error'));
    return true;
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
    usage: options.old ? 'never' : 'asked',
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
  if (options.old && body.tools !== undefined) {
    if (body.stream === true) return [500, 'Cannot use tools with stream', 'server_error'];
    if (!options.jinja) return [500, 'tools param requires --jinja flag', 'server_error'];
  }
  const outside = options.old ? undefined : ['repeat_last_n', 'dry_penalty_last_n'].find((name) => Number(body[name] ?? 0) < 0);
  if (outside) return [400, `Field '${outside}': Value must be between 0 <= value <= 2147483647`, 'invalid_request_error'];
  if (body.grammar !== undefined && (body.json_schema !== undefined || asObject(body.response_format).type === 'json_schema')) {
    return [400, 'Either "json_schema" or "grammar" can be specified, but not both', 'invalid_request_error'];
  }
  const hasImage = listOf(body.messages).some((message) => listOf(message.content).some((part) => part.type === 'image_url'));
  if (hasImage && !options.vision)
    return [500, 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj', 'server_error'];
  return undefined;
}
