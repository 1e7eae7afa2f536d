import type { JsonObject } from '../../protocol/json.ts';
import { credentialsOf, hasBearer } from '../kit/credentials.ts';
import type { Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import { type Emulator, type EmulatorOptions, type Handler, startEmulator } from '../kit/start-emulator.ts';
import { answerChat } from '../openai-shape/answer-chat.ts';
import { answerEmbeddings } from '../openai-shape/answer-embeddings.ts';
import { answerText } from '../openai-shape/answer-text.ts';
import type { Dialect } from '../openai-shape/dialect.ts';
import { eventFrame } from '../openai-shape/frames.ts';
import { countTokens } from '../tokens.ts';
import { answerResponses, responsesComplaint } from './openai-responses.ts';
import { type Complaint, findComplaint } from './openai-rules.ts';

/** A chat model, a reasoning model, one for text completions, one for embeddings and one for Responses alone. */
export const openAiModels = ['gpt-4o-mini', 'gpt-5.4-mini', 'gpt-3.5-turbo-instruct', 'text-embedding-3-small', 'gpt-5-pro'];

export interface OpenAiOptions extends EmulatorOptions {
  models?: string[];
  /** A gateway that has Chat Completions alone. */
  hasNoResponses?: boolean;
  /** Errors in a stream of Responses in the flat shape of its description. */
  hasFlatErrors?: boolean;
}

/** Starts an emulator of OpenAI's API; its base address is `url + '/v1'`. */
export function startOpenAi(options: OpenAiOptions = {}): Promise<Emulator> {
  const models = options.models ?? openAiModels;
  const guarded: Handler = async (exchange) => {
    if (!models.includes(exchange.model)) return exchange.fail('model-not-found');
    if (exchange.model === 'gpt-5-pro')
      return exchange.json(404, {
        error: complaintOf('This model is only supported in v1/responses and not in v1/chat/completions.', { param: 'model' }),
      });
    const complaint = findComplaint(exchange.request.path, exchange.body, exchange.model);
    if (complaint) return exchange.json(400, { error: complaint });
    if (exchange.request.path === '/v1/embeddings') return answerEmbeddings(exchange);
    if (exchange.request.path === '/v1/completions') return answerText(exchange, dialect);
    await answerChat(exchange, dialect);
  };
  const responses: Handler = (exchange) => {
    if (!models.includes(exchange.model)) return exchange.fail('model-not-found');
    const complaint = responsesComplaint(exchange.body);
    if (complaint) return exchange.json(400, { error: complaintOf(complaint.message, complaint) });
    return answerResponses(exchange, options.hasFlatErrors);
  };
  return startEmulator(
    {
      headers: {
        'x-request-id': 'req_0123456789abcdef',
        'openai-processing-ms': '12',
        'openai-version': '2020-10-01',
        'x-ratelimit-limit-requests': '10000',
        'x-ratelimit-remaining-requests': '9999',
        'x-ratelimit-reset-requests': '8ms',
      },
      cors: () => ({ 'access-control-allow-origin': '*' }),
      gate(exchange) {
        if (exchange.request.method === 'OPTIONS' || hasBearer(exchange, options.apiKey)) return false;
        exchange.fail('unauthorized');
        return true;
      },
      routes: {
        'OPTIONS *': (exchange) =>
          exchange.text(200, '', {
            'access-control-allow-headers': 'authorization, content-type',
            'access-control-allow-methods': 'GET, OPTIONS, POST',
          }),
        'GET /v1/models': (exchange) => exchange.json(200, { object: 'list', data: models.map(modelCard) }),
        ...(!options.hasNoResponses && {
          'POST /v1/responses/input_tokens': (exchange: Exchange) =>
            exchange.json(200, { object: 'response.input_tokens', input_tokens: countTokens(JSON.stringify(exchange.body.input ?? '')) }),
        }),
        'GET /v1/models/*': (exchange) => {
          const id = decodeURIComponent(exchange.request.path.slice('/v1/models/'.length));
          if (models.includes(id)) exchange.json(200, modelCard(id));
          else exchange.fail('model-not-found');
        },
      },
      answers: {
        'POST /v1/chat/completions': guarded,
        'POST /v1/completions': guarded,
        'POST /v1/embeddings': guarded,
        ...(!options.hasNoResponses && { 'POST /v1/responses': responses }),
      },
      unknown: (exchange) =>
        exchange.json(404, { error: complaintOf(`Invalid URL (${exchange.request.method} ${exchange.request.path})`) }),
      failure: (failure, exchange) => openAiFailure(failure, credentialsOf(exchange.request), exchange.model),
    },
    options,
  );
}

const dialect: Dialect = {
  idPrefix: 'chatcmpl-',
  fields: { service_tier: 'default', system_fingerprint: null },
  /** Padding against guesses from packet sizes. */
  chunkFields: { obfuscation: 'xK3' },
  opening: { role: 'assistant', content: '', refusal: null },
  closing: {},
  choice: (ended) => (ended ? {} : { logprobs: null }),
  message: { refusal: null, annotations: [] },
  reasoning: 'reasoning_content',
  toolCalls: 'pieces',
  usage: 'asked',
  hasNullUsage: true,
  usageFields: (reply) => ({
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reply.thoughtTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }),
  errorEvent: (failure, exchange) => eventFrame(exchange.failure(failure).body as JsonObject),
};

function modelCard(id: string): JsonObject {
  return { id, object: 'model', created: 1_767_225_600, owned_by: 'openai' };
}

function complaintOf(message: string, more: Partial<Complaint> = {}): Complaint {
  return { message, type: 'invalid_request_error', param: null, code: null, ...more };
}

/** OpenAI's status and words for each failure. */
export function openAiFailure(failure: Failure, key: string, model: string): CannedReply {
  const table: Record<Failure, [number, Complaint]> = {
    unauthorized: [
      401,
      key === ''
        ? complaintOf("You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth.")
        : complaintOf(`Incorrect API key provided: ${key.slice(0, 3)}****${key.slice(-4)}.`, { code: 'invalid_api_key' }),
    ],
    forbidden: [
      403,
      complaintOf('Country, region, or territory not supported', {
        type: 'request_forbidden',
        code: 'unsupported_country_region_territory',
      }),
    ],
    'out-of-credit': [
      429,
      complaintOf('You exceeded your current quota, please check your plan and billing details.', {
        type: 'insufficient_quota',
        code: 'insufficient_quota',
      }),
    ],
    'model-not-found': [
      404,
      complaintOf(`The model \`${model}\` does not exist or you do not have access to it.`, { code: 'model_not_found' }),
    ],
    'rate-limited': [
      429,
      complaintOf('Rate limit reached for requests per min. Please try again in 7s.', { type: 'requests', code: 'rate_limit_exceeded' }),
    ],
    'context-length': [
      400,
      complaintOf("This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens.", {
        param: 'messages',
        code: 'context_length_exceeded',
      }),
    ],
    'content-filter': [
      400,
      complaintOf('Your request was rejected as a result of our safety system.', { code: 'content_policy_violation' }),
    ],
    'bad-request': [400, complaintOf("Invalid value for 'messages[0].content'.", { param: 'messages[0].content', code: 'invalid_value' })],
    overloaded: [
      503,
      complaintOf('The engine is currently overloaded, please try again later.', { type: 'server_error', code: 'service_unavailable' }),
    ],
    loading: [503, complaintOf('That model is not ready yet.', { type: 'server_error', code: 'model_not_ready' })],
    server: [500, complaintOf('The server had an error while processing your request. Sorry about that!', { type: 'server_error' })],
  };
  const [status, error] = table[failure];
  return { status, body: { error } };
}
