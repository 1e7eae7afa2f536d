import type { JsonObject } from '../../protocol/json.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import type { Emulator, EmulatorOptions } from '../kit/start-emulator.ts';
import { answerEmbeddings } from '../openai-shape/answer-embeddings.ts';
import { answerText } from '../openai-shape/answer-text.ts';
import { startCloud } from '../openai-shape/cloud.ts';

/** Chat, free chat, hired by the hour, text, embeddings, pictures: the list holds all kinds. */
const kinds: [id: string, type: string, price: number, hourly: number][] = [
  ['vendor/Model-70B', 'chat', 0.88, 0],
  ['vendor/Model-8B-Free', 'chat', 0, 0],
  ['vendor/Model-Hired', 'chat', 0, 2.5],
  ['vendor/Base-7B', 'language', 0.2, 0],
  ['vendor/Embed', 'embedding', 0.01, 0],
  ['vendor/Paint', 'image', 0, 0],
];

export const togetherModels = kinds.map(([id]) => id);

/** Starts an emulator of Together AI; its base address is `url + '/v1'`. */
export function startTogether(options: EmulatorOptions = {}): Promise<Emulator> {
  return startCloud(
    {
      base: '/v1',
      models: togetherModels,
      list: kinds.map(modelCard),
      dialect: {
        idPrefix: 'o-',
        opening: { role: 'assistant', content: '' },
        closing: { content: '' },
        choice: (ended) => ({ seed: null, ...(ended?.finish === 'stop' && { finish_reason: ended.stoppedBy ? 'stop' : 'eos' }) }),
        reasoning: 'reasoning',
        toolCalls: 'pieces',
        usage: 'asked',
        hasListsInChat: true,
        textLogprobs: 'lists',
      },
      complaint,
      adapt: withNumber,
      failure: (failure, exchange) => togetherFailure(failure, exchange.model),
      answers: (checked, dialect) => ({
        'POST /v1/completions': checked((exchange) => answerText(exchange, dialect)),
        'POST /v1/embeddings': checked(answerEmbeddings),
      }),
    },
    options,
  );
}

function complaint({ body }: Exchange): CannedReply | undefined {
  if (body.logprobs === undefined || Number.isInteger(body.logprobs)) return undefined;
  return {
    status: 400,
    body: { error: { message: 'logprobs must be an integer', type: 'invalid_request_error', param: 'logprobs', code: null } },
  };
}

/** A number of alternatives is what others write as two fields. */
function withNumber(exchange: Exchange): Exchange {
  const { logprobs, ...body } = exchange.body;
  const isChat = exchange.request.path.endsWith('/chat/completions');
  return typeof logprobs === 'number' && isChat ? { ...exchange, body: { ...body, logprobs: true, top_logprobs: logprobs } } : exchange;
}

function modelCard([id, type, price, hourly]: (typeof kinds)[number]): JsonObject {
  return {
    id,
    object: 'model',
    created: 1_767_225_600,
    type,
    running: false,
    display_name: id.replace('vendor/', 'Vendor '),
    organization: 'Vendor',
    link: '',
    license: '',
    context_length: 131_072,
    pricing: { hourly, input: price, output: price, base: 0, finetune: 0 },
  };
}

/** Together's status and words for each failure. */
function togetherFailure(failure: Failure, model: string): CannedReply {
  const table: Record<Failure, [number, string, string, string?]> = {
    unauthorized: [
      401,
      'Invalid API key provided. You can find your API key at https://api.together.ai.',
      'invalid_request_error',
      'invalid_api_key',
    ],
    forbidden: [403, 'This model needs a higher build tier', 'forbidden'],
    'out-of-credit': [402, 'Credit limit exceeded. Please add a credit card.', 'credit_limit', 'payment_required'],
    'model-not-found': [404, `Unable to access model ${model}. The model does not exist.`, 'invalid_request_error', 'model_not_available'],
    'rate-limited': [429, 'You have reached the rate limit', 'rate_limit', 'rate_limit'],
    'context-length': [
      400,
      "This model's maximum context length is 131072 tokens. Given: 140000 tokens.",
      'invalid_request_error',
      'context_length_exceeded',
    ],
    'content-filter': [400, 'Refused by the safety model: content_policy', 'invalid_request_error'],
    'bad-request': [400, 'max_tokens must be positive', 'invalid_request_error'],
    overloaded: [503, 'The server is overloaded or not ready yet.', 'service_unavailable', 'overloaded'],
    loading: [503, 'The server is overloaded or not ready yet.', 'service_unavailable', 'overloaded'],
    server: [500, 'Internal server error', 'server_error'],
  };
  const [status, message, type, code] = table[failure];
  return { status, body: asObject({ error: { message, type, param: null, code: code ?? null } }) };
}
