import { SwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import type { HttpResponse } from './backend.ts';
import { readSse, type SseEvent } from './sse.ts';

/** How one protocol's events become parts. */
export interface EventReading<Event> {
  /** Parts of one event; the last of them may be the `end`. */
  read(event: Event): Part[];
  /** Parts of an answer that came whole although a stream was asked for. */
  whole(answer: object): Part[];
  /** What remains at the end of the body; without an `end` in it the answer counts as cut off. */
  finish?(): Part[];
}

/** The parts of a streamed answer of JSON events, one array for each network read, up to its `end`. */
export async function* eventParts<Event>(response: HttpResponse, reading: EventReading<Event>, host: string): AsyncGenerator<Part[], void> {
  const reads = readSse(response, host);
  let isOver = false;
  try {
    for (let read = await reads.next(); !read.done; read = await reads.next()) {
      const parts: Part[] = [];
      const failure = readInto(parts, read.value, reading, host);
      isOver = parts.at(-1)?.type === 'end';
      if (parts.length > 0) yield parts;
      if (failure) throw failure.thrown;
      if (isOver) return;
    }
    const rest = reading.finish?.() ?? [];
    if (rest.at(-1)?.type !== 'end') throw cutOff(host);
    yield rest;
  } finally {
    if (isOver) reads.release();
    else await reads.return();
  }
}

/** The connection ended before the answer did. */
export function cutOff(host: string): SwitchboardError {
  return new SwitchboardError('interrupted', `${host} closed the connection before the answer was complete. Try again.`);
}

/** Adds the parts of one network read. What is thrown comes after the parts before it, so it is handed back. */
function readInto<Event>(
  out: Part[],
  events: SseEvent[],
  { read, whole }: EventReading<Event>,
  host: string,
): { thrown: unknown } | undefined {
  try {
    for (const event of events) {
      if (event.data === '[DONE]' || event.data.trim() === '') continue;
      const value = parse(event, host);
      out.push(...(event.whole ? whole(value) : read(value as Event)));
      if (out.at(-1)?.type === 'end') return undefined;
      if (event.whole) throw noAnswer(host);
    }
    return undefined;
  } catch (thrown) {
    return { thrown };
  }
}

function parse(event: SseEvent, host: string): object {
  try {
    const value: unknown = JSON.parse(event.data);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    if (event.cut || (event.whole && /^\s*[{[]/.test(event.data))) throw cutOff(host);
  }
  throw noAnswer(host);
}

function noAnswer(host: string): SwitchboardError {
  return new SwitchboardError('bad-response', `${host} sent something that is not an answer. Check the address of the connection.`);
}
