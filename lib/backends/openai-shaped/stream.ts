import { SwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import { readSse } from '../sse.ts';
import type { Decoder } from './decoder.ts';

/** The parts of a response, one array for each network read. What a read holds before an error is given out first. */
export async function* streamParts(response: Response, decoder: Decoder, host: string): AsyncGenerator<Part[], void> {
  const reads = readSse(response, host);
  try {
    while (!decoder.isDone) {
      const read = await reads.next().catch((error: unknown) => {
        if (decoder.isFinished && !isAbort(error)) return undefined;
        throw error;
      });
      if (!read || read.done) break;
      yield* collect((out) => {
        decoder.read(read.value, out);
        if (decoder.isDone) decoder.end(out);
      });
    }
    if (!decoder.isDone) yield* collect((out) => decoder.end(out));
  } finally {
    if (decoder.isDone) reads.release();
    else await reads.return();
  }
}

function* collect(fill: (out: Part[]) => void): Generator<Part[], void> {
  const parts: Part[] = [];
  let failure: { error: unknown } | undefined;
  try {
    fill(parts);
  } catch (error) {
    failure = { error };
  }
  if (parts.length > 0) yield parts;
  if (failure) throw failure.error;
}

function isAbort(error: unknown): boolean {
  return error instanceof SwitchboardError && error.code === 'aborted';
}
