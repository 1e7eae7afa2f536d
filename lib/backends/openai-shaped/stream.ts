import { SwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import type { HttpResponse } from '../backend.ts';
import { readThrough } from '../reads.ts';
import { createSseParser } from '../sse.ts';
import type { Decoder } from './decoder.ts';

/** The way to the response of an answer, where it takes more than one request; may give out parts meanwhile. */
export type Asking = AsyncGenerator<Part[], HttpResponse, void>;

/**
 * The parts of an answer, one array for each network read. What a read holds before an error is given out first. One
 * generator from the request to the end, because each further layer costs every read some turns of the event loop.
 */
export async function* streamParts(
  ask: () => Promise<HttpResponse> | Asking,
  decoder: Decoder,
  host: string,
  start: Part[] = [],
): AsyncGenerator<Part[], void> {
  const asked = ask();
  // Made while the request is on its way.
  const parser = createSseParser(host);
  const response = asked instanceof Promise ? await asked : yield* asked;
  const reads = readThrough(response, parser);
  let failure: { error: unknown } | undefined;
  let parts = start;
  try {
    if (parts.length > 0) yield parts;
    while (!decoder.isDone && !failure) {
      const read = await reads.next().catch((error: unknown) => {
        // A connection lost after the reason to end came loses nothing.
        if (!decoder.isFinished || isAbort(error)) failure = { error };
        return undefined;
      });
      parts = [];
      try {
        if (read && !read.done) decoder.read(read.value, parts);
        if (!failure && (decoder.isDone || !read || read.done)) decoder.end(parts);
      } catch (error) {
        failure = { error };
      }
      if (parts.length > 0) yield parts;
      if (!read || read.done) break;
    }
  } finally {
    if (decoder.isDone) reads.release();
    else await reads.return();
  }
  if (failure) throw failure.error;
}

function isAbort(error: unknown): boolean {
  return error instanceof SwitchboardError && error.code === 'aborted';
}
