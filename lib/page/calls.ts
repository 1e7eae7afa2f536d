import type { ErrorData } from '../protocol/errors.ts';
import { maxCallSize, type Reply, type WirePart } from '../protocol/wire.ts';
import { losses } from './errors.ts';
import { createPartStream, type PartStream } from './part-stream.ts';
import { abortReason, addListener, createTable, isAborted, parseJson, quote, removeListener, SafePromise } from './primordials.ts';

/**
 * A way to the background that carries JSON text both ways. `post` never throws: what cannot be sent is told to
 * `closed`, which may happen any number of times; posting after it opens the way again.
 */
export interface Channel {
  post(text: string): void;
  on(receiver: Receiver): void;
  /** No call waits for an answer any more, so the other side need not be kept awake. */
  idle?(): void;
}

export interface Receiver {
  message(text: string): void;
  /** `received`: how many of the posted texts this end covers, where later ones may still be on their way; absent means all. */
  closed(error: ErrorData, received?: number): void;
}

/** Many calls over one channel. `params` is JSON text (see `toJson`): read from its owner once, at the door. */
export interface Calls {
  request(method: string, params: string, signal?: AbortSignal): Promise<unknown>;
  /** `Item` is what the method's batches hold. */
  stream<Item = WirePart>(method: string, params: string, signal?: AbortSignal): PartStream<Item>;
  /** Values until undone. `ended` hears why they stopped coming by themselves. Does not keep the background awake. */
  subscribe(method: string, params: string, listener: (value: unknown) => void, ended?: (error: unknown) => void): () => void;
}

/** What a call does with its replies; after `done` or `failed` it hears nothing more. */
export interface Reader {
  parts?(parts: unknown[], size: number): void;
  value?(value: unknown): void;
  done(value: unknown): void;
  /** `isAbort`: the caller itself gave up, so what has arrived is of no use to it. */
  failed(error: unknown, isAbort: boolean): void;
}

/** The caller's hold on a running call; both do nothing once it is settled. */
export interface Running {
  credit(size: number): void;
  stop(): void;
}

/** Every call settles exactly once: by its answer, its signal, or the closing of the channel. `toError` makes what is thrown. */
export function createCalls(channel: Channel, toError: (data: ErrorData) => unknown): Calls {
  const open = createTable<{ reader: Reader; position: number; end(): boolean }>();
  let lastId = 0;
  let awaited = 0;
  let posted = 0;

  channel.on({
    message(text) {
      const reply = parseJson(text) as Reply;
      const call = open.get(reply.id);
      if (call === undefined) return;
      if (reply.type === 'parts') call.reader.parts?.(reply.parts, reply.size);
      else if (reply.type === 'value') call.reader.value?.(reply.value);
      else if (call.end()) {
        if (reply.type === 'done') call.reader.done(reply.value);
        else call.reader.failed(toError(reply.error), false);
      }
    },
    closed(error, received = posted) {
      open.each((call) => {
        if (call.position <= received && call.end()) call.reader.failed(toError(error), false);
      });
    },
  });

  return {
    request: (method, params, signal) =>
      new SafePromise((done, failed) => {
        start(method, params, { done, failed }, true, signal);
      }),
    stream: (method, params, signal) => createPartStream((reader) => start(method, params, reader, true, signal)),
    subscribe: (method, params, value, ended) =>
      start(method, params, { value, done: () => ended?.(undefined), failed: (error) => ended?.(error) }, false).stop,
  };

  function post(text: string): void {
    posted += 1;
    channel.post(text);
  }

  function start(method: string, params: string, reader: Reader, isAwaited: boolean, signal?: AbortSignal): Running {
    lastId += 1;
    const id = lastId;
    const text = `{"type":"call","id":${id},"method":${quote(method)},"params":${params}}`;
    const abortText = `{"type":"abort","id":${id}}`;
    const running = {
      credit: (size: number) => open.get(id) && post(`{"type":"credit","id":${id},"size":${size}}`),
      stop: () => void end(abortText),
    };

    if (signal !== undefined && isAborted(signal)) reader.failed(abortReason(signal), true);
    else if (text.length > maxCallSize) reader.failed(toError(losses['too-large']), false);
    else {
      open.set(id, { reader, position: posted + 1, end });
      if (isAwaited) awaited += 1;
      if (signal !== undefined) addListener(signal, 'abort', abort);
      post(text);
      if (awaited === 0) channel.idle?.();
    }
    return running;

    function abort(): void {
      if (end(abortText)) reader.failed(abortReason(signal), true);
    }

    /** Forgets the call; false when that has happened already. */
    function end(lastWord?: string): boolean {
      if (!open.remove(id)) return false;
      if (signal !== undefined) removeListener(signal, 'abort', abort);
      if (lastWord !== undefined) post(lastWord);
      if (isAwaited) awaited -= 1;
      if (awaited === 0) channel.idle?.();
      return true;
    }
  }
}
