import type { JsonObject } from '../../protocol/json.ts';
import { hasBearer } from '../kit/credentials.ts';
import { asObject } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import { type Emulator, type EmulatorOptions, type Handler, startEmulator } from '../kit/start-emulator.ts';
import { answerChat } from '../openai-shape/answer-chat.ts';
import { answerEmbeddings } from '../openai-shape/answer-embeddings.ts';
import { answerText } from '../openai-shape/answer-text.ts';
import type { Dialect } from '../openai-shape/dialect.ts';
import { eventFrame } from '../openai-shape/frames.ts';

export interface GatewayOptions extends EmulatorOptions {
  models?: string[];
  /** Path before `/v1`, as Ray Serve and reverse proxies have one: `/llm`. */
  prefix?: string;
}

export const gatewayModels = ['team-model', 'team-embedder'];

/**
 * Starts an emulator of an OpenAI-shaped gateway (LiteLLM, Ray Serve); its base address is `url + prefix + '/v1'`.
 * Its errors carry the status as text, and streams may say role, content and usage in any chunk.
 */
export function startGateway(options: GatewayOptions = {}): Promise<Emulator> {
  const models = options.models ?? gatewayModels;
  const base = `${options.prefix ?? ''}/v1`;
  const known =
    (run: Handler): Handler =>
    (exchange) =>
      models.includes(exchange.model) ? run(exchange) : exchange.fail('model-not-found');
  return startEmulator(
    {
      headers: { server: 'uvicorn' },
      cors: () => ({ 'access-control-allow-origin': '*' }),
      gate(exchange) {
        const { method, path } = exchange.request;
        if (method === 'OPTIONS' || path.endsWith('/health/liveliness') || hasBearer(exchange, options.apiKey)) return false;
        exchange.fail('unauthorized');
        return true;
      },
      routes: {
        'OPTIONS *': (exchange) => exchange.text(200, 'OK', { 'access-control-allow-methods': '*', 'access-control-allow-headers': '*' }),
        'GET /health/liveliness': (exchange) => exchange.json(200, "I'm alive!"),
        [`GET ${base}/models`]: (exchange) => exchange.json(200, { object: 'list', data: models.map(modelCard) }),
      },
      answers: {
        [`POST ${base}/chat/completions`]: known((exchange) => answerChat(exchange, dialect)),
        [`POST ${base}/completions`]: known((exchange) => answerText(exchange, dialect)),
        [`POST ${base}/embeddings`]: known(answerEmbeddings),
      },
      unknown: (exchange) => exchange.json(404, { detail: 'Not Found' }),
      failure: (failure, exchange) => gatewayFailure(failure, exchange.model),
    },
    options,
  );
}

const dialect: Dialect = {
  idPrefix: 'chatcmpl-',
  opening: 'with-text',
  closing: {},
  reasoning: 'reasoning_content',
  toolCalls: 'pieces',
  usage: 'asked',
  errorEvent: (failure, exchange) => eventFrame(asObject(exchange.failure(failure).body)),
};

function modelCard(id: string): JsonObject {
  return { id, object: 'model', created: 1_767_225_600, owned_by: 'openai' };
}

function gatewayFailure(failure: Failure, model: string): CannedReply {
  const table: Record<Failure, [number, string, string]> = {
    unauthorized: [401, 'Authentication Error, Invalid proxy server token passed', 'auth_error'],
    forbidden: [403, 'This key can only access certain models.', 'key_model_access_denied'],
    'out-of-credit': [402, 'Budget has been exceeded! Current cost: 2.0, Max budget: 1.0', 'budget_exceeded'],
    'model-not-found': [
      400,
      `/chat/completions: Invalid model name passed in model=${model}. Call \`/v1/models\` to view available models for your key.`,
      'invalid_request_error',
    ],
    'rate-limited': [429, 'No deployments available for selected model, Try again in 5 seconds.', 'throttling_error'],
    'context-length': [400, "ContextWindowExceededError: This model's maximum context length is 8192 tokens.", 'invalid_request_error'],
    'content-filter': [400, 'ContentPolicyViolationError: The response was filtered.', 'invalid_request_error'],
    'bad-request': [400, 'BadRequestError: messages: field required', 'invalid_request_error'],
    overloaded: [503, 'ServiceUnavailableError: upstream is overloaded', 'service_unavailable'],
    loading: [503, 'Deployment is starting', 'service_unavailable'],
    server: [500, 'InternalServerError: upstream failed', 'internal_server_error'],
  };
  const [status, message, type] = table[failure];
  return { status, body: { error: { message, type, param: null, code: String(status) } } };
}
