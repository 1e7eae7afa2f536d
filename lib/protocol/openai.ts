import type { JsonObject } from './json.ts';

/** The shapes of OpenAI's REST interface, as far as the doors for pages speak it. */

export interface ChatBody {
  messages: ChatMessage[];
  /** `default`, or an id of `models.list()`; absent means the user's choice. */
  model?: string;
  stream?: boolean | null;
  stream_options?: { include_usage?: boolean } | null;
  temperature?: number | null;
  top_p?: number | null;
  top_k?: number | null;
  min_p?: number | null;
  repetition_penalty?: number | null;
  presence_penalty?: number | null;
  frequency_penalty?: number | null;
  logit_bias?: Record<string, number> | null;
  max_tokens?: number | null;
  max_completion_tokens?: number | null;
  stop?: string | string[] | null;
  seed?: number | null;
  response_format?:
    | { type: 'text' }
    | { type: 'json_object' }
    | { type: 'json_schema'; json_schema: { name?: string; description?: string; schema?: object; strict?: boolean | null } };
  /** How many answers, 1 to 16, each with its `index`. */
  n?: number | null;
  reasoning_effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max' | null;
  logprobs?: boolean | null;
  top_logprobs?: number | null;
  tools?: ChatTool[];
  tool_choice?:
    | 'auto'
    | 'none'
    | 'required'
    | { type: 'function'; function: { name: string } }
    | { type: 'allowed_tools'; allowed_tools: { mode: 'auto' | 'required'; tools: { type: 'function'; function: { name: string } }[] } };
  parallel_tool_calls?: boolean;
}

export interface ChatTool {
  type: 'function';
  function: { name: string; description?: string; parameters?: object; strict?: boolean | null };
}

export type ChatMessage =
  | { role: 'system' | 'developer'; content: string | ChatTextPart[] }
  | { role: 'user'; content: string | ChatUserPart[]; name?: string }
  | {
      role: 'assistant';
      content?: string | (ChatTextPart | { type: 'refusal'; refusal: string })[] | null;
      refusal?: string | null;
      reasoning_content?: string | null;
      tool_calls?: ChatToolCall[];
      /** The last message only: the answer continues this text. */
      prefix?: boolean;
      name?: string;
    }
  | { role: 'tool'; tool_call_id: string; content: string | ChatTextPart[] };

export interface ChatTextPart {
  type: 'text';
  text: string;
}

/** Images and files are passed as bytes in a `data:` URL; addresses are refused. */
export type ChatUserPart =
  | ChatTextPart
  | { type: 'image_url'; image_url: { url: string; detail?: 'auto' | 'low' | 'high' } }
  | { type: 'input_audio'; input_audio: { data: string; format: string } }
  | { type: 'file'; file: { file_data: string; filename?: string } };

export interface ChatToolCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
  /** Some backends want it back with the tool's result. */
  extra_content?: JsonObject;
}

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

export interface ChatCompletion {
  id: string;
  object: 'chat.completion';
  /** Seconds since 1970. */
  created: number;
  /** The model that answered, where the backend says. */
  model: string;
  choices: { index: number; message: ChatAnswer; logprobs: ChatLogprobs | null; finish_reason: FinishReason }[];
  usage?: CompletionUsage;
}

export interface ChatAnswer {
  role: 'assistant';
  content: string | null;
  refusal: string | null;
  reasoning_content?: string;
  reasoning_details?: ReasoningDetail[];
  tool_calls?: ChatToolCall[];
}

/** Reasoning that the backend wants back unchanged; pass the whole message back and it is. */
export interface ReasoningDetail {
  type: 'reasoning.text';
  text: string;
  signature?: string;
  opaque?: JsonObject;
}

export interface ChatCompletionChunk {
  id: string;
  object: 'chat.completion.chunk';
  created: number;
  model: string;
  choices: { index: number; delta: ChatDelta; logprobs: ChatLogprobs | null; finish_reason: FinishReason | null }[];
  /** In the last chunk, where `stream_options.include_usage` asked for it. */
  usage?: CompletionUsage | null;
}

export interface ChatDelta {
  role?: 'assistant';
  content?: string;
  refusal?: string | null;
  reasoning_content?: string;
  reasoning_details?: ReasoningDetail[];
  tool_calls?: {
    index: number;
    id?: string;
    type?: 'function';
    function: { name?: string; arguments: string };
    extra_content?: JsonObject;
  }[];
}

export interface ChatLogprobs {
  content: {
    token: string;
    logprob: number;
    bytes: number[] | null;
    top_logprobs: { token: string; logprob: number; bytes: number[] | null }[];
  }[];
  refusal: null;
}

export interface CompletionUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: { cached_tokens: number };
  completion_tokens_details?: { reasoning_tokens: number };
}
