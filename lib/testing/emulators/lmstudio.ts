import type { JsonObject } from '../../protocol/json.ts';
import { hasBearer } from '../kit/credentials.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import { sendFrames } from '../kit/send-frames.ts';
import { type Emulator, type EmulatorOptions, type Handler, startEmulator } from '../kit/start-emulator.ts';
import { answerChat } from '../openai-shape/answer-chat.ts';
import { answerEmbeddings } from '../openai-shape/answer-embeddings.ts';
import { answerText } from '../openai-shape/answer-text.ts';
import { readChatAsk, readTextAsk } from '../openai-shape/ask.ts';
import type { Dialect } from '../openai-shape/dialect.ts';
import { eventFrame } from '../openai-shape/frames.ts';
import { isLoaded, type LmStudioModel, lmStudioModels, nativeV0Card, nativeV1Card } from './lmstudio-models.ts';

export interface LmStudioOptions extends EmulatorOptions {
  models?: LmStudioModel[];
  /** The switch "Enable CORS"; off as LM Studio ships. */
  cors?: boolean;
  /** Loads a model when a request names it; on unless told. */
  jit?: boolean;
  /** What a prompt longer than the window gets: an error event at 200, or an answer without a word. */
  overflow?: 'event' | 'empty';
  /** Before 0.3: errors are bare strings and there is no `/api`. */
  old?: boolean;
}

