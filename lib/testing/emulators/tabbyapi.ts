import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import { sendFrames } from '../kit/send-frames.ts';
import { type Emulator, type EmulatorOptions, type Handler, startEmulator } from '../kit/start-emulator.ts';
import { withState } from '../kit/with-state.ts';
import { answerChat } from '../openai-shape/answer-chat.ts';
import { answerEmbeddings } from '../openai-shape/answer-embeddings.ts';
import { answerText } from '../openai-shape/answer-text.ts';
import { listOf, messageText, readChatAsk, readTextAsk } from '../openai-shape/ask.ts';
import { tokenise } from '../tokens.ts';
import { tabbyDialect } from './tabbyapi-dialect.ts';
import { refusesAdmin, refusesUser, tabbyPermission } from './tabbyapi-keys.ts';
import { refuseLoad, streamLoad } from './tabbyapi-load.ts';

export interface TabbyOptions extends EmulatorOptions {
  adminKey?: string;
  /** Folders it could load. */
  models?: string[];
  /** `null`: none is loaded. */
  loaded?: string | null;
  contextWindow?: number;
  vision?: boolean;
  /** The model was loaded without a prompt template. */
  hasNoTemplate?: boolean;
  /** No model for vectors is loaded. */
  hasNoEmbedder?: boolean;
  /** Of before April 2025: 400 where newer ones say 503 that nothing is loaded, and no word about who it is. */
  old?: boolean;
  /** `api_servers` has Kobold in it, so it plays KoboldCpp too. */
  kobold?: boolean;
  /** `disable_request_streaming`: answers come whole, whatever was asked for. */
  neverStreams?: boolean;
  /** `use_dummy_models` */
  dummy?: boolean;
}

export interface Tabby extends Emulator {
  readonly loaded: string | null;
  /** Names of the sampler preset and the template in use. */
  readonly preset: string | null;
  readonly template: string;
}

export const tabbyModels = ['tiny-instruct-4.0bpw', 'other-6.0bpw'];
const presets = ['safe', 'wild'];
const templates = ['alpaca', 'chatml'];

