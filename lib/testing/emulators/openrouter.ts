import type { JsonObject } from '../../protocol/json.ts';
import { hasBearer } from '../kit/credentials.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import { type Emulator, type EmulatorOptions, type Handler, startEmulator } from '../kit/start-emulator.ts';
import { answerChat } from '../openai-shape/answer-chat.ts';
import { answerEmbeddings } from '../openai-shape/answer-embeddings.ts';
import { answerText } from '../openai-shape/answer-text.ts';
import type { Dialect } from '../openai-shape/dialect.ts';
import { eventFrame } from '../openai-shape/frames.ts';
import { createSignIns } from './openrouter-sign-in.ts';

/** The first has prices and every ability, the second is free and plain. */
export const openRouterModels = ['vendor/model', 'vendor/small:free'];

export interface OpenRouterOptions extends EmulatorOptions {
  models?: string[];
  /** The key is one for management, which may read the credits of the account. */
  managesAccount?: boolean;
}

/** Starts an emulator of OpenRouter; its base address is `url + '/api/v1'`. */
export function startOpenRouter(options: OpenRouterOptions = {}): Promise<Emulator> {
  const models = options.models ?? openRouterModels;
  const signIns = createSignIns(options.apiKey ?? ['sk', 'or', 'v1', 'emulator'].join('-'));
  const known =
    (run: Handler): Handler =>
    (exchange) =>
      models.includes(exchange.model) ? run(exchange) : exchange.fail('model-not-found');
  return startEmulator(
    {
      cors: () => ({ 'access-control-allow-origin': '*' }),
      gate(exchange) {
        const { method, path } = exchange.request;
        const isOpen = method === 'OPTIONS' || ['/api/v1/models', '/auth', '/api/v1/auth/keys'].includes(path);
        if (isOpen || hasBearer(exchange, options.apiKey)) return false;
        exchange.fail('unauthorized');
        return true;
      },
      routes: {
        'OPTIONS *': (exchange) =>
          exchange.text(200, '', { 'access-control-allow-headers': '*', 'access-control-allow-methods': 'GET, POST, OPTIONS' }),
        'GET /api/v1/models': (exchange) =>
          exchange.json(200, { data: models.map(modelCard), total_count: models.length, links: { next: null } }),
        'GET /api/v1/providers': (exchange) =>
          exchange.json(200, {
            data: ['OpenAI', 'Together'].map((name) => ({
              name,
              slug: name.toLowerCase(),
              privacy_policy_url: null,
              terms_of_service_url: null,
              status_page_url: null,
            })),
          }),
        'GET /api/v1/key': (exchange) => exchange.json(200, { data: keyCard }),
        /** Ordinary keys may not read the credits. */
        'GET /api/v1/credits': (exchange) =>
          options.managesAccount
            ? exchange.json(200, { data: { total_credits: 20, total_usage: 16.5 } })
            : exchange.json(403, { error: { code: 403, message: 'Only management keys can perform this operation' } }),
        'GET /auth': signIns.page,
        'POST /api/v1/auth/keys': signIns.keys,
      },
      answers: {
        'POST /api/v1/chat/completions': known((exchange) => answerChat(exchange, dialect)),
        'POST /api/v1/completions': known((exchange) => answerText(exchange, dialect)),
        'POST /api/v1/embeddings': known(answerEmbeddings),
      },
      unknown: (exchange) => exchange.json(404, { error: { message: 'Not Found', code: 404 } }),
      failure: (failure, exchange) => openRouterFailure(failure, exchange.model),
    },
    options,
  );
}

const comment = ': OPENROUTER PROCESSING\n\n';

const dialect: Dialect = {
  idPrefix: 'gen-',
  fields: { provider: 'X' },
  opening: 'with-text',
  closing: { content: '' },
  choice: (ended) => ({ native_finish_reason: ended?.finish ?? null }),
  reasoning: 'reasoning',
  toolCalls: 'pieces',
  usage: 'always',
  usageFields: (reply) => ({
    cost: (reply.promptTokens * 2 + reply.outputTokens * 8) / 10_000_000,
    is_byok: false,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: reply.thoughtTokens },
  }),
  comment,
  hasCommentFirst: true,
  errorEvent: (failure, exchange) =>
    eventFrame({
      id: 'gen-1',
      object: 'chat.completion.chunk',
      created: 1_767_225_600,
      model: exchange.model,
      provider: 'X',
      ...(exchange.failure(failure).body as JsonObject),
      choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
    }),
};

const keyCard = {
  label: 'sk-or-v1-abc...def',
  limit: 10,
  limit_remaining: 7.5,
  limit_reset: 'monthly',
  usage: 2.5,
  usage_daily: 0.1,
  usage_weekly: 1,
  usage_monthly: 2.5,
  byok_usage: 0,
  is_free_tier: false,
  is_management_key: false,
  expires_at: null,
};

function modelCard(id: string): JsonObject {
  const isFree = id.endsWith(':free');
  return {
    id,
    canonical_slug: `${id.replace(':free', '')}-20260101`,
    name: isFree ? 'Vendor: Small (free)' : 'Vendor: Model',
    created: 1_767_225_600,
    description: 'A model of the emulator.',
    context_length: isFree ? 32_768 : 131_072,
    architecture: {
      modality: 'text+image->text',
      input_modalities: isFree ? ['text'] : ['text', 'image'],
      output_modalities: ['text'],
      tokenizer: 'Other',
      instruct_type: null,
    },
    pricing: isFree
      ? { prompt: '0', completion: '0' }
      : { prompt: '0.0000002', completion: '0.0000008', request: '0', image: '0', input_cache_read: '0.00000005' },
    top_provider: { context_length: 131_072, max_completion_tokens: isFree ? null : 16_384, is_moderated: false },
    per_request_limits: null,
    supported_parameters: isFree
      ? ['temperature', 'max_tokens']
      : ['tools', 'temperature', 'max_tokens', 'response_format', 'structured_outputs', 'reasoning'],
    default_parameters: { temperature: null },
    expiration_date: null,
  };
}

/** OpenRouter's status and words for each failure. */
function openRouterFailure(failure: Failure, model: string): CannedReply {
  const table: Record<Failure, [number, string, JsonObject?]> = {
    unauthorized: [401, 'No auth credentials found'],
    forbidden: [403, 'Input flagged by moderation', { reasons: ['violence'], flagged_input: '...', provider_name: 'X', model_slug: model }],
    'out-of-credit': [
      402,
      'Insufficient credits. Add more using https://openrouter.ai/settings/credits',
      { error_type: 'payment_required' },
    ],
    'model-not-found': [404, `No endpoints found for ${model}.`],
    'rate-limited': [429, 'Rate limit exceeded', { error_type: 'rate_limit_exceeded', provider_code: '429' }],
    'context-length': [
      400,
      "This endpoint's maximum context length is 131072 tokens. However, you requested about 140000 tokens.",
      { error_type: 'context_length_exceeded' },
    ],
    'content-filter': [403, 'Input flagged by moderation', { reasons: ['violence'], provider_name: 'X', model_slug: model }],
    'bad-request': [400, 'Input validation error'],
    overloaded: [503, 'No available provider meets your routing requirements', { error_type: 'provider_overloaded' }],
    loading: [502, 'Provider returned error', { error_type: 'provider_unavailable', provider_name: 'X', raw: 'model is loading' }],
    server: [500, 'Internal Server Error'],
  };
  const [status, message, metadata] = table[failure];
  return { status, body: { error: { code: status, message, ...(metadata && { metadata }) } } };
}
