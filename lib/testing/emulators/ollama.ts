import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import { type Frame, sendFrames } from '../kit/send-frames.ts';
import { type Emulator, type EmulatorOptions, type Handler, startEmulator } from '../kit/start-emulator.ts';
import { answerChat } from '../openai-shape/answer-chat.ts';
import { answerEmbeddings, vectorOf } from '../openai-shape/answer-embeddings.ts';
import { answerText } from '../openai-shape/answer-text.ts';
import { type Ask, readChatAsk } from '../openai-shape/ask.ts';
import type { Dialect } from '../openai-shape/dialect.ts';
import { eventFrame } from '../openai-shape/frames.ts';
import { countTokens } from '../tokens.ts';
import { findModel, type OllamaModel, ollamaModels, psCard, showCard, tagCard } from './ollama-models.ts';
import { answerOllamaChat, answerOllamaGenerate, stockThoughts } from './ollama-native.ts';
import { isAllowedHost, isAllowedOrigin } from './ollama-origins.ts';

export interface OllamaOptions extends EmulatorOptions {
  models?: OllamaModel[];
  /** As in OLLAMA_ORIGINS, one `*` each: `chrome-extension://*`. */
  origins?: string[];
  /** The window a model really gets, whatever it could have. */
  contextWindow?: number;
  /** Where given, requests must bring it, as at Ollama's cloud. */
  apiKey?: string;
  version?: string;
}

/** Starts an emulator of Ollama; its base address is `url`. */
export function startOllama(options: OllamaOptions = {}): Promise<Emulator> {
  const models = [...(options.models ?? ollamaModels)];
  const contextWindow = options.contextWindow ?? 4096;
  /** Names of the models that are loaded, and the windows they were loaded with. */
  const loaded = new Map<string, number>();

  const withModel =
    (run: (exchange: Exchange, model: OllamaModel) => void | Promise<void>): Handler =>
    (exchange) => {
      if (exchange.request.body === undefined) return exchange.json(400, { error: 'missing request body' });
      if (exchange.model === '') return exchange.json(400, { error: 'model is required' });
      const model = findModel(models, exchange.model);
      if (!model) return exchange.fail('model-not-found');
      return run(exchange, model);
    };
  const answering = (run: (exchange: Exchange, model: OllamaModel, window: number) => void | Promise<void>): Handler =>
    withModel((exchange, model) => {
      const { keep_alive: keepAlive, options: wanted } = exchange.body;
      const window = Number(asObject(wanted).num_ctx ?? contextWindow);
      if (keepAlive === 0) loaded.delete(model.name);
      else loaded.set(model.name, window);
      return run(exchange, model, window);
    });
  const version = options.version ?? '0.33.0';
  const root: Handler = (exchange) => exchange.text(200, 'Ollama is running');

  return startEmulator(
    {
      cors: (request) => {
        const { origin } = request.headers;
        if (origin === undefined || !isAllowedOrigin(origin, request.headers.host ?? '', options.origins ?? [])) return {};
        return { 'access-control-allow-origin': origin };
      },
      gate(exchange) {
        const { origin, host = '' } = exchange.request.headers;
        const isForeign = !isAllowedHost(host) || (origin !== undefined && !isAllowedOrigin(origin, host, options.origins ?? []));
        if (isForeign) exchange.bytes(403, new Uint8Array());
        else if (exchange.request.method === 'OPTIONS') {
          exchange.response.writeHead(204, {
            'access-control-allow-methods': 'GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS',
            'access-control-allow-headers': 'Authorization,Content-Type,User-Agent,Accept,X-Requested-With,Openai-Beta,X-Stainless-Lang',
            'access-control-max-age': '43200',
          });
          exchange.response.end();
        } else if (options.apiKey !== undefined && exchange.request.headers.authorization !== `Bearer ${options.apiKey}`)
          exchange.fail('unauthorized');
        else return false;
        return true;
      },
      routes: {
        'GET /': root,
        'HEAD /': root,
        'GET /api/version': (exchange) => exchange.json(200, { version }),
        'GET /api/tags': (exchange) => exchange.json(200, { models: models.map(tagCard) }),
        'GET /api/ps': (exchange) =>
          exchange.json(200, {
            models: models.flatMap((model) => {
              const window = loaded.get(model.name);
              return window === undefined ? [] : [psCard(model, window)];
            }),
          }),
        'POST /api/show': withModel((exchange, model) => exchange.json(200, showCard(model))),
        'POST /api/pull': (exchange) => {
          if (exchange.model.startsWith('no-such'))
            return exchange.text(200, `${JSON.stringify({ error: 'pull model manifest: file does not exist' })}\n`);
          const model = { ...(ollamaModels[0] as OllamaModel), name: exchange.model };
          return sendFrames(
            exchange,
            'application/x-ndjson',
            pullFrames(() => models.push(model)),
            () => '',
          );
        },
        'DELETE /api/delete': withModel((exchange, model) => {
          models.splice(models.indexOf(model), 1);
          exchange.text(200, '');
        }),
        'GET /v1/models': (exchange) => {
          const data = models.map(({ name }) => ({ id: name, object: 'model', created: 1_767_225_600, owned_by: 'library' }));
          exchange.json(200, { object: 'list', data });
        },
      },
      answers: {
        'POST /api/chat': answering(answerOllamaChat),
        'POST /api/generate': answering(answerOllamaGenerate),
        'POST /api/embed': answering((exchange, model) => {
          const { input, dimensions } = exchange.body;
          const texts = (Array.isArray(input) ? input : [input ?? '']).map(String);
          const embeddings = texts.map((text) => vectorOf(text, typeof dimensions === 'number' && dimensions > 0 ? dimensions : 8));
          exchange.json(200, {
            model: model.name,
            embeddings,
            total_duration: 1,
            load_duration: 1,
            prompt_eval_count: countTokens(texts.join(' ')),
          });
        }),
        'POST /v1/chat/completions': answering((exchange, model) =>
          answerChat(asOpenAi(exchange, model), dialect, readOpenAiAsk(exchange)),
        ),
        'POST /v1/completions': answering((exchange) => answerText(exchange, dialect)),
        'POST /v1/embeddings': answering(answerEmbeddings),
      },
      unknown: (exchange) => exchange.text(404, '404 page not found'),
      failure: (failure, exchange) => ollamaFailure(failure, exchange),
    },
    options,
  );
}

