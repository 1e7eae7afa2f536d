import type { JsonObject, JsonValue } from './json.ts';
import type { Message } from './message.ts';

/**
 * What an engine is asked. Absent means "the backend's own default": an adapter never sends a value nobody gave.
 * `model` is the backend's own id.
 */
export interface ChatRequest extends GenerationOptions {
  model: string;
  messages: Message[];
  tools?: Tool[];
  toolChoice?: 'auto' | 'none' | 'required' | { name: string };
  parallelToolCalls?: boolean;
}

/** A raw prompt for a completion route; no template is applied to it. */
export interface TextRequest extends GenerationOptions {
  model: string;
  prompt: string;
  /** Text after the gap, for backends that fill in the middle. */
  suffix?: string;
  /** Return the prompt in front of the answer. */
  echo?: boolean;
}

export interface EmbedRequest {
  model: string;
  input: string[];
  dimensions?: number;
}

export interface EmbedResult {
  vectors: number[][];
  model?: string;
  inputTokens?: number;
}

/** Counted with the model's chat template where `messages` is given, as plain text otherwise. */
export type CountRequest = { model: string; messages: Message[]; tools?: Tool[] } | { model: string; text: string };

export interface GenerationOptions {
  responseFormat?: ResponseFormat;
  sampling?: Sampling;
  stop?: string[];
  seed?: number;
  maxOutputTokens?: number;
  /** Log probabilities of each token, and of that many alternatives (0 to 20). */
  logprobs?: { top: number };
  thinking?: Thinking;
  /** Tokens of prompt and answer together, for servers that take a wish. From the user's connection settings only, never from a page. */
  contextWindow?: number;
  /** Fields added to the backend's request as they are. From the user's connection settings only, never from a page. */
  extra?: JsonObject;
}

export interface Tool {
  name: string;
  description?: string;
  /** JSON schema of the arguments. */
  parameters?: JsonObject;
  strict?: boolean;
}

export type ResponseFormat =
  | { type: 'json' }
  | { type: 'json-schema'; schema: JsonValue; name?: string; description?: string; strict?: boolean }
  /** JavaScript regular expression the whole answer must match. */
  | { type: 'regex'; pattern: string; flags?: string }
  /** GBNF, as llama.cpp and KoboldCpp read it. */
  | { type: 'grammar'; grammar: string };

export interface Thinking {
  effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'max';
  /** Upper bound for reasoning tokens. */
  budgetTokens?: number;
}

/** Samplers by their common names; each backend sends those it has, under its own names. */
export interface Sampling {
  temperature?: number;
  topP?: number;
  topK?: number;
  minP?: number;
  typicalP?: number;
  topA?: number;
  tailFree?: number;
  topNSigma?: number;
  repetitionPenalty?: number;
  repetitionRange?: number;
  repetitionSlope?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  mirostat?: { mode: 0 | 1 | 2; tau?: number; eta?: number };
  dry?: { multiplier: number; base?: number; allowedLength?: number; range?: number; breakers?: string[] };
  xtc?: { threshold: number; probability: number };
  dynamicTemperature?: { range: number; exponent?: number };
  smoothing?: { factor: number; curve?: number };
  samplerOrder?: (number | string)[];
  banEos?: boolean;
  bannedStrings?: string[];
  /** Token id to bias, -100 to 100. */
  logitBias?: Record<string, number>;
}
