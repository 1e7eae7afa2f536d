import type { JsonObject } from '../../protocol/json.ts';
import { asObject } from '../kit/exchange.ts';
import { listOf } from '../openai-shape/ask.ts';

/** What the Messages API refuses with 400, in its words; undefined where it would answer. */
export function claudeComplaint(body: JsonObject, limit: number, counting: boolean): string | undefined {
  const model = String(body.model ?? '');
  const extra = Object.keys(body).find((name) => !knownFields.has(name));
  if (extra) return `${extra}: Extra inputs are not permitted`;
  if (!counting) {
    if (typeof body.max_tokens !== 'number') return 'max_tokens: Field required';
    if (body.max_tokens > limit)
      return `max_tokens: ${body.max_tokens} > ${limit}, which is the maximum allowed number of output tokens for ${model}`;
  }
  return (
    samplingComplaint(body, model) ??
    alwaysThinks(body, model) ??
    thinkingComplaint(body) ??
    messagesComplaint(body) ??
    forcedComplaint(body, model) ??
    toolComplaint(body) ??
    schemaComplaint(body, model)
  );
}

const knownFields = new Set([
  ...[
    'model',
    'max_tokens',
    'messages',
    'system',
    'stop_sequences',
    'stream',
    'temperature',
    'top_p',
    'top_k',
    'thinking',
    'output_config',
  ],
  ...['tools', 'tool_choice', 'metadata', 'service_tier', 'cache_control'],
]);

/** Models after Opus 4.6 decide for themselves how they sample. */
function samplingComplaint(body: JsonObject, model: string): string | undefined {
  const sent = ['temperature', 'top_p', 'top_k'].filter((name) => body[name] !== undefined);
  if (/-(4-7|4-8)\b|-[a-z]+-5(-\d)?\b/.test(model) && sent.length > 0) return `\`${sent[0]}\` is deprecated for this model.`;
  if (sent.includes('temperature') && sent.includes('top_p'))
    return '`temperature` and `top_p` cannot both be specified for this model. Please use only one.';
  if (typeof body.temperature === 'number' && (body.temperature < 0 || body.temperature > 1)) return 'temperature: range: 0..1';
  if (asObject(body.thinking).type === 'enabled' && sent.length > 0) return '`temperature` may only be set to 1 when thinking is enabled.';
  return undefined;
}

/** The newest models think always, some of them between the calls of tools at least. */
function alwaysThinks(body: JsonObject, model: string): string | undefined {
  const type = String(asObject(body.thinking).type);
  const refused = /-(opus-5-5|sonnet-5-5|fable-5)/.test(model) ? ['disabled', 'enabled'] : /haiku-5-5/.test(model) ? ['enabled'] : [];
  if (type === 'between_tools' && !model.includes('sonnet-5-5')) refused.push(type);
  return refused.includes(type) ? `thinking.type: \`${type}\` is not supported by ${model}` : undefined;
}

/** Some models choose for themselves whether to call a tool, and so does every one that was given a budget to think. */
function forcedComplaint(body: JsonObject, model: string): string | undefined {
  const type = asObject(body.tool_choice).type;
  if (type !== 'any' && type !== 'tool') return undefined;
  if (asObject(body.thinking).type === 'enabled') return 'Thinking may not be enabled when tool_choice forces tool use.';
  return /-(opus-5-5|sonnet-5-5|fable-5-[12])/.test(model) ? `tool_choice: \`${type}\` is not supported by ${model}` : undefined;
}

function thinkingComplaint(body: JsonObject): string | undefined {
  const thinking = asObject(body.thinking);
  if (thinking.type !== 'enabled') return undefined;
  const budget = Number(thinking.budget_tokens ?? 0);
  if (budget < 1024) return 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024';
  if (budget >= Number(body.max_tokens ?? Number.POSITIVE_INFINITY)) return '`max_tokens` must be greater than `thinking.budget_tokens`.';
  const before = listOf(listOf(body.messages).at(-2)?.content);
  const isAfterCall = listOf(listOf(body.messages).at(-1)?.content)[0]?.type === 'tool_result';
  if (isAfterCall && !String(before[0]?.type).endsWith('thinking')) {
    return 'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block.';
  }
  return undefined;
}

function messagesComplaint(body: JsonObject): string | undefined {
  const messages = listOf(body.messages);
  if (messages.length === 0) return 'messages: at least one message is required';
  if (messages[0]?.role !== 'user') return 'messages: first message must use the "user" role';
  for (const [index, message] of messages.entries()) {
    if (message.role !== 'user' && message.role !== 'assistant') return `messages.${index}.role: Input should be 'user' or 'assistant'`;
    const blocks = listOf(message.content);
    for (const block of blocks) {
      if (block.type === 'text' && String(block.text).trim() === '') return 'messages: text content blocks must be non-empty';
      if (block.type === 'tool_use' && !/^[a-zA-Z0-9_-]+$/.test(String(block.id)))
        return `messages.${index}.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`;
      if (block.type === 'thinking' && !String(block.signature).startsWith('signed:'))
        return `messages.${index}.content.0: Invalid \`signature\` in \`thinking\` block`;
    }
    const results = blocks.map((block) => block.type === 'tool_result');
    if (results.lastIndexOf(true) > results.indexOf(false) && results.includes(false))
      return `messages.${index}: \`tool_result\` blocks must come first`;
  }
  const last = listOf(messages.at(-1)?.content).at(-1);
  if (messages.at(-1)?.role === 'assistant' && /\s$/.test(String(last?.text ?? ''))) {
    return 'messages: final assistant content cannot end with trailing whitespace';
  }
  return undefined;
}

function toolComplaint(body: JsonObject): string | undefined {
  const bad = listOf(body.tools).findIndex((tool) => asObject(tool.input_schema).type !== 'object');
  if (bad >= 0) return `tools.${bad}.custom.input_schema.type: Field required`;
  const stops = Array.isArray(body.stop_sequences) ? body.stop_sequences : [];
  if (stops.some((stop) => String(stop).trim() === '')) return 'stop_sequences: each stop sequence must contain non-whitespace';
  return undefined;
}

function schemaComplaint(body: JsonObject, model: string): string | undefined {
  if (asObject(body.output_config).format && /claude-3|-(sonnet|opus)-4(-0|-2025|$)/.test(model))
    return `output_config.format: structured outputs are not supported by ${model}`;
  const schema = JSON.stringify(asObject(asObject(body.output_config).format).schema ?? {});
  const refused = /"(minimum|maximum|minLength|maxLength|pattern|minItems|maxItems)":/.exec(schema)?.[1];
  if (refused) return `output_config.format.schema: property '${refused}' is not supported`;
  if (schema.includes('"type":"object"') && !schema.includes('"additionalProperties":false')) {
    return "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false";
  }
  return undefined;
}
