import { SwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import { readSse, type SseEvent } from './sse.ts';

/** How one protocol's events become parts. */
export interface EventReading<Event> {
  /** Parts of one event; the last of them may be the `end`. */
  read(event: Event): Part[];
  /** Parts of an answer that came whole although a stream was asked for. */
  whole(answer: unknown): Part[];
  /** What remains at the end of the body; without an `end` in it the answer counts as cut off. */
  finish?(): Part[];
}

/** The parts of a streamed answer of JSON events, one array for each network read, up to its `end`. */
export async function* eventParts<Event>(
  response: Response,
  { read, whole, finish }: EventReading<Event>,
  host: string,
): AsyncGenerator<Part[]> {
  const reads = readSse(response, host);
  try {
    for await (const events of reads) {
      const parts: Part[] = [];
      for (const event of events) {
        if (event.data === '[DONE]' || event.data.trim() === '') continue;
        const value = parse(event, host);
        parts.push(...(event.whole ? whole(value) : read(value as Event)));
        if (parts.at(-1)?.type === 'end') break;
      }
      if (parts.length > 0) yield parts;
      if (parts.at(-1)?.type === 'end') return reads.release();
    }
    const rest = finish?.() ?? [];
    if (rest.at(-1)?.type !== 'end') throw cutOff(host);
    yield rest;
  } finally {
    await reads.return();
  }
}

/** The connection ended before the answer did. */
export function cutOff(host: string): SwitchboardError {
  return new SwitchboardError('interrupted', `${host} closed the connection before the answer was complete. Try again.`);
}

function parse(event: SseEvent, host: string): unknown {
  try {
    return JSON.parse(event.data);
  } catch (cause) {
    if (event.cut) throw cutOff(host);
    throw new SwitchboardError('bad-response', `${host} sent something that is not an answer. Check the address of the connection.`, {
      cause,
    });
  }
}
