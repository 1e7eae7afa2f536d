import type { JsonObject } from '../../protocol/json.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import type { Emulator, EmulatorOptions } from '../kit/start-emulator.ts';
import { startCloud } from '../openai-shape/cloud.ts';
import { answerResponses } from './openai-responses.ts';

/** One that reasons, one that refuses to be told how much, one that does not, and one for pictures. */
export const xaiModels = ['grok-4.3', 'grok-4.20-reasoning', 'grok-3', 'grok-2-image'];

export interface XaiOptions extends EmulatorOptions {
  /** The key may not read the list with prices. */
  hidesPrices?: boolean;
  /** A gateway with Chat Completions alone. */
  hasNoResponses?: boolean;
}

/** Starts an emulator of xAI; its base address is `url + '/v1'`. */
export function startXai(options: XaiOptions = {}): Promise<Emulator> {
  return startCloud(
    {
      base: '/v1',
      models: xaiModels,
      unlisted: ['grok-4.5', 'grok-4.6', 'grok-latest'],
      list: {
        object: 'list',
        data: xaiModels.map((id) => ({ id, object: 'model', created: 1_767_225_600, owned_by: 'xai', context_length: 131_072 })),
      },
      dialect: {
        idPrefix: '',
        fields: { system_fingerprint: 'fp_emulator' },
        opening: 'with-text',
        closing: {},
        // No reason to end before the end, not even null.
        choice: (ended) => (ended ? {} : { finish_reason: undefined as never }),
        reasoning: 'reasoning_content',
        toolCalls: 'whole',
        usage: 'always',
        usageFields: (reply) => ({
          completion_tokens: reply.outputTokens - reply.thoughtTokens,
          prompt_tokens_details: { text_tokens: reply.promptTokens, audio_tokens: 0, image_tokens: 0, cached_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: reply.thoughtTokens, audio_tokens: 0 },
          num_sources_used: 0,
          cost_in_usd_ticks: reply.promptTokens * 12_500 + reply.outputTokens * 25_000,
        }),
      },
      complaint,
      failure: (failure, exchange) => xaiFailure(failure, exchange.model),
      routes: {
        'GET /v1/language-models': (exchange) =>
          options.hidesPrices ? exchange.fail('forbidden') : exchange.json(200, { models: xaiModels.map(modelCard) }),
      },
      answers: (checked) => (options.hasNoResponses ? {} : { 'POST /v1/responses': checked((exchange) => answerResponses(exchange)) }),
    },
    options,
  );
}

/** Models that reason refuse what steers the others, in the spelling of xAI's own interface. */
function complaint({ body, model }: Exchange): CannedReply | undefined {
  const reasons = model.startsWith('grok-4');
  const wrong = [
    reasons && body.stop !== undefined && 'stop',
    reasons && body.presence_penalty !== undefined && 'presencePenalty',
    reasons && body.frequency_penalty !== undefined && 'frequencyPenalty',
    (model === 'grok-3' || model === 'grok-4.20-reasoning') &&
      (body.reasoning_effort ?? asObject(body.reasoning).effort) !== undefined &&
      'reasoningEffort',
  ].find(Boolean);
  return wrong
    ? { status: 400, body: { code: 'Client specified an invalid argument', error: `Model ${model} does not support parameter ${wrong}.` } }
    : undefined;
}

function modelCard(id: string): JsonObject {
  return {
    id,
    aliases: [`${id}-latest`],
    created: 1_767_225_600,
    object: 'model',
    owned_by: 'xai',
    version: '1.0',
    fingerprint: 'fp_emulator',
    input_modalities: id === 'grok-3' ? ['text'] : ['text', 'image'],
    output_modalities: id.endsWith('image') ? ['image'] : ['text'],
    prompt_text_token_price: 12_500,
    cached_prompt_text_token_price: 2_000,
    prompt_image_token_price: 12_500,
    completion_text_token_price: 25_000,
    long_context_threshold: 0,
  };
}

/** xAI's status and words for each failure: a text and not an object. */
function xaiFailure(failure: Failure, model: string): CannedReply {
  const table: Record<Failure, [number, string, string]> = {
    unauthorized: [
      400,
      'Client specified an invalid argument',
      'Incorrect API key provided. You can obtain one from https://console.x.ai.',
    ],
    forbidden: [403, 'The caller does not have permission to execute the specified operation', 'API key is not allowed to list prices'],
    'out-of-credit': [
      403,
      'The caller does not have permission to execute the specified operation',
      'Your team has either used all available credits or reached its monthly spending limit.',
    ],
    'model-not-found': [
      404,
      'Some requested entity was not found',
      `The model ${model} does not exist or your team does not have access to it.`,
    ],
    'rate-limited': [429, 'Some resource has been exhausted', 'Too many requests for your team. Try again later.'],
    'context-length': [
      400,
      'Client specified an invalid argument',
      "This model's maximum prompt length is 131072 but the request contains 140000 tokens. It exceeds the context length.",
    ],
    'content-filter': [
      403,
      'The caller does not have permission to execute the specified operation',
      'Content violates the usage guidelines',
    ],
    'bad-request': [400, 'Client specified an invalid argument', 'max_tokens must be positive'],
    overloaded: [503, 'The service is currently unavailable', 'The service is at capacity'],
    loading: [503, 'The service is currently unavailable', 'The service is at capacity'],
    server: [500, 'Internal error', 'Something went wrong'],
  };
  const [status, code, error] = table[failure];
  return { status, body: { code, error } };
}
