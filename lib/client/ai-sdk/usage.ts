import type { CompletionUsage, FinishReason as OpenAIReason } from '../../protocol/openai.ts';
import type { FinishReason, Usage } from './spec.ts';

/** Counts that nobody gave stay undefined. */
export function toUsage(usage: CompletionUsage | null | undefined): Usage {
  const total = usage?.prompt_tokens;
  const cached = usage?.prompt_tokens_details?.cached_tokens;
  const output = usage?.completion_tokens;
  const reasoning = usage?.completion_tokens_details?.reasoning_tokens;
  const without = (all: number | undefined, part = 0) => (all === undefined ? undefined : Math.max(0, all - part));
  return {
    inputTokens: { total, noCache: without(total, cached), cacheRead: cached, cacheWrite: undefined },
    outputTokens: { total: output, text: without(output, reasoning), reasoning },
  };
}

export function toFinishReason(raw: OpenAIReason | null | undefined): FinishReason {
  const unified = ({ stop: 'stop', length: 'length', tool_calls: 'tool-calls', content_filter: 'content-filter' } as const)[raw ?? 'stop'];
  return raw ? { unified, raw } : { unified: 'other', raw: undefined };
}
