import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { hasBearer } from '../kit/credentials.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import { pythonJson } from '../kit/python-json.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import { sendFrames } from '../kit/send-frames.ts';
import { type Emulator, type EmulatorOptions, type Handler, startEmulator } from '../kit/start-emulator.ts';
import { withState } from '../kit/with-state.ts';
import { answerChat } from '../openai-shape/answer-chat.ts';
import { answerEmbeddings } from '../openai-shape/answer-embeddings.ts';
import { answerText } from '../openai-shape/answer-text.ts';
import { listOf, messageText } from '../openai-shape/ask.ts';
import { tokenise } from '../tokens.ts';
import { oobaboogaDialect } from './oobabooga-dialect.ts';

export type OobaboogaVersion = '2' | '3' | '4.0' | '4.1';

export interface OobaboogaOptions extends EmulatorOptions {
  /** 4.1 unless told. */
  version?: OobaboogaVersion;
  adminKey?: string;
  /** Started with `--listen`: it may be called by any name. */
  listens?: boolean;
  /** Files in its folder. */
  models?: string[];
  /** `null`: none is loaded. */
  loaded?: string | null;
  /** A file that it cannot load. */
  brokenModel?: string;
}

export interface Oobabooga extends Emulator {
  /** How many answers are being made right now. */
  readonly generating: number;
  readonly loaded: string | null;
}

export const oobaboogaModels = ['tiny-instruct-Q4.gguf', 'other-model'];

/** Starts an emulator of text-generation-webui with its OpenAI-shaped API; its base address is `url`. */
export async function startOobabooga(options: OobaboogaOptions = {}): Promise<Oobabooga> {
  const { version = '4.1', models = oobaboogaModels, adminKey = options.apiKey } = options;
  const dialect = oobaboogaDialect(version);
  const running = new Set<AbortController>();
  let loaded = options.loaded === undefined ? (models[0] ?? null) : options.loaded;

  /** Answers end when the connection closes, and all of them when anybody says stop. */
  const answering =
    (run: (exchange: Exchange) => Promise<void>): Handler =>
    async (exchange) => {
      if (loaded === null) return crash(exchange);
      const stopping = new AbortController();
      running.add(stopping);
      try {
        await run({ ...exchange, model: loaded, gone: AbortSignal.any([exchange.gone, stopping.signal]) });
      } finally {
        running.delete(stopping);
      }
      if (!exchange.response.writableEnded && !exchange.gone.aborted) exchange.response.end();
    };
  const forAdmin =
    (run: Handler): Handler =>
    (exchange) =>
      hasBearer(exchange, adminKey) ? run(exchange) : exchange.fail('unauthorized');
  const forUser =
    (run: Handler): Handler =>
    (exchange) =>
      hasBearer(exchange, options.apiKey) ? run(exchange) : exchange.fail('unauthorized');
  const dummies = ['gpt-3.5-turbo', 'text-embedding-ada-002'];

  const load: Handler = (exchange) => {
    const name = String(exchange.body.model_name ?? '');
    const detail = 'Failed to load the model.';
    if (models.includes(name) && name !== options.brokenModel) {
      loaded = name;
      reply(exchange, 'OK');
    } else if (version === '2' || version === '3') reply(exchange, { status_code: 400, detail, headers: null });
    else reply(exchange, { detail }, 500);
  };
  const unload: Handler = (exchange) => {
    loaded = null;
    reply(exchange, 'OK');
  };
  const internal: Record<string, Handler> = {
    'GET /v1/internal/model/info': (exchange) => reply(exchange, { model_name: loaded ?? 'None', lora_names: [], loader: 'llama.cpp' }),
    'POST /v1/internal/encode': (exchange) => reply(exchange, encoded(exchange.body.text)),
    'POST /v1/internal/token-count': (exchange) => reply(exchange, { length: encoded(exchange.body.text).length ?? 0 }),
    'POST /v1/internal/chat-prompt': (exchange) => reply(exchange, { prompt: promptOf(exchange.body) }),
    'POST /v1/internal/stop-generation': (exchange) => {
      for (const stopping of running) stopping.abort();
      reply(exchange, 'OK');
    },
    ...(version !== '2' && { 'GET /v1/internal/health': (exchange: Exchange) => reply(exchange, { status: 'ok' }) }),
    'GET /v1/models': (exchange) => {
      const names = version === '2' || version === '3' ? dummies : loaded === null ? [] : [loaded];
      reply(exchange, { object: 'list', data: names.map((id) => ({ id, object: 'model', created: 0, owned_by: 'user' })) });
    },
  };
  const management: Record<string, Handler> = {
    'GET /v1/internal/model/list': (exchange) => reply(exchange, { model_names: models }),
    'POST /v1/internal/model/load': load,
    'POST /v1/internal/model/unload': unload,
  };

  const emulator = await startEmulator(
    {
      headers: { server: 'uvicorn' },
      /** The refusal of a host name comes from outside the CORS layer. */
      cors: (request): Record<string, string> =>
        isForeignHost(request.headers.host, options)
          ? {}
          : { 'access-control-allow-origin': '*', 'access-control-allow-credentials': 'true' },
      gate(exchange) {
        if (!isForeignHost(exchange.request.headers.host, options)) return false;
        reply(exchange, { detail: 'Invalid host header' }, 400);
        return true;
      },
      routes: {
        'OPTIONS *': (exchange) => exchange.text(200, 'OK', { 'access-control-allow-headers': '*', 'access-control-allow-methods': '*' }),
        ...mapped(internal, forUser),
        ...mapped(management, forAdmin),
      },
      answers: mapped(
        {
          'POST /v1/chat/completions': answering(async (exchange) =>
            isIncomplete(exchange.body) ? exchange.fail('bad-request') : await answerChat(exchange, dialect),
          ),
          'POST /v1/completions': answering((exchange) => answerText(exchange, dialect)),
          'POST /v1/embeddings': answerEmbeddings,
        },
        forUser,
      ),
      unknown: (exchange) => reply(exchange, { detail: 'Not Found' }, 404),
      failure: (failure) => oobaboogaFailure(failure, version),
    },
    options,
  );
  return withState(emulator, {
    get generating() {
      return running.size;
    },
    get loaded() {
      return loaded;
    },
  });
}

