import type { JsonObject } from '../../protocol/json.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import type { Emulator, EmulatorOptions } from '../kit/start-emulator.ts';
import { answerChat } from '../openai-shape/answer-chat.ts';
import { listOf, messageText } from '../openai-shape/ask.ts';
import { startCloud } from '../openai-shape/cloud.ts';

export const deepSeekModels = ['deepseek-v4-flash', 'deepseek-v4-pro'];

/** Starts an emulator of DeepSeek; its base address is `url`. */
export function startDeepSeek(options: EmulatorOptions = {}): Promise<Emulator> {
  return startCloud(
    {
      base: '',
      models: deepSeekModels,
      unlisted: ['deepseek-flash'],
      list: { object: 'list', data: deepSeekModels.map((id) => ({ id, object: 'model', owned_by: 'deepseek' })) },
      dialect: {
        idPrefix: '',
        fields: { system_fingerprint: 'fp_emulator' },
        chunkFields: { usage: null },
        opening: { role: 'assistant', content: null, reasoning_content: '' },
        closing: { content: '' },
        choice: () => ({ logprobs: null }),
        reasoning: 'reasoning_content',
        toolCalls: 'pieces',
        usage: 'never',
        lastFields: (reply) => ({
          usage: {
            prompt_tokens: reply.promptTokens,
            completion_tokens: reply.outputTokens,
            total_tokens: reply.promptTokens + reply.outputTokens,
            prompt_cache_hit_tokens: 0,
            prompt_cache_miss_tokens: reply.promptTokens,
            completion_tokens_details: { reasoning_tokens: reply.thoughtTokens },
          },
        }),
        comment: ': keep-alive\n\n',
        hasCommentFirst: true,
      },
      complaint,
      failure: deepSeekFailure,
      routes: {
        'GET /user/balance': (exchange) =>
          exchange.json(200, {
            is_available: true,
            balance_infos: [
              { currency: 'CNY', total_balance: '7.00', granted_balance: '7.00', topped_up_balance: '0.00' },
              { currency: 'USD', total_balance: '10.50', granted_balance: '0.50', topped_up_balance: '10.00' },
            ],
          }),
      },
      answers: (checked, dialect) => ({ 'POST /beta/chat/completions': checked((exchange) => answerChat(exchange, dialect)) }),
    },
    options,
  );
}

function complaint({ body, request }: Exchange): CannedReply | undefined {
  const messages = listOf(body.messages);
  const format = asObject(body.response_format).type;
  if (format === 'json_schema') return refuse('This response_format type is unavailable now');
  if (format === 'json_object' && !messages.some((message) => /json/i.test(messageText(message))))
    return refuse("Prompt must contain the word 'json' in some form to use 'response_format' of type 'json_object'.");
  const gone = ['seed', 'presence_penalty', 'frequency_penalty'].find((field) => body[field] !== undefined);
  if (gone) return refuse(`${gone} is not supported`);
  const strict = listOf(body.tools).filter((tool) => asObject(tool.function).strict === true);
  if (strict.length > 0 && !request.path.startsWith('/beta')) return refuse('strict tools are only available in beta');
  if (strict.length > 0 && strict.length < listOf(body.tools).length) return refuse('All tools must be strict or none');
  if (messages.some((message) => message.prefix === true) && !request.path.startsWith('/beta'))
    return refuse('prefix is only available in beta. Please use base_url https://api.deepseek.com/beta');
  const isThinking = asObject(body.thinking).type !== 'disabled';
  const isForgetful = messages.some((message) => message.role === 'assistant' && message.reasoning_content === undefined);
  if (isThinking && isForgetful) return refuse('The `reasoning_content` in the thinking mode must be passed back to the API.');
  return undefined;
}

function refuse(message: string): CannedReply {
  return { status: 400, body: { error: { message, type: 'invalid_request_error', param: null, code: 'invalid_request_error' } } };
}

/** DeepSeek's status and words for each failure. */
function deepSeekFailure(failure: Failure): CannedReply {
  const table: Record<Failure, [number, string, string, string]> = {
    unauthorized: [401, 'Authentication Fails, Your api key is invalid', 'authentication_error', 'invalid_request_error'],
    forbidden: [403, 'Access denied', 'permission_error', 'invalid_request_error'],
    'out-of-credit': [402, 'Insufficient Balance', 'unknown_error', 'invalid_request_error'],
    'model-not-found': [400, 'Model Not Exist', 'invalid_request_error', 'invalid_request_error'],
    'rate-limited': [429, 'Rate limit reached', 'rate_limit', 'rate_limit'],
    'context-length': [
      400,
      "This model's maximum context length is 1000000 tokens. However, you requested 1000100 tokens.",
      'invalid_request_error',
      'invalid_request_error',
    ],
    'content-filter': [400, 'Content Exists Risk (content_filter)', 'invalid_request_error', 'invalid_request_error'],
    'bad-request': [422, 'Invalid max_tokens value', 'invalid_request_error', 'invalid_request_error'],
    overloaded: [503, 'Service is too busy. Please try again later.', 'service_unavailable_error', 'service_unavailable_error'],
    loading: [503, 'Service is too busy. Please try again later.', 'service_unavailable_error', 'service_unavailable_error'],
    server: [500, 'Internal Server Error', 'internal_error', 'internal_error'],
  };
  const [status, message, type, code] = table[failure];
  const error: JsonObject = { message, type, param: null, code };
  return { status, body: { error } };
}
