import type { Usage } from '../../protocol/part.ts';
import { isObject } from './wire.ts';

/** Token counts of an answer, or undefined where the server told none that make sense. */
export function usageOf(usage: unknown, timings?: unknown, reasoningBesideOutput = false): Usage | undefined {
  if (!isObject(usage)) return usageOfTimings(timings);
  const inputTokens = count(usage.prompt_tokens) ?? count(usage.input_tokens);
  const outputTokens = count(usage.completion_tokens) ?? count(usage.output_tokens);
  if (inputTokens === undefined && outputTokens === undefined) return usageOfTimings(timings);
  const input = details(usage.prompt_tokens_details ?? usage.input_tokens_details ?? usage.prompt_token_details);
  const output = details(usage.completion_tokens_details ?? usage.output_tokens_details);
  const reasoningTokens = count(output.reasoning_tokens);
  return {
    inputTokens: inputTokens ?? 0,
    outputTokens: (outputTokens ?? 0) + (reasoningBesideOutput ? (reasoningTokens ?? 0) : 0),
    ...optional('cachedInputTokens', cachedOf(usage, input)),
    ...optional('cacheWriteTokens', count(input.cache_write_tokens)),
    ...optional('reasoningTokens', reasoningTokens),
    ...optional('costMicroUsd', costOf(usage)),
  };
}

/** DeepSeek and Mistral have names of their own beside the usual one. */
function cachedOf(usage: Record<string, unknown>, input: Record<string, unknown>): number | undefined {
  return count(input.cached_tokens) ?? count(usage.prompt_cache_hit_tokens) ?? count(usage.num_cached_tokens);
}

/** llama.cpp before it knew `include_usage`. */
function usageOfTimings(timings: unknown): Usage | undefined {
  if (!isObject(timings)) return undefined;
  const cached = count(timings.cache_n);
  const inputTokens = count(timings.prompt_n);
  const outputTokens = count(timings.predicted_n);
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  return { inputTokens: inputTokens + (cached ?? 0), outputTokens, ...optional('cachedInputTokens', cached) };
}

function details(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

/** OpenRouter tells dollars, xAI ticks of which a dollar has 10¹⁰. */
function costOf({ cost, cost_in_usd_ticks: ticks }: Record<string, unknown>): number | undefined {
  if (typeof cost === 'number') return count(cost * 1e6);
  return typeof ticks === 'number' ? count(ticks / 1e4) : undefined;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined;
}

function optional<Key extends string>(key: Key, value: number | undefined): { [K in Key]?: number } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: number });
}
