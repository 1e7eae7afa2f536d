import type { JsonObject } from '../../protocol/json.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import type { Emulator, EmulatorOptions } from '../kit/start-emulator.ts';
import { listOf } from '../openai-shape/ask.ts';
import { startCloud } from '../openai-shape/cloud.ts';
import type { Reply } from '../openai-shape/plan-reply.ts';

/** A plain one, two that think in their own ways, and one for speech. */
export const groqModels = ['llama-3.3-70b-versatile', 'openai/gpt-oss-20b', 'qwen/qwen3-32b', 'whisper-large-v3'];

/** Starts an emulator of Groq; its base address is `url + '/openai/v1'`. */
export function startGroq(options: EmulatorOptions = {}): Promise<Emulator> {
  return startCloud(
    {
      base: '/openai/v1',
      models: groqModels,
      list: { object: 'list', data: groqModels.map(modelCard) },
      dialect: {
        idPrefix: 'chatcmpl-',
        fields: { system_fingerprint: 'fp_emulator' },
        opening: { role: 'assistant', content: '' },
        closing: {},
        choice: (ended) => (ended ? {} : { logprobs: null }),
        reasoning: 'reasoning',
        toolCalls: 'whole',
        usage: 'never',
        lastFields: (reply) => ({ x_groq: { id: 'req_1', usage: usage(reply) }, usage: usage(reply) }),
      },
      complaint,
      failure: (failure, exchange) => groqFailure(failure, exchange.model),
    },
    options,
  );
}

function usage(reply: Reply): JsonObject {
  return {
    queue_time: 0.01,
    prompt_tokens: reply.promptTokens,
    completion_tokens: reply.outputTokens,
    total_tokens: reply.promptTokens + reply.outputTokens,
    total_time: 0.02,
    completion_tokens_details: { reasoning_tokens: reply.thoughtTokens },
  };
}

/** What Groq refuses instead of ignoring it. */
function complaint({ body, model }: Exchange): CannedReply | undefined {
  const wrong = ['logprobs', 'top_logprobs', 'logit_bias', 'metadata', 'store'].find((field) => body[field] !== undefined);
  if (wrong !== undefined) return refuse(`property '${wrong}' is unsupported`);
  if (listOf(body.messages).some((message) => message.name !== undefined && message.role !== 'tool'))
    return refuse("'messages.0' : property 'name' is unsupported");
  const format = asObject(body.response_format).type;
  if (format && listOf(body.tools).length > 0) return refuse('json mode cannot be combined with tool/function calling');
  if (format === 'json_schema' && model.includes('llama-3')) return refuse('This model does not support response format `json_schema`');
  if (listOf(body.messages).some((message) => listOf(message.content).some(({ type }) => type === 'input_audio')))
    return refuse("'messages.0' : 'content.0' : type must be one of text, image_url, document");
  const efforts: (string | undefined)[] = model.includes('gpt-oss')
    ? ['low', 'medium', 'high']
    : model.includes('qwen')
      ? ['none', 'default']
      : [];
  if (body.reasoning_effort === undefined || efforts.includes(String(body.reasoning_effort))) return undefined;
  return refuse(
    efforts.length === 0
      ? '`reasoning_effort` is not supported with this model'
      : `\`reasoning_effort\` must be one of ${efforts.map((effort) => `\`${effort}\``).join(', ')}`,
  );
}

function refuse(message: string): CannedReply {
  return { status: 400, body: { error: { message, type: 'invalid_request_error' } } };
}

function modelCard(id: string): JsonObject {
  return {
    id,
    object: 'model',
    created: 1_767_225_600,
    owned_by: 'Meta',
    active: true,
    context_window: 131_072,
    public_apps: null,
    max_completion_tokens: 32_768,
  };
}

/** Groq's status and words for each failure. */
function groqFailure(failure: Failure, model: string): CannedReply {
  const table: Record<Failure, [number, string, string, string?]> = {
    unauthorized: [401, 'Invalid API Key', 'invalid_request_error', 'invalid_api_key'],
    forbidden: [403, 'Access denied. Please check your network settings.', 'forbidden'],
    'out-of-credit': [402, 'Your account has unpaid invoices', 'billing_error', 'payment_required'],
    'model-not-found': [
      404,
      `The model \`${model}\` does not exist or you do not have access to it.`,
      'invalid_request_error',
      'model_not_found',
    ],
    'rate-limited': [
      429,
      `Rate limit reached for model \`${model}\` on tokens per minute (TPM): Limit 6000. Please try again in 7.66s.`,
      'tokens',
      'rate_limit_exceeded',
    ],
    'context-length': [400, 'Please reduce the length of the messages or completion.', 'invalid_request_error', 'context_length_exceeded'],
    'content-filter': [400, 'The request was refused by content_filter', 'invalid_request_error'],
    'bad-request': [400, "'max_completion_tokens' : value must be at least 1", 'invalid_request_error'],
    overloaded: [503, `${model} is currently over capacity. Please try again and back off exponentially.`, 'internal_server_error'],
    loading: [503, 'Service Unavailable', 'internal_server_error'],
    server: [500, 'Internal Server Error', 'internal_server_error'],
  };
  const [status, message, type, code] = table[failure];
  return { status, body: { error: { message, type, ...(code && { code }) } } };
}
