import type { FetchHead, FetchPiece } from '../protocol/pieces.ts';
import type { SwitchboardProvider } from '../protocol/provider.ts';
import type { Calls } from './calls.ts';
import { type PageError, toPageError } from './errors.ts';
import type { PartStream } from './part-stream.ts';
import { toJson } from './plain-json.ts';
import {
  bare,
  closeOn,
  enqueueOn,
  failOn,
  isAborted,
  quote,
  SafeReadableStream,
  SafeResponse,
  SafeTextEncoder,
  uncurry,
} from './primordials.ts';
import { readFetch } from './read-fetch.ts';
import { own } from './read-options.ts';

type Batch = IteratorResult<FetchPiece[], undefined>;

const encode = uncurry(SafeTextEncoder.prototype.encode);
const encoder = new SafeTextEncoder();

/**
 * A `fetch` that answers OpenAI's routes, below any origin, with the user's model. A failure before the answer begins is
 * a Response with a status, as a server would give it; an aborted signal rejects, as with the platform's own.
 */
export function createFetch(calls: Calls): SwitchboardProvider['fetch'] {
  return async (input, init) => {
    const { params, signal } = await readFetch(input, init);
    const pieces = calls.stream<FetchPiece>('openai.fetch', params, signal);
    try {
      const first = await pieces.next();
      const head = (first.value as FetchPiece[])[0] as FetchHead;
      return respond((own(head, 'body') as string | undefined) ?? stream(pieces, first, head, signal), head.status, head.headers);
    } catch (error) {
      if (isAborted(signal)) throw error;
      return respond(errorJson(error), (own(error, 'status') ?? 500) as number, {
        'content-type': 'application/json',
        'x-should-retry': 'false',
      });
    }
  };
}

/** Read as the page reads it: nothing is pulled ahead, and cancelling stops the call. */
function stream(pieces: PartStream<FetchPiece>, first: Batch, head: FetchHead, signal: AbortSignal): ReadableStream<Uint8Array> {
  let next: Batch | undefined = first;
  // The head is not part of the text.
  let from = 1;
  return new SafeReadableStream<Uint8Array>(bare({ pull, cancel: () => pieces.return() }) as object, bare({ highWaterMark: 0 }));

  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      const { value } = next ?? (await pieces.next());
      next = undefined;
      if (value === undefined) closeOn(controller);
      else enqueueOn(controller, encode(encoder, textOf(value)));
    } catch (error) {
      if (isAborted(signal)) return void failOn(controller, error);
      enqueueOn(controller, encode(encoder, `data: ${errorJson(error)}\n\n`));
      closeOn(controller);
    }
  }

  function textOf(batch: FetchPiece[]): string {
    let text = '';
    for (let index = from; index < batch.length; index++) {
      const piece = batch[index] as string | { sse: string };
      text += typeof piece === 'string' ? `${head.before}${quote(piece)}${head.after}` : piece.sse;
    }
    from = 0;
    return text;
  }
}

/** Only what goes wrong on this side of the background: an update of the extension, a lost background, too large a request. */
function errorJson(error: unknown): string {
  const { message, code } = error as PageError;
  return toJson({ error: { message, type: 'server_error', param: null, code } }, toPageError);
}

function respond(body: string | ReadableStream<Uint8Array>, status: number, headers: Record<string, string>): Response {
  return new SafeResponse(body as BodyInit, bare({ status, headers: bare(headers) }));
}
