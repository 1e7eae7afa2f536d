import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { asObject } from '../kit/exchange.ts';
import type { Dialect } from '../openai-shape/dialect.ts';
import type { Reply } from '../openai-shape/plan-reply.ts';

/** TabbyAPI's JSON: blanks as Python writes them, characters as they are. */
function tabbyJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(tabbyJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)}: ${tabbyJson(member)}`)
    .join(', ')}}`;
}

/** No role at all, CRLF, tool calls whole, the finish in the chunk with the usage, and no end marker behind an error. */
export const tabbyDialect: Dialect = {
  idPrefix: 'chatcmpl-',
  opening: 'none',
  closing: {},
  choice: (ended?: Reply): JsonObject => (ended ? { eos_reason: ended.stoppedBy === undefined ? 'stop_token' : 'stop_string' } : {}),
  reasoning: 'reasoning_content',
  toolCalls: 'whole',
  usage: 'asked',
  hasFinishInUsage: true,
  usageFields: () => ({
    prompt_time: 0.01,
    prompt_tokens_per_sec: 900,
    completion_time: 0.2,
    completion_tokens_per_sec: 55,
    total_time: 0.21,
  }),
  // All that is null stands there as null.
  message: { reasoning_content: null, tool_calls: null, tool_call_id: null },
  comment: ': ping - 2026-11-22 10:36:46.446340+00:00\n\n',
  json: tabbyJson,
  lineEnds: 'crlf',
  textEnvelope: ({ model, ...envelope }) => ({ ...envelope, id: 'chatcmpl-1', model_name: model ?? null }),
  errorEvent(failure, exchange) {
    const { error, detail } = asObject(exchange.failure(failure).body);
    const message = typeof detail === 'string' ? detail : asObject(error).message;
    const isOverflow = failure === 'context-length';
    return `data: ${tabbyJson(isOverflow ? { error: error ?? null } : { error: { message: message ?? '', trace: null } })}\n\n`;
  },
};
