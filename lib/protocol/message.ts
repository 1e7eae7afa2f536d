import type { JsonObject } from './json.ts';

/** One turn of a conversation. Content is always a list; a plain string becomes one text item at the door. */
export type Message =
  | { role: 'system'; content: TextContent[] }
  | { role: 'user'; content: UserContent[]; name?: string }
  /** `prefix` (last message only): the answer continues this text and does not repeat it. */
  | { role: 'assistant'; content: AssistantContent[]; prefix?: boolean; name?: string }
  | { role: 'tool'; content: ToolResult[] };

export type UserContent = TextContent | ImageContent | AudioContent | FileContent;
export type AssistantContent = TextContent | ThoughtContent | ToolCallContent | RefusalContent;
export type Content = UserContent | AssistantContent | ToolResult;

export interface TextContent {
  type: 'text';
  text: string;
}

/** `data` is base64 without a prefix: pages send bytes, never addresses, so that no backend fetches for them. */
export interface ImageContent {
  type: 'image';
  mediaType: string;
  data: string;
  detail?: 'auto' | 'low' | 'high';
}

export interface AudioContent {
  type: 'audio';
  mediaType: string;
  data: string;
}

export interface FileContent {
  type: 'file';
  mediaType: string;
  data: string;
  name?: string;
}

/** Reasoning of an earlier turn; `signature` and `opaque` go back to the backend unchanged where it asks for them. */
export interface ThoughtContent {
  type: 'thought';
  text: string;
  signature?: string;
  opaque?: JsonObject;
}

export interface RefusalContent {
  type: 'refusal';
  text: string;
}

/** `arguments` is the JSON text exactly as the model wrote it. */
export interface ToolCallContent {
  type: 'tool-call';
  id: string;
  name: string;
  arguments: string;
  opaque?: JsonObject;
}

export interface ToolResult {
  type: 'tool-result';
  callId: string;
  name?: string;
  content: (TextContent | ImageContent)[];
  isError?: boolean;
}