/** Starts an emulator of LM Studio; its base address is `url + '/v1'`. */
export function startLmStudio(options: LmStudioOptions = {}): Promise<Emulator> {
  const models = (options.models ?? lmStudioModels).map((model) => ({ ...model }));
  const cors: Record<string, string> = options.cors ? { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' } : {};

  const unknown: Handler = (exchange) =>
    exchange.json(200, { error: `Unexpected endpoint or method. (${exchange.request.method} ${exchange.request.path})` });

  function choose(exchange: Exchange): LmStudioModel | undefined {
    const loaded = models.filter(isLoaded);
    const named = models.find((model) => model.id === exchange.model);
    if (named && (isLoaded(named) || options.jit !== false)) {
      named.loadedWindow ??= Math.min(4096, named.contextWindow);
      return named;
    }
    if (loaded.length === 1) return loaded[0];
    const nothing = 'No models loaded. Please load a model in the developer page or use the `lms load` command.';
    if (loaded.length === 0) exchange.json(400, complain(options, nothing, 'model', 'model_not_found'));
    else exchange.fail('model-not-found');
    return undefined;
  }

  const answering =
    (run: Handler, countPrompt: (body: JsonObject) => number): Handler =>
    async (exchange) => {
      const model = choose(exchange);
      if (!model) return;
      const complaint = findComplaint(exchange.body);
      if (complaint !== undefined) return exchange.json(400, complain(options, complaint));
      if (countPrompt(exchange.body) <= (model.loadedWindow ?? model.contextWindow)) return run({ ...exchange, model: model.id });
      if (options.overflow === 'empty') return run({ ...exchange, model: model.id, scenario: { ...exchange.scenario, tokens: [] } });
      await sendFrames(exchange, 'text/event-stream', [{ text: overflowEvent }], () => overflowEvent);
    };
  const jobs = new Map<string, { id: string; looks: number }>();
  const download: Handler = (exchange) => {
    if (models.some(({ id }) => id === exchange.model)) return exchange.json(200, { status: 'already_downloaded' });
    if (!exchange.model.includes('/')) return exchange.fail('model-not-found');
    const job = `job_${jobs.size + 1}`;
    jobs.set(job, { id: exchange.model, looks: 0 });
    exchange.json(200, jobCard(job, 'downloading', 0));
  };
  /** Each look finds it a third further; a name with "broken" in it fails. */
  const look: Handler = (exchange) => {
    const name = exchange.request.path.split('/').at(-1) ?? '';
    const job = jobs.get(name);
    if (!job) return exchange.fail('model-not-found');
    job.looks += 1;
    if (job.id.includes('broken')) return exchange.json(200, jobCard(name, 'failed', job.looks));
    if (job.looks === 3) models.push({ id: job.id, name: job.id, kind: 'llm', contextWindow: 4096 });
    exchange.json(200, jobCard(name, job.looks >= 3 ? 'completed' : 'downloading', job.looks));
  };
  const native = (run: Handler): Handler => (options.old ? unknown : run);
  const setLoaded = (exchange: Exchange, id: string, load: boolean): void => {
    const model = models.find((candidate) => candidate.id === id);
    if (!model) exchange.fail('model-not-found');
    else if (load) {
      const { context_length: wanted } = exchange.body;
      model.loadedWindow = typeof wanted === 'number' ? wanted : Math.min(4096, model.contextWindow);
      const type = model.kind === 'embeddings' ? 'embedding' : 'llm';
      exchange.json(200, { type, instance_id: id, load_time_seconds: 1.2, status: 'loaded' });
    } else {
      delete model.loadedWindow;
      exchange.json(200, { instance_id: id });
    }
  };

  return startEmulator(
    {
      headers: { 'x-powered-by': 'Express' },
      cors: () => cors,
      gate(exchange) {
        if (exchange.request.method === 'OPTIONS' || hasBearer(exchange, options.apiKey)) return false;
        exchange.fail('unauthorized');
        return true;
      },
      routes: {
        'OPTIONS *': (exchange) =>
          options.cors ? exchange.text(204, '', { 'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE' }) : unknown(exchange),
        'GET /v1/models': (exchange) => {
          const listed = models.filter((model) => options.jit !== false || isLoaded(model));
          exchange.json(200, {
            object: 'list',
            data: listed.map((model) => ({ id: model.id, object: 'model', owned_by: 'organization_owner' })),
          });
        },
        'GET /api/v0/models': native((exchange) => exchange.json(200, { object: 'list', data: models.map(nativeV0Card) })),
        'GET /api/v1/models': native((exchange) => exchange.json(200, { models: models.map(nativeV1Card) })),
        'POST /api/v1/models/load': native((exchange) => setLoaded(exchange, exchange.model, true)),
        'POST /api/v1/models/download': native(download),
        'GET /api/v1/models/download/status/*': native(look),
        'POST /api/v1/models/unload': native((exchange) => setLoaded(exchange, String(exchange.body.instance_id ?? ''), false)),
      },
      answers: {
        'POST /v1/chat/completions': answering(
          (exchange) => answerChat(exchange, dialect),
          (body) => readChatAsk(body).promptTokens,
        ),
        'POST /v1/completions': answering(
          (exchange) => answerText(exchange, dialect),
          (body) => readTextAsk(body).promptTokens,
        ),
        'POST /v1/embeddings': answering(answerEmbeddings, () => 0),
      },
      unknown,
      failure: (failure, exchange) => lmStudioFailure(failure, exchange.model, options),
    },
    options,
  );
}

const dialect: Dialect = {
  idPrefix: 'chatcmpl-',
  fields: { system_fingerprint: 'emulator' },
  opening: 'with-text',
  closing: {},
  choice: () => ({ logprobs: null }),
  reasoning: 'reasoning_content',
  toolCalls: 'pieces',
  usage: 'asked',
  errorEvent: (failure, exchange) => `event: error\n${eventFrame(asObject(exchange.failure(failure).body))}`,
};

function jobCard(id: string, status: string, thirds: number): JsonObject {
  const size = 2_279_145_003;
  return { job_id: id, status, total_size_bytes: size, downloaded_bytes: (size / 3) * thirds, started_at: '2026-01-01T00:00:00.000Z' };
}

const overflowText =
  'The number of tokens to keep from the initial prompt is greater than the context length. Try to load the model with a larger context length, or provide a shorter input.';
const overflowEvent = `event: error\n${eventFrame({ error: { message: overflowText } })}`;

function findComplaint(body: JsonObject): string | undefined {
  const format = asObject(body.response_format).type;
  if (format !== undefined && format !== 'json_schema' && format !== 'text')
    return "'response_format.type' must be 'json_schema' or 'text'";
  if (typeof body.tool_choice === 'object') return "Invalid tool_choice type: 'object'. Supported string values: none, auto, required";
  return undefined;
}

function complain(
  options: LmStudioOptions,
  message: string,
  param: string | null = null,
  code: string | null = null,
  type = 'invalid_request_error',
): JsonObject {
  return { error: options.old ? message : { message, type, param, code } };
}

/** LM Studio's status and words for each failure; a proxy in front of it speaks where it has none of its own. */
function lmStudioFailure(failure: Failure, model: string, options: LmStudioOptions): CannedReply {
  const table: Record<Failure, [number, JsonObject]> = {
    unauthorized: [401, complain(options, 'An LM Studio API token is required to make requests to this server.', null, 'invalid_api_key')],
    forbidden: [403, complain(options, 'Forbidden')],
    'out-of-credit': [402, complain(options, 'Payment required')],
    'model-not-found': [404, complain(options, `Model "${model}" not found. Please specify a valid model.`, 'model', 'model_not_found')],
    'rate-limited': [429, complain(options, 'Too many requests')],
    'context-length': [400, complain(options, overflowText)],
    'content-filter': [400, complain(options, 'Content refused', null, 'content_filter')],
    'bad-request': [400, complain(options, "'messages' field is required")],
    overloaded: [503, complain(options, 'The server is busy', null, null, 'server_error')],
    loading: [400, complain(options, `Failed to load model "${model}". Error: Model loading was aborted.`, 'model')],
    server: [500, complain(options, 'The model has crashed without additional information.', null, null, 'server_error')],
  };
  const [status, body] = table[failure];
  return { status, body };
}
