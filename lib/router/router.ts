import type { AccessRequest, AccessState } from '../protocol/access.ts';
import type { PageModel } from '../protocol/model.ts';
import type { Part } from '../protocol/part.ts';
import type { ChatRequest, CountRequest, EmbedRequest, EmbedResult, TextRequest } from '../protocol/request.ts';
import type { Caller } from './caller.ts';

/** A request as a caller makes it: without a model, or with `default`, the caller's default answers. */
export type Asked<Request extends { model: string }> = Request extends unknown ? Omit<Request, 'model'> & { model?: string } : never;

/** The one room that knows grants, connections, budgets and backends. Every method throws SwitchboardError. */
export interface Router {
  /** Asks the user where there is no grant yet. */
  requestAccess(caller: Caller, request: AccessRequest, signal: AbortSignal): Promise<AccessState>;
  queryAccess(caller: Caller): Promise<AccessState>;
  models(caller: Caller, signal: AbortSignal): Promise<PageModel[]>;
  /**
   * `through`: how the engine is asked, for who asks it more than once within the one call. `answers`: how many times
   * such a request will be answered for sure, which is what the budget must have room for.
   */
  chat(
    caller: Caller,
    request: Asked<ChatRequest>,
    signal: AbortSignal,
    target?: Target,
    through?: Through<ChatRequest>,
    answers?: number,
  ): AsyncIterable<Part[]>;
  text(
    caller: Caller,
    request: Asked<TextRequest>,
    signal: AbortSignal,
    target?: Target,
    through?: Through<TextRequest>,
    answers?: number,
  ): AsyncIterable<Part[]>;
  embed(caller: Caller, request: Asked<EmbedRequest>, signal: AbortSignal): Promise<EmbedResult>;
  countTokens(caller: Caller, request: Asked<CountRequest>, signal: AbortSignal): Promise<number>;
  /** Tokens that fit with the model that answers by default, as far as anybody knows. Asks no user. */
  contextWindow(caller: Caller, signal: AbortSignal): Promise<number | undefined>;
  /** Loads the model that answers by default, where its backend loads when told to. Asks no user, and fails silently: the answer will tell. */
  load(caller: Caller, signal: AbortSignal): AsyncIterable<Part[]>;
  runs: Runs;
}

/** Makes an answer out of as many as it takes. */
export type Through<Request extends { model: string } = ChatRequest> = (
  ask: (request: Asked<Request>) => AsyncIterable<Part[]>,
) => AsyncIterable<Part[]>;

/** Exact connection and model, for the extension's own chat. */
export interface Target {
  connectionId: string;
  model?: string;
}

/** A call at work now. */
export interface Run {
  id: string;
  origin: string;
  /** Of the page around it, where a frame of another origin called. */
  topOrigin?: string;
  isPrivate?: boolean;
  tabId?: number;
  connectionId: string;
  model: string;
  state: 'asking' | 'waiting' | 'queued' | 'loading' | 'answering';
  startedAt: number;
  outputTokens: number;
  /** What `queued` and `loading` said last. */
  position?: number;
  etaSeconds?: number;
  progress?: number;
}

/** What is going on now, for the popup's lamps and its stop button. */
export interface Runs {
  list(): Run[];
  /** Stops every run of the site, or the one run. */
  stop(which: { origin: string } | { id: string }): void;
  /** Called at most every 100 ms while something changes; returns its undo. */
  watch(listener: (runs: Run[]) => void): () => void;
}
