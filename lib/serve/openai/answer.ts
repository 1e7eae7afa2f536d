import type { ChatDelta, CompletionUsage, FinishReason } from '../../protocol/openai.ts';
import type { EndPart, Part, Usage } from '../../protocol/part.ts';

/** What everything sent for one answer has in common. */
export interface Answer {
  id: string;
  /** Seconds since 1970. */
  created: number;
  /** As the page asked; the backend's own name comes with the end. */
  model: string;
  includesUsage: boolean;
  /** How many choices there will be. */
  choices: number;
}

/** `body` is what was asked, before it is read: only what shapes the answer is looked at here. */
export function createAnswer(prefix: string, { model, stream, stream_options: options }: Record<string, unknown>, choices: number): Answer {
  return {
    id: `${prefix}-${crypto.randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model: typeof model === 'string' ? model : 'default',
    includesUsage: stream === true && (options as { include_usage?: unknown } | undefined)?.include_usage === true,
    choices,
  };
}

/** The part as a delta of a chat; undefined for what has no place in one: waiting for a turn, loading a model. */
export function toDelta(part: Part): ChatDelta | undefined {
  switch (part.type) {
    case 'text':
      return part.refusal ? { refusal: part.text } : { content: part.text };
    case 'thought': {
      const { text, signature, opaque } = part;
      if (signature === undefined && opaque === undefined) return { reasoning_content: text };
      const detail = { type: 'reasoning.text' as const, text, ...(signature !== undefined && { signature }), ...(opaque && { opaque }) };
      return { reasoning_content: text, reasoning_details: [detail] };
    }
    case 'tool-call': {
      const { index, id, name, arguments: text, opaque } = part;
      const called = { ...(name !== undefined && { name }), arguments: text };
      if (id === undefined) return { tool_calls: [{ index, function: called }] };
      return { tool_calls: [{ index, id, type: 'function', function: called, ...(opaque && { extra_content: opaque }) }] };
    }
    case 'end':
      return {};
    default:
      return undefined;
  }
}

export function toFinishReason(end: EndPart | undefined): FinishReason {
  const reasons: Partial<Record<EndPart['reason'], FinishReason>> = {
    length: 'length',
    'tool-calls': 'tool_calls',
    'content-filter': 'content_filter',
  };
  return (end && reasons[end.reason]) ?? 'stop';
}

export function toUsage({ inputTokens, outputTokens, cachedInputTokens, reasoningTokens }: Usage): CompletionUsage {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(cachedInputTokens !== undefined && { prompt_tokens_details: { cached_tokens: cachedInputTokens } }),
    ...(reasoningTokens !== undefined && { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
  };
}