/** Starts an emulator of TabbyAPI; its base address is `url`. */
export async function startTabby(options: TabbyOptions = {}): Promise<Tabby> {
  const { models = tabbyModels, contextWindow = 8192 } = options;
  let loaded = options.loaded === undefined ? (models[0] ?? null) : options.loaded;
  let preset: string | null = null;
  let template = 'chatml';

  const forUser =
    (run: Handler): Handler =>
    (exchange) =>
      refusesUser(exchange, options) ? undefined : run(exchange);
  const forAdmin =
    (run: Handler): Handler =>
    (exchange) =>
      refusesAdmin(exchange, options) ? undefined : run(exchange);
  const withModel =
    (run: Handler): Handler =>
    (exchange) =>
      loaded === null ? exchange.json(options.old ? 400 : 503, { detail: 'No models are currently loaded.' }) : run(exchange);

  const list: Handler = (exchange) => {
    const visible = tabbyPermission(exchange, options) === 'admin' ? models : loaded === null ? [] : [loaded];
    exchange.json(200, { object: 'list', data: [...(options.dummy ? ['gpt-3.5-turbo'] : []), ...visible].map((id) => card(id)) });
  };
  const load: Handler = async (exchange) => {
    const name = String(exchange.body.model_name ?? '');
    const detail = 'Could not find the model path for load. Check model name or config.yml?';
    if (!models.includes(name)) return exchange.json(400, { detail });
    if (loaded === name) return refuseLoad(exchange, name);
    loaded = null;
    await streamLoad(exchange, () => {
      loaded = name;
      template = String(exchange.body.prompt_template ?? template);
    });
  };
  const chat: Handler = (exchange) => {
    const complaint = complain(exchange.body);
    if (complaint) return exchange.json(422, complaint);
    if (options.hasNoTemplate) return exchange.json(422, { detail: 'Chat completions are disabled because a prompt template is not set.' });
    const ask = { ...readChatAsk(exchange.body), ...readForm(exchange.body) };
    if (ask.promptTokens > contextWindow) return exchange.fail('context-length');
    return answerChat(ours(exchange), tabbyDialect, ask);
  };
  const text: Handler = async (exchange) => {
    const complaint = complain(exchange.body);
    if (complaint) return exchange.json(422, complaint);
    if (exchange.body.stream === true && exchange.body.max_tokens === undefined && !options.neverStreams) {
      const failed = { error: { message: 'Completion aborted. Please check the server console.', trace: null } };
      return sendFrames(exchange, 'text/event-stream', [{ text: `data: ${JSON.stringify(failed)}\r\n\r\n` }], () => '');
    }
    await answerText(ours(exchange), tabbyDialect, { ...readTextAsk(exchange.body), ...readForm(exchange.body) });
  };

  /** The model that is loaded answers, whatever was named. */
  function ours(exchange: Exchange): Exchange {
    return { ...exchange, model: loaded ?? '', body: options.neverStreams ? { ...exchange.body, stream: false } : exchange.body };
  }

  const emulator = await startEmulator(
    {
      headers: { server: 'uvicorn' },
      cors: () => ({ 'access-control-allow-origin': '*', 'access-control-allow-credentials': 'true' }),
      routes: {
        'OPTIONS *': (exchange) => exchange.text(200, 'OK', { 'access-control-allow-headers': '*', 'access-control-allow-methods': '*' }),
        'GET /health': value({ status: 'healthy', issues: [] }),
        ...(!options.old && {
          'GET /.well-known/serviceinfo': value({
            version: 0.1,
            software: { name: 'TabbyAPI', repository: 'https://github.com/theroyallab/tabbyAPI' },
          }),
        }),
        'GET /v1/models': forUser(list),
        'GET /v1/model/list': forUser(list),
        'GET /v1/model': forUser(
          withModel((exchange) => exchange.json(200, card(loaded ?? '', parameters(options, contextWindow, template)))),
        ),
        'POST /v1/model/load': forAdmin(load),
        'POST /v1/model/unload': forAdmin(
          withModel((exchange) => {
            loaded = null;
            exchange.json(200, null);
          }),
        ),
        'GET /v1/auth/permission': forUser((exchange) => {
          const permission = tabbyPermission(exchange, options);
          exchange.json(permission ? 200 : 400, permission ? { permission } : { detail: 'The provided authentication key is invalid.' });
        }),
        'GET /v1/template/list': forUser((exchange) =>
          exchange.json(200, { object: 'list', data: tabbyPermission(exchange, options) === 'admin' ? templates : [template] }),
        ),
        'GET /v1/sampling/override/list': forUser((exchange) => {
          const isAdmin = tabbyPermission(exchange, options) === 'admin';
          exchange.json(200, { selected_preset: preset, overrides: {}, presets: isAdmin ? presets : [] });
        }),
        'POST /v1/sampling/override/switch': forAdmin((exchange) => {
          const name = String(exchange.body.preset ?? '');
          if (!presets.includes(name)) return exchange.json(400, { detail: `Sampler override preset with name ${name} does not exist.` });
          preset = name;
          return exchange.json(200, null);
        }),
        'POST /v1/token/encode': forUser(withModel(encode)),
        ...(!options.old && {
          'GET /props': forUser(
            withModel((exchange) =>
              exchange.json(200, { total_slots: 4, chat_template: '', default_generation_settings: { n_ctx: contextWindow } }),
            ),
          ),
        }),
        ...(options.kobold && {
          'GET /api/v1/info/version': value({ result: '1.2.5' }),
          'GET /api/extra/version': value({ result: 'KoboldCpp', version: '1.74' }),
          'GET /api/v1/model': forUser(withModel((exchange) => exchange.json(200, { result: `tabbyAPI/${loaded}` }))),
        }),
      },
      answers: {
        'POST /v1/chat/completions': forUser(withModel(chat)),
        'POST /v1/completions': forUser(withModel(text)),
        'POST /v1/embeddings': forUser((exchange) =>
          options.hasNoEmbedder ? exchange.json(503, { detail: 'No embedding models are currently loaded.' }) : answerEmbeddings(exchange),
        ),
      },
      unknown: (exchange) => exchange.json(404, { detail: 'Not Found' }),
      failure: tabbyFailure,
    },
    options,
  );
  return withState(emulator, {
    get loaded() {
      return loaded;
    },
    get preset() {
      return preset;
    },
    get template() {
      return template;
    },
  });
}

