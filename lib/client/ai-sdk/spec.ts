/**
 * The language and embedding models of the AI SDK's specification v3, as far as this provider speaks them: so that the
 * package needs none of its packages. A test holds these types to the real ones.
 */
export interface LanguageModel {
  readonly specificationVersion: 'v3';
  readonly provider: string;
  readonly modelId: string;
  /** None: the SDK fetches what a prompt names by address, with the page's own rights. */
  readonly supportedUrls: Record<string, RegExp[]>;
  doGenerate(options: CallOptions): Promise<GenerateResult>;
  doStream(options: CallOptions): Promise<StreamResult>;
}

export interface EmbeddingModel {
  readonly specificationVersion: 'v3';
  readonly provider: string;
  readonly modelId: string;
  readonly maxEmbeddingsPerCall: number;
  readonly supportsParallelCalls: boolean;
  doEmbed(options: { values: string[]; abortSignal?: AbortSignal; providerOptions?: Options }): Promise<EmbedResult>;
}

export interface EmbedResult {
  embeddings: number[][];
  usage?: { tokens: number };
  warnings: Warning[];
}

export type Json = null | string | number | boolean | Json[] | { [name: string]: Json | undefined };
/** What this provider alone knows, under its name. */
export type Metadata = Record<string, { [name: string]: Json | undefined }>;
/** Metadata as it comes back, and what a page asks for beside the SDK's own options. */
export type Options = Record<string, Record<string, unknown>>;

export interface CallOptions {
  prompt: PromptMessage[];
  maxOutputTokens?: number;
  temperature?: number;
  stopSequences?: string[];
  topP?: number;
  topK?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  responseFormat?: { type: 'text' } | { type: 'json'; schema?: object; name?: string; description?: string };
  seed?: number;
  tools?: (FunctionTool | { type: 'provider'; id: string; name: string })[];
  toolChoice?: { type: 'auto' | 'none' | 'required' } | { type: 'tool'; toolName: string };
  includeRawChunks?: boolean;
  abortSignal?: AbortSignal;
  providerOptions?: Options;
}

export interface FunctionTool {
  type: 'function';
  name: string;
  description?: string;
  inputSchema: object;
  strict?: boolean;
}

export type PromptMessage =
  | { role: 'system'; content: string; providerOptions?: Options }
  | { role: 'user'; content: (TextPart | FilePart)[]; providerOptions?: Options }
  | { role: 'assistant'; content: (TextPart | FilePart | ReasoningPart | ToolCallPart | ToolResultPart)[]; providerOptions?: Options }
  | { role: 'tool'; content: (ToolResultPart | { type: 'tool-approval-response' })[]; providerOptions?: Options };

export interface TextPart {
  type: 'text';
  text: string;
}

export interface ReasoningPart {
  type: 'reasoning';
  text: string;
  providerOptions?: Options;
}

export interface FilePart {
  type: 'file';
  filename?: string;
  /** Bytes, base64, or an address. */
  data: Uint8Array | string | URL;
  mediaType: string;
  providerOptions?: Options;
}

export interface ToolCallPart {
  type: 'tool-call';
  toolCallId: string;
  toolName: string;
  input: unknown;
  providerOptions?: Options;
}

export interface ToolResultPart {
  type: 'tool-result';
  toolCallId: string;
  toolName: string;
  output: ToolOutput;
}

export type ToolOutput =
  | { type: 'text' | 'error-text'; value: string }
  | { type: 'json' | 'error-json'; value: unknown }
  | { type: 'execution-denied'; reason?: string }
  | { type: 'content'; value: ({ type: 'text'; text: string } | { type: string; data?: string; mediaType?: string })[] };

export type Warning = { type: 'unsupported'; feature: string; details?: string } | { type: 'other'; message: string };

export interface Usage {
  inputTokens: { total: number | undefined; noCache: number | undefined; cacheRead: number | undefined; cacheWrite: number | undefined };
  outputTokens: { total: number | undefined; text: number | undefined; reasoning: number | undefined };
}

export interface FinishReason {
  unified: 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'other';
  raw: string | undefined;
}

export interface ResponseMetadata {
  id: string;
  timestamp: Date;
  modelId: string;
}

export interface ToolCall {
  type: 'tool-call';
  toolCallId: string;
  toolName: string;
  /** JSON text. */
  input: string;
  providerMetadata?: Metadata;
}

export type Content = { type: 'text'; text: string } | { type: 'reasoning'; text: string; providerMetadata?: Metadata } | ToolCall;

export interface GenerateResult {
  content: Content[];
  finishReason: FinishReason;
  usage: Usage;
  providerMetadata?: Metadata;
  request: { body: unknown };
  response: ResponseMetadata & { body: unknown };
  warnings: Warning[];
}

export interface StreamResult {
  stream: ReadableStream<StreamPart>;
  request: { body: unknown };
}

export type StreamPart =
  | { type: 'stream-start'; warnings: Warning[] }
  | ({ type: 'response-metadata' } & ResponseMetadata)
  | { type: 'text-start' | 'text-end'; id: string }
  | { type: 'text-delta'; id: string; delta: string }
  | { type: 'reasoning-start'; id: string }
  | { type: 'reasoning-end'; id: string; providerMetadata?: Metadata }
  | { type: 'reasoning-delta'; id: string; delta: string }
  | { type: 'tool-input-start'; id: string; toolName: string }
  | { type: 'tool-input-delta'; id: string; delta: string }
  | { type: 'tool-input-end'; id: string }
  | ToolCall
  | { type: 'finish'; usage: Usage; finishReason: FinishReason; providerMetadata?: Metadata }
  | { type: 'raw'; rawValue: unknown }
  | { type: 'error'; error: unknown };