function mapped(routes: Record<string, Handler>, wrap: (handler: Handler) => Handler): Record<string, Handler> {
  return Object.fromEntries(Object.entries(routes).map(([route, handler]) => [route, wrap(handler)]));
}

/** Messages need content, and tools parameters that are called an object. */
function isIncomplete({ messages, tools }: JsonObject): boolean {
  const isEmpty = listOf(messages).some(({ content }) => content === undefined || content === null);
  return isEmpty || listOf(tools).some((tool) => asObject(asObject(tool.function).parameters ?? { type: 'object' }).type === undefined);
}

/** Version 2 does not look. */
function isForeignHost(host: string | undefined, { version, listens }: OobaboogaOptions): boolean {
  return version !== '2' && !listens && !/^(localhost|127\.0\.0\.1)(:|$)/.test(host ?? '');
}

/** Without a model its tokenizer is missing: a stream just ends, anything else is a bare 500. */
async function crash(exchange: Exchange): Promise<void> {
  if (exchange.body.stream === true) await sendFrames(exchange, 'text/event-stream; charset=utf-8', [], () => '');
  else exchange.text(500, 'Internal Server Error');
}

function encoded(text: JsonValue | undefined): { tokens: number[]; length: number } {
  const tokens = tokenise(String(text ?? '')).map((_, index) => index + 1);
  return { tokens, length: tokens.length };
}

/** The conversation in the template of the model, or of the character in the chat modes. */
function promptOf({ messages, mode, character, tools }: JsonObject): string {
  const turns = listOf(messages).map((message) => `<|im_start|>${String(message.role)}\n${messageText(message)}<|im_end|>\n`);
  const context = mode === 'chat' || mode === 'chat-instruct' ? `${String(character ?? 'Assistant')}'s Persona.\n` : '';
  return `${context}${tools === undefined ? '' : JSON.stringify(tools)}${turns.join('')}<|im_start|>assistant\n`;
}

function reply(exchange: Exchange, body: JsonValue, status = 200): void {
  exchange.text(status, pythonJson(body), { 'content-type': 'application/json' });
}

/** Its status and words for each failure; its own mistakes are bare 500s before 4.1, and a proxy in front of it has the rest. */
function oobaboogaFailure(failure: Failure, version: OobaboogaVersion): CannedReply {
  if (failure === 'unauthorized') return { status: 401, body: { detail: 'Unauthorized' } };
  if (failure === 'server') return { status: 500, headers: { 'content-type': 'text/plain' }, body: 'Internal Server Error' };
  if (failure === 'bad-request' && version !== '4.1')
    return { status: 422, body: { detail: [{ type: 'missing', loc: ['body', 'messages'], msg: 'Field required', input: {} }] } };
  const table: Record<Exclude<Failure, 'unauthorized' | 'server'>, [number, string]> = {
    forbidden: [403, 'Forbidden'],
    'out-of-credit': [402, 'Payment required'],
    'model-not-found': [404, 'The model was not found.'],
    'rate-limited': [429, 'Too many requests'],
    'context-length': [400, 'The prompt exceeds the context length: it is too long.'],
    'content-filter': [400, 'Refused by the content_filter'],
    'bad-request': [400, 'messages: missing content'],
    overloaded: [503, 'The server is overloaded'],
    loading: [503, 'The server is overloaded'],
  };
  const [status, message] = table[failure];
  return { status, body: { error: { message, type: 'invalid_request_error', param: null, code: null } } };
}
