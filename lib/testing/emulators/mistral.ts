import type { JsonObject } from '../../protocol/json.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import type { Emulator, EmulatorOptions } from '../kit/start-emulator.ts';
import { answerEmbeddings } from '../openai-shape/answer-embeddings.ts';
import { listOf, readChatAsk } from '../openai-shape/ask.ts';
import { startCloud } from '../openai-shape/cloud.ts';
import { planReply } from '../openai-shape/plan-reply.ts';

/** One that sees, one that thinks, one for embeddings; the last is not for conversations. */
export const mistralModels = ['mistral-medium-latest', 'magistral-small-latest', 'mistral-embed', 'mistral-ocr-latest'];

/** Starts an emulator of Mistral; its base address is `url + '/v1'`. */
export function startMistral(options: EmulatorOptions = {}): Promise<Emulator> {
  return startCloud(
    {
      base: '/v1',
      models: mistralModels,
      unlisted: ['mistral-large-4', 'ministral-8b-latest', 'codestral-latest', 'codestral-embed'],
      list: { object: 'list', data: mistralModels.map(modelCard) },
      dialect: {
        idPrefix: 'cmpl-',
        opening: { role: 'assistant', content: '' },
        closing: { content: '' },
        reasoning: 'reasoning_content',
        thought: (text) => ({ content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] }),
        toolCalls: 'bare',
        usage: 'never',
        lastFields: (reply) => ({
          usage: {
            prompt_tokens: reply.promptTokens,
            completion_tokens: reply.outputTokens,
            total_tokens: reply.promptTokens + reply.outputTokens,
            num_cached_tokens: 1,
          },
        }),
      },
      complaint,
      adapt: withPrefix,
      failure: mistralFailure,
      answers: (checked) => ({ 'POST /v1/embeddings': checked(answerEmbeddings) }),
    },
    options,
  );
}

/** An answer that was begun is repeated from its beginning, the white space at its end moved behind it. */
function withPrefix(exchange: Exchange): Exchange {
  const last = listOf(exchange.body.messages).at(-1);
  if (last?.role !== 'assistant') return exchange;
  const prefix = String(last.content);
  const [first = '', ...rest] = planReply(readChatAsk(exchange.body), exchange.scenario).tokens;
  const gap = prefix.slice(prefix.trimEnd().length);
  return { ...exchange, scenario: { ...exchange.scenario, tokens: [prefix.trimEnd(), gap + first, ...rest] } };
}

const fields = [
  ...['model', 'messages', 'stream', 'max_tokens', 'temperature', 'top_p', 'presence_penalty', 'frequency_penalty', 'stop', 'random_seed'],
  ...['response_format', 'tools', 'tool_choice', 'parallel_tool_calls', 'prediction', 'prompt_mode', 'reasoning_effort', 'safe_prompt'],
  ...['n', 'input', 'output_dimension', 'output_dtype', 'encoding_format', 'metadata', 'guardrails', 'prompt_cache_key', 'service_tier'],
];

/** Mistral refuses every field it does not know, and checks roles and ids. */
function complaint({ body }: Exchange): CannedReply | undefined {
  const messages = listOf(body.messages);
  const stranger = Object.keys(body).find((field) => !fields.includes(field));
  if (stranger !== undefined) return extra(['body', stranger]);
  const named = messages.findIndex((message) => message.role !== 'tool' && message.name !== undefined);
  if (named >= 0) return extra(['body', 'messages', named, 'name']);
  const bare = listOf(body.tools).findIndex((tool) => asObject(tool.function).parameters === undefined);
  if (bare >= 0) return missing(['body', 'tools', bare, 'function', 'parameters']);
  const efforts = /^mistral-large-4/.test(String(body.model)) ? ['low', 'medium', 'high'] : ['none', 'high'];
  if (body.reasoning_effort !== undefined && !efforts.includes(String(body.reasoning_effort)))
    return invalid(`reasoning_effort must be one of ${efforts.join(', ')}`, 3051);
  if (body.tool_choice === 'required') return invalid('tool_choice must be auto, none, any or a function', 1000);
  const ids = messages.flatMap((message) => [message.tool_call_id, ...listOf(message.tool_calls).map((call) => call.id)]);
  const long = ids.find((id) => id !== undefined && !/^[a-zA-Z0-9]{9}$/.test(String(id)));
  if (long !== undefined) return invalid(`Tool call id was ${long} but must be a-z, A-Z, 0-9, with a length of 9.`, 3280);
  const last = messages.at(-1);
  if (last?.role === 'assistant' && last.prefix !== true)
    return invalid('Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant', 3230);
  const isUserAfterTool = messages.some((message, index) => message.role === 'user' && messages[index - 1]?.role === 'tool');
  return isUserAfterTool ? invalid("Unexpected role 'user' after role 'tool'", 3230) : undefined;
}

function extra(loc: (string | number)[]): CannedReply {
  return unfit({ type: 'extra_forbidden', loc, msg: 'Extra inputs are not permitted', input: 'x' });
}

function missing(loc: (string | number)[]): CannedReply {
  return unfit({ type: 'missing', loc, msg: 'Field required', input: {} });
}

function unfit(error: JsonObject): CannedReply {
  const detail = [error];
  return {
    status: 422,
    body: { object: 'error', message: { detail }, type: 'invalid_request_error', param: null, code: null },
  };
}

function invalid(message: string, code: number): CannedReply {
  return { status: 400, body: { object: 'error', message, type: 'invalid_request_message_order', param: null, code: String(code) } };
}

function modelCard(id: string): JsonObject {
  const chats = /^(mistral-medium|magistral)/.test(id);
  return {
    id,
    object: 'model',
    created: 1_767_225_600,
    owned_by: 'mistralai',
    capabilities: {
      completion_chat: chats,
      function_calling: chats,
      vision: id.startsWith('mistral-medium'),
      reasoning: id.startsWith('magistral'),
      audio: false,
      completion_fim: false,
      fine_tuning: false,
    },
    name: id.replace('-latest', '-2508'),
    description: 'A model of the emulator.',
    max_context_length: 131_072,
    aliases: [],
    deprecation: null,
    default_model_temperature: 0.3,
    type: 'base',
  };
}

/** Mistral's status and words for each failure. */
function mistralFailure(failure: Failure, { model }: Exchange): CannedReply {
  if (failure === 'unauthorized') return { status: 401, body: { detail: 'Unauthorized' } };
  const table: Record<Exclude<Failure, 'unauthorized'>, [number, string, string]> = {
    forbidden: [403, 'Your plan does not include this model', 'forbidden'],
    'out-of-credit': [402, 'You have no credits left. Please check your plan.', 'payment_required'],
    'model-not-found': [400, `Invalid model: ${model}`, 'invalid_model'],
    'rate-limited': [429, 'Requests rate limit exceeded', 'rate_limited'],
    'context-length': [
      400,
      'Prompt contains 140000 tokens and 0 draft tokens, too large for model with 131072 maximum context length',
      'invalid_request_prompt',
    ],
    'content-filter': [403, 'Content rejected by moderation', 'guardrail_violation'],
    'bad-request': [400, 'max_tokens must be at least 1', 'invalid_request_error'],
    overloaded: [503, 'Service unavailable.', 'unreachable_backend'],
    loading: [503, 'Service unavailable.', 'unreachable_backend'],
    server: [500, 'Internal server error', 'internal_server_error'],
  };
  const [status, message, type] = table[failure];
  return { status, body: asObject({ object: 'error', message, type, param: null, code: '1000' }) };
}
