import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { asObject } from '../kit/exchange.ts';
import { listOf, messageText } from '../openai-shape/ask.ts';

export type Complaint = { message: string; type: string; param: string | null; code: string | null };

/** Reasoning models: `o1` and its kin, and from the fifth generation all but the chat variant. */
export function isReasoningModel(model: string): boolean {
  const generation = /^gpt-(\d+)/.exec(model)?.[1];
  return /^o\d/.test(model) || (generation !== undefined && Number(generation) >= 5 && !model.startsWith('gpt-5-chat'));
}

/** What OpenAI would refuse in the body, or undefined. It refuses every field it does not know. */
export function findComplaint(path: string, body: JsonObject, model: string): Complaint | undefined {
  const known = fields[path] ?? [];
  const stranger = Object.keys(body).find((field) => !known.includes(field));
  if (stranger !== undefined) return refuse(`Unknown parameter: '${stranger}'.`, stranger, 'unknown_parameter');
  if (path !== '/v1/chat/completions') return undefined;
  return complainAboutMessages(body) ?? complainAboutReasoning(body, model) ?? complainAboutFormat(body) ?? complainAboutSampling(body);
}

const sampling = ['frequency_penalty', 'logit_bias', 'max_tokens', 'n', 'presence_penalty', 'seed', 'stop', 'temperature', 'top_p'];
const stream = ['stream', 'stream_options', 'user'];

/** From OpenAI's published API description. */
const fields: Record<string, string[]> = {
  '/v1/chat/completions': [
    ...['model', 'messages', 'max_completion_tokens', 'logprobs', 'top_logprobs', 'response_format', 'tools', 'tool_choice'],
    ...['parallel_tool_calls', 'reasoning_effort', 'verbosity', 'service_tier', 'store', 'metadata', 'prediction', 'modalities', 'audio'],
    ...[
      'web_search_options',
      'prompt_cache_key',
      'prompt_cache_options',
      'prompt_cache_retention',
      'safety_identifier',
      'functions',
      'function_call',
    ],
    ...sampling,
    ...stream,
  ],
  '/v1/completions': ['model', 'prompt', 'best_of', 'echo', 'logprobs', 'suffix', ...sampling, ...stream],
  '/v1/embeddings': ['model', 'input', 'dimensions', 'encoding_format', 'user'],
};

function complainAboutMessages(body: JsonObject): Complaint | undefined {
  const messages = listOf(body.messages);
  if (!Array.isArray(body.messages)) return refuse("Missing required parameter: 'messages'.", 'messages', 'missing_required_parameter');
  if (messages.length === 0) return refuse("[] is too short - 'messages'", 'messages', 'empty_array');
  for (const [index, message] of messages.entries()) {
    const before = messages.slice(0, index);
    if (message.role === 'tool' && !before.some((other) => listOf(other.tool_calls).some((call) => call.id === message.tool_call_id))) {
      return refuse(
        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
        `messages.[${index}].role`,
        null,
      );
    }
    const unanswered = listOf(message.tool_calls).find(
      (call) => !messages.slice(index + 1).some((other) => other.tool_call_id === call.id),
    );
    if (unanswered) {
      return refuse(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.",
        `messages.[${index}].role`,
        null,
      );
    }
    const remote = listOf(message.content).find((part) => part.type === 'image_url' && !isDataOrHttps(asObject(part.image_url).url));
    if (remote) return refuse('Invalid image data.', `messages.[${index}].content`, 'invalid_image_url');
  }
  return undefined;
}

