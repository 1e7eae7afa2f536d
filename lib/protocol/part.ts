import type { JsonObject } from './json.ts';

/**
 * One piece of an answer. A stream holds any number of them and exactly one `end`, the last; failure throws.
 * Streams are `AsyncIterable<Part[]>`: one array for each network read, so that bursts stay cheap on the whole road.
 */
export type Part = TextPart | ThoughtPart | ToolCallPart | QueuedPart | LoadingPart | EndPart;

export interface TextPart {
  type: 'text';
  text: string;
  logprobs?: TokenLogprob[];
  /** The text is the model's refusal (OpenAI `refusal`). */
  refusal?: true;
}

export interface ThoughtPart {
  type: 'thought';
  text: string;
  /** Must be sent back unchanged with tool results (Anthropic, OpenRouter, Gemini); it closes the thought it belongs to. */
  signature?: string;
  /** What the backend wants back as it is, where a thought is more than text and signature; becomes `ThoughtContent.opaque`. */
  opaque?: JsonObject;
}

/** A fragment of a tool call: the first for an `index` carries `id` and `name`, all of them append to `arguments`. */
export interface ToolCallPart {
  type: 'tool-call';
  index: number;
  id?: string;
  name?: string;
  arguments: string;
  /** With the first fragment only; becomes `ToolCallContent.opaque`. */
  opaque?: JsonObject;
}

/** Waiting for a worker (AI Horde) or a slot. */
export interface QueuedPart {
  type: 'queued';
  position?: number;
  etaSeconds?: number;
}

/** A model is being loaded or downloaded; `progress` is 0 to 1, absent where the backend does not say. */
export interface LoadingPart {
  type: 'loading';
  progress?: number;
  what?: string;
  /** How much has come, where it is a download. */
  bytes?: number;
  totalBytes?: number;
}

export interface EndPart {
  type: 'end';
  reason: EndReason;
  usage?: Usage;
  /** The model that answered, as the backend names it. */
  model?: string;
  /** The backend's own id of the answer. */
  responseId?: string;
  /** The oldest messages of the conversation, left out because they did not fit into the model's context window. */
  leftOutMessages?: number;
}

export type EndReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'other';

export interface Usage {
  inputTokens: number;
  outputTokens: number;
  cachedInputTokens?: number;
  cacheWriteTokens?: number;
  reasoningTokens?: number;
  /** Millionths of a US dollar, where the backend names the price itself. */
  costMicroUsd?: number;
  /** Counted by us from the text, because the backend did not say. */
  estimated?: true;
}

export interface TokenLogprob {
  token: string;
  logprob: number;
  bytes?: number[];
  top?: { token: string; logprob: number; bytes?: number[] }[];
}
