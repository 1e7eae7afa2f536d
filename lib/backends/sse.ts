import { createParser } from 'eventsource-parser';
import { SwitchboardError } from '../protocol/errors.ts';
import type { HttpResponse } from './backend.ts';
import { type ReadParser, type Reads, readThrough } from './reads.ts';

export interface SseEvent {
  data: string;
  /** Absent where the server names none, which is `message`. */
  event?: string | undefined;
  /** The body was no event stream (JSON, a web page): `data` is all of it. */
  whole?: true;
  /** The body ended inside this event. */
  cut?: true;
}

/**
 * The events of a response, one array for each network read. Accepts what real servers send: LF, CRLF or CR, a byte
 * order mark, comments, `error:` as a field name (llama.cpp before October 2025), a last event without its blank line,
 * and a body that is no event stream at all. `host` is for errors.
 */
export function readSse(response: HttpResponse, host: string): Reads<SseEvent> {
  return readThrough(response, createSseParser(host));
}

/** The parser alone. */
export function createSseParser(host: string): ReadParser<SseEvent> {
  let events: SseEvent[] = [];
  /** Fragments of the line under way. Kept here, because the parser drops a partial line of an unknown field, such as `error:`. */
  let line: string[] = [];
  let lineLength = 0;
  /** Decided by the first character that is not white space. */
  let isStream: boolean | undefined;

  const parser = createParser({
    maxBufferSize: maxEventSize,
    onEvent: (event) => {
      events.push(event);
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') throw tooLarge(host);
      if (error.field === 'error') events.push({ event: 'error', data: error.value ?? '' });
    },
  });

  function push(text: string): SseEvent[] {
    if (isStream === undefined) isStream = looksLikeStream(text);
    if (!isStream) {
      line.push(text);
      return [];
    }
    const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
    if (end > 0) {
      const lines = line.length > 0 ? line.join('') + text.slice(0, end) : text.slice(0, end);
      line = [];
      lineLength = 0;
      parser.feed(lines);
    }
    if (end < text.length) {
      line.push(end > 0 ? text.slice(end) : text);
      lineLength += text.length - end;
      if (lineLength > maxEventSize) throw tooLarge(host);
    }
    return take();
  }

  function end(): SseEvent[] {
    const rest = line.join('');
    line = [];
    if (!isStream) return rest.trim() === '' ? [] : [{ data: rest, whole: true }];
    parser.feed(`${rest}\n\n`);
    return take().map((event) => ({ ...event, cut: true }));
  }

  function take(): SseEvent[] {
    const taken = events;
    events = [];
    return taken;
  }

  return { push, end };
}

/** JSON and HTML begin with a character that no line of an event stream does. White space alone decides nothing. */
function looksLikeStream(text: string): boolean | undefined {
  const first = text.trimStart()[0];
  return first === undefined ? undefined : !'{[<'.includes(first);
}

function tooLarge(host: string): SwitchboardError {
  return new SwitchboardError('bad-response', `${host} sent a single event of more than 1 MB, which is no answer of a model.`);
}

const maxEventSize = 1024 * 1024;