function complainAboutReasoning(body: JsonObject, model: string): Complaint | undefined {
  if (!isReasoningModel(model)) return undefined;
  if (body.max_tokens !== undefined) {
    return refuse(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_tokens',
      'unsupported_parameter',
    );
  }
  const efforts = effortsOf(model);
  if (body.reasoning_effort !== undefined && !efforts.includes(String(body.reasoning_effort))) {
    return refuse(
      `Unsupported value: 'reasoning_effort' does not support '${body.reasoning_effort}' with this model. Supported values are: ${efforts.join(', ')}.`,
      'reasoning_effort',
      'unsupported_value',
    );
  }
  const isAtRest = body.reasoning_effort === 'none';
  if (body.temperature !== undefined && body.temperature !== 1 && !isAtRest) {
    return refuse(
      "Unsupported value: 'temperature' does not support this value with this model. Only the default (1) value is supported.",
      'temperature',
      'unsupported_value',
    );
  }
  const wrong = [
    ...(isAtRest ? [] : ['top_p']),
    'presence_penalty',
    'frequency_penalty',
    'logprobs',
    'top_logprobs',
    'logit_bias',
    'stop',
  ].find((field) => body[field] !== undefined);
  return wrong === undefined
    ? undefined
    : refuse(`Unsupported parameter: '${wrong}' is not supported with this model.`, wrong, 'unsupported_parameter');
}

/** By generation, as Chat Completions takes them. */
function effortsOf(model: string): string[] {
  const generation = Number(/^gpt-(\d+(\.\d+)?)/.exec(model)?.[1] ?? 0);
  const usual = ['low', 'medium', 'high'];
  if (generation < 5) return usual;
  if (generation === 5) return ['minimal', ...usual];
  return ['none', ...usual, ...(generation > 5.1 ? ['xhigh'] : [])];
}

function complainAboutFormat(body: JsonObject): Complaint | undefined {
  const format = asObject(body.response_format);
  if (format.type === 'json_object' && !listOf(body.messages).some((message) => /json/i.test(messageText(message)))) {
    return refuse(
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      'messages',
      null,
    );
  }
  if (format.type !== 'json_schema') return undefined;
  const { name, schema, strict } = asObject(format.json_schema);
  if (typeof name !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    return refuse(
      "Missing required parameter: 'response_format.json_schema.name'.",
      'response_format.json_schema.name',
      'missing_required_parameter',
    );
  }
  if (strict === true && !isStrict(schema)) {
    return refuse(
      `Invalid schema for response_format '${name}': 'additionalProperties' is required to be supplied and to be false.`,
      'response_format',
      null,
    );
  }
  return undefined;
}

function complainAboutSampling(body: JsonObject): Complaint | undefined {
  if (Array.isArray(body.stop) && body.stop.length > 4) return refuse("Invalid 'stop': array too long.", 'stop', 'array_above_max_length');
  if (body.top_logprobs !== undefined && body.logprobs !== true)
    return refuse("The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.", 'top_logprobs', null);
  if (body.stream_options !== undefined && body.stream !== true) {
    return refuse("The 'stream_options' parameter is only allowed when 'stream' is enabled.", 'stream_options', null);
  }
  if (body.parallel_tool_calls !== undefined && body.tools === undefined) {
    return refuse(
      "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.",
      'parallel_tool_calls',
      null,
    );
  }
  if (body.tool_choice !== undefined && body.tools === undefined) {
    return refuse("Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.", 'tool_choice', null);
  }
  return undefined;
}

/** Strict mode wants every object closed and every property required, and an object at the root. */
function isStrict(schema: JsonValue | undefined): boolean {
  const root = asObject(schema);
  return root.type === 'object' && isClosed(root);
}

function isClosed(schema: JsonObject): boolean {
  const children = [...Object.values(asObject(schema.properties)), ...(schema.items === undefined ? [] : [schema.items])].map(asObject);
  if (!children.every(isClosed)) return false;
  if (schema.type !== 'object') return true;
  const required = Array.isArray(schema.required) ? schema.required : [];
  return schema.additionalProperties === false && Object.keys(asObject(schema.properties)).every((name) => required.includes(name));
}

function isDataOrHttps(url: JsonValue | undefined): boolean {
  return typeof url === 'string' && /^(data:image\/|https:\/\/)/.test(url);
}

function refuse(message: string, param: string | null, code: string | null): Complaint {
  return { message, type: 'invalid_request_error', param, code };
}