/** A model in two files, the second in two steps. */
function* pullFrames(whenDone: () => void): Generator<Frame> {
  const line = (value: object): Frame => ({ text: `${JSON.stringify(value)}\n`, token: true });
  const [first, second] = ['sha256:dde5aa3fc5ff', 'sha256:966de95ca8a6'];
  yield line({ status: 'pulling manifest' });
  yield line({ status: 'pulling dde5aa3fc5ff', digest: first, total: 300, completed: 300 });
  yield line({ status: 'pulling 966de95ca8a6', digest: second, total: 100 });
  yield line({ status: 'pulling 966de95ca8a6', digest: second, total: 100, completed: 60 });
  yield line({ status: 'verifying sha256 digest' });
  whenDone();
  yield line({ status: 'success' });
}

const dialect: Dialect = {
  idPrefix: 'chatcmpl-',
  fields: { system_fingerprint: 'fp_ollama' },
  opening: 'with-text',
  closing: {},
  reasoning: 'reasoning',
  toolCalls: 'whole',
  usage: 'asked',
  /** An error of the engine becomes a chunk without content here, and then the stream ends. */
  errorEvent: (_, exchange) =>
    eventFrame({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      model: exchange.model,
      choices: [{ index: 0, delta: {}, finish_reason: null }],
    }),
};

/** Under `/v1` a model thinks as it does natively, and arguments of tool calls went through an object. */
function asOpenAi(exchange: Exchange, model: OllamaModel): Exchange {
  const { scenario, body } = exchange;
  const thinks = model.capabilities.includes('thinking') && body.reasoning_effort !== 'none';
  const toolCalls = scenario.toolCalls?.map((call) => ({ ...call, arguments: JSON.stringify(JSON.parse(call.arguments)) }));
  return { ...exchange, scenario: { ...(thinks && { thoughts: stockThoughts }), ...scenario, ...(toolCalls && { toolCalls }) } };
}

/** It knows `max_tokens` alone, and no `tool_choice`. */
function readOpenAiAsk(exchange: Exchange): Ask {
  const { max_completion_tokens: _, tool_choice: __, ...body } = exchange.body;
  return readChatAsk(body);
}

/** Ollama's status and words for each failure, as text natively and as an object under `/v1`. */
function ollamaFailure(failure: Failure, exchange: Exchange): CannedReply {
  const table: Record<Failure, [number, string]> = {
    unauthorized: [401, 'unauthorized'],
    forbidden: [403, 'this model requires a subscription, upgrade for access'],
    'out-of-credit': [402, 'usage limit reached'],
    'model-not-found': [404, `model '${exchange.model}' not found`],
    'rate-limited': [429, 'too many requests'],
    'context-length': [400, 'the input length exceeds the context length'],
    'content-filter': [400, 'content refused'],
    'bad-request': [400, 'json: cannot unmarshal string into Go struct field ChatRequest.messages of type []api.Message'],
    overloaded: [503, 'server busy, please try again.  maximum pending requests exceeded'],
    loading: [503, 'llm server loading model'],
    server: [500, 'llama runner process no longer running: 2'],
  };
  const [status, message] = table[failure];
  if (!exchange.request.path.startsWith('/v1')) {
    return { status, body: { error: message, ...(failure === 'unauthorized' && { signin_url: 'https://ollama.com/connect?name=here' }) } };
  }
  const type = status === 404 ? 'not_found_error' : status < 500 ? 'invalid_request_error' : 'api_error';
  return { status, body: { error: { message, type, param: null, code: null } } };
}