function value(body: JsonObject): Handler {
  return (exchange) => exchange.json(200, body);
}

function card(id: string, more: JsonObject | null = null): JsonObject {
  return { id, object: 'model', created: 1_767_225_600, owned_by: 'tabbyAPI', logging: null, parameters: more };
}

function parameters({ vision }: TabbyOptions, window: number, template: string): JsonObject {
  return {
    max_seq_len: window,
    cache_size: window,
    cache_mode: 'FP16',
    rope_scale: 1,
    rope_alpha: 1,
    max_batch_size: 4,
    chunk_size: 2048,
    prompt_template: template,
    prompt_template_content: '',
    use_vision: vision === true,
    draft: null,
  };
}

/** A JSON schema stands at the top of the body, a pattern beside it. */
function readForm({ json_schema: schema, regex_pattern: pattern }: JsonObject): { schema?: JsonValue; pattern?: string } {
  return { ...(schema !== undefined && { schema }), ...(typeof pattern === 'string' && { pattern }) };
}

/** FastAPI's refusal of values out of range. */
function complain(body: JsonObject): JsonObject | undefined {
  const wrong = Object.entries(ranges).find(([name, [least, most]]) => {
    const given = body[name];
    return typeof given === 'number' && (given < least || given > most);
  });
  if (!wrong) return undefined;
  const [name, [least]] = wrong;
  return {
    detail: [{ type: 'greater_than_equal', loc: ['body', name], msg: `Input should be greater than or equal to ${least}`, input: 0 }],
  };
}

const ranges: Record<string, [number, number]> = {
  temperature: [0, 10],
  top_k: [0, Number.MAX_VALUE],
  top_p: [0, 1],
  typical: [Number.MIN_VALUE, 1],
  presence_penalty: [0, Number.MAX_VALUE],
  frequency_penalty: [0, Number.MAX_VALUE],
  repetition_penalty: [Number.MIN_VALUE, Number.MAX_VALUE],
  max_tokens: [0, Number.MAX_VALUE],
};

function encode(exchange: Exchange): void {
  const { text } = exchange.body;
  const written = Array.isArray(text)
    ? listOf(text).map((message) => `<|im_start|>${String(message.role)}\n${messageText(message)}<|im_end|>\n`)
    : [String(text)];
  const tokens = tokenise(written.join('')).map((_, index) => index + 1);
  exchange.json(200, { tokens: [0, ...tokens], length: tokens.length + 1 });
}

/** TabbyAPI's status and words for each failure; a proxy in front of it speaks where it has none of its own. */
function tabbyFailure(failure: Failure): CannedReply {
  const overflow = 'Prompt length 9000 exceeds the available context size of 8192 tokens';
  const table: Record<Failure, [number, JsonObject]> = {
    unauthorized: [401, { detail: 'Invalid API key' }],
    forbidden: [403, { detail: 'Forbidden' }],
    'out-of-credit': [402, { detail: 'Payment required' }],
    'model-not-found': [503, { detail: 'No models are currently loaded.' }],
    'rate-limited': [429, { detail: 'Too many requests' }],
    'context-length': [400, { error: { message: overflow, type: 'invalid_request_error', param: null, code: 'context_length_exceeded' } }],
    'content-filter': [400, { detail: 'Refused by the content_filter' }],
    'bad-request': [422, { detail: [{ type: 'missing', loc: ['body', 'messages'], msg: 'Field required', input: {} }] }],
    overloaded: [503, { detail: 'The server is overloaded' }],
    loading: [503, { detail: 'Another model is currently loading.' }],
    server: [503, { detail: 'Chat completion 1 aborted. Maybe the model was unloaded? Please check the server console.' }],
  };
  const [status, body] = table[failure];
  return { status, body: asObject(body) };
}
