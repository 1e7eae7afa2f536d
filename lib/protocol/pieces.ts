import type { ChatCompletion, ChatCompletionChunk } from './openai.ts';

/**
 * What the background sends for `chat.completions.create`, shaped there so that pages carry no code for it: the whole
 * completion alone; or the chunk that opens a stream, then text, which the page puts into a chunk like that one, and
 * every other chunk as it is.
 */
export type ChatPiece = string | ChatCompletionChunk | ChatCompletion;

/** What it sends for `ai.fetch`: a head, then for streams text to be put between `before` and `after` as a JSON string, or events as they are. */
export type FetchPiece = string | FetchHead | { sse: string };

export interface FetchHead {
  status: number;
  headers: Record<string, string>;
  /** The whole body; absent for streams. */
  body?: string;
  before?: string;
  after?: string;
}
