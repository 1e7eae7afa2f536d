import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '../../protocol/json.ts';
import type { CannedReply } from './raw-reply.ts';
import type { Failure, Scenario } from './scenario.ts';
import { now } from './wait.ts';

/** What a server saw of one request. */
export interface RecordedRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** The body as text, exactly. */
  text: string;
  /** The body as JSON; undefined where it is none. */
  body: unknown;
  /** When it had arrived whole, ms since 1970. */
  at: number;
  /** It came to a route on which a model answers, not to a list or probe. */
  wantsAnswer: boolean;
  /** Tokens of the answer that left so far. */
  tokensSent: number;
  /** `open` while at work; `aborted`: the client closed before the end; `broken`: the server closed on purpose. */
  outcome: 'open' | 'answered' | 'aborted' | 'broken';
}

/** A request at work: what was asked, how to behave, and the ways to answer. */
export interface Exchange {
  request: RecordedRequest;
  scenario: Scenario;
  response: ServerResponse;
  /** The body as an object, `{}` where it is none. */
  body: JsonObject;
  /** `body.model` without the scenario it may carry; empty where there is none. */
  model: string;
  /** Fires when the client has gone. */
  gone: AbortSignal;
  json(status: number, body: unknown, headers?: Record<string, string>): void;
  text(status: number, body: string, headers?: Record<string, string>): void;
  bytes(status: number, body: Uint8Array, headers?: Record<string, string>): void;
  /** Answers with the server's own words for the failure. */
  fail(failure: Failure): void;
  /** The server's own words for the failure, unsent. */
  failure(failure: Failure): CannedReply;
  /** Closes the connection in the middle. */
  break(how: 'reset' | 'fin'): void;
}

/** Reads a request to its end. */
export async function readRequest(incoming: IncomingMessage): Promise<RecordedRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString('utf8');
  const [path = '/', query = ''] = (incoming.url ?? '/').split(/\?(.*)/s);
  return {
    method: incoming.method ?? 'GET',
    path,
    query,
    headers: readHeaders(incoming),
    text,
    body: readJson(text),
    at: now(),
    wantsAnswer: false,
    tokensSent: 0,
    outcome: 'open',
  };
}

/** The object in a JSON value, `{}` for anything else. */
export function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function readHeaders(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
