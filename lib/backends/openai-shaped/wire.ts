/** What is read of an answer, streamed or whole; everything may be missing, null or of another type than promised. */
export interface WireAnswer {
  id?: unknown;
  model?: unknown;
  choices?: unknown;
  usage?: unknown;
  /** Truthy in an error, beside or instead of `choices`. */
  error?: unknown;
  /** `error` in vLLM's older shape of errors. */
  object?: unknown;
  detail?: unknown;
  /** llama.cpp, where it sends no usage. */
  timings?: unknown;
  x_groq?: { usage?: unknown; error?: unknown } | null;
}

export interface WireChoice {
  index?: unknown;
  delta?: WireMessage | null;
  message?: WireMessage | null;
  /** Text completions. */
  text?: unknown;
  finish_reason?: unknown;
  logprobs?: unknown;
}

export interface WireMessage {
  content?: unknown;
  reasoning?: unknown;
  reasoning_content?: unknown;
  reasoning_details?: unknown;
  refusal?: unknown;
  tool_calls?: unknown;
  /** The older form of one tool call. */
  function_call?: unknown;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
