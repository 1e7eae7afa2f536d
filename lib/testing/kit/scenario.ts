import type { JsonValue } from '../../protocol/json.ts';
import type { RawReply } from './raw-reply.ts';

/** How an emulator behaves for a request. Every field is optional; absent means "as the real server does". */
export interface Scenario {
  /** The answer, token by token. Absent: a stock answer, or what tools, schema or pattern of the request ask for. */
  tokens?: string[];
  /** Answer with that many numbered tokens (`w0 w1 …`) instead. */
  count?: number;
  /** Reasoning before the answer. */
  thoughts?: string[];
  /** Tool calls instead of an answer, or after `tokens` when both are given. */
  toolCalls?: ScriptedToolCall[];
  /** Characters of tool call arguments in each event, where the server splits them. */
  argumentPiece?: number;
  /** The answer is a refusal with this text. */
  refusal?: string;
  /** Overrides the reason the answer ends for. */
  finish?: Finish;
  /** Go round the tokens without end. */
  endless?: boolean;

  headersDelayMs?: number;
  tokenDelayMs?: number;
  /** Pause after each byte. */
  byteDelayMs?: number;
  chunking?: Chunking;
  /** Line ends of event streams and NDJSON; LF unless told. */
  lineEnds?: 'crlf' | 'cr';
  /** Keep-alive comments of the server's own kind before every token. */
  pings?: boolean;
  /** The last event comes without its blank line, as when a server just closes. */
  dropLastBlankLine?: boolean;
  /** Leave out `data: [DONE]`. */
  dropDone?: boolean;

  /** What goes wrong, in the server's own words. Without `failAt` it is the whole answer, as an HTTP status. */
  failure?: Failure;
  /** Index of the token before which it goes wrong. */
  failAt?: number;
  /** How it goes wrong at `failAt`; `instream` unless told. */
  failMode?: FailMode;
  /** Value of `Retry-After` beside a failure. */
  retryAfter?: string;
  /** Error texts repeat the credentials of the request. */
  echoSecret?: boolean;
  /** A reply no model server would send, in place of the answer. */
  raw?: RawReply;
  /** `everything`: failure, raw reply and header delay hit model lists and probes too, not only answers. */
  scope?: 'answers' | 'everything';
}

export interface ScriptedToolCall {
  id?: string;
  name: string;
  /** JSON text, sent exactly so. */
  arguments: string;
}

export type Finish = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/**
 * How events fall into writes: one each; several with the border inside an event; a write for each byte; all in one;
 * pieces of 1 to 23 bytes in a fixed pseudo-random order.
 */
export type Chunking = 'event' | 'joined' | 'byte' | 'whole' | 'random';
export const chunkings: Chunking[] = ['event', 'joined', 'byte', 'whole', 'random'];

export const failures = [
  'unauthorized',
  'forbidden',
  'out-of-credit',
  'model-not-found',
  'rate-limited',
  'context-length',
  'content-filter',
  'bad-request',
  'overloaded',
  'loading',
  'server',
] as const;
export type Failure = (typeof failures)[number];

/**
 * `status`: an HTTP error although the answer should have begun. `instream`: the server's error event at 200.
 * `cut`: a clean end of the body. `fin`: the connection closes inside the body. `reset`: TCP reset.
 * `half-character`: half a UTF-8 character, then a clean end. `silence`: nothing more, connection open.
 */
export type FailMode = 'status' | 'instream' | 'cut' | 'fin' | 'reset' | 'half-character' | 'silence';

/**
 * A model name may carry a scenario of its own, for tests that only choose the model: `tiny?failAt=2&failMode=reset`.
 * Values are read as JSON where they parse, as text where not.
 */
export function readModelName(name: string): { model: string; scenario: Scenario } {
  const mark = name.indexOf('?');
  if (mark < 0) return { model: name, scenario: {} };
  const entries = [...new URLSearchParams(name.slice(mark + 1))].map(([key, value]) => [key, readValue(value)]);
  return { model: name.slice(0, mark), scenario: Object.fromEntries(entries) as Scenario };
}

function readValue(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
