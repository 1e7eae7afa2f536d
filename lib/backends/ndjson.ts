import { SwitchboardError } from '../protocol/errors.ts';
import type { HttpResponse } from './backend.ts';
import { type ReadParser, type Reads, readThrough } from './reads.ts';

/**
 * The values of a response of one JSON text a line (Ollama, DreamGen), one array for each network read. The last line
 * may lack its end, lines may be blank, and two values may share one. `host` is for errors.
 */
export function readNdjson(response: HttpResponse, host: string): Reads<unknown> {
  return readThrough(response, createNdjsonParser(host));
}

/** The parser alone. */
export function createNdjsonParser(host: string): ReadParser<unknown> {
  let line: string[] = [];
  let lineLength = 0;

  function push(text: string): unknown[] {
    const end = text.lastIndexOf('\n') + 1;
    const values: unknown[] = [];
    if (end > 0) {
      const lines = line.join('') + text.slice(0, end);
      line = [];
      lineLength = 0;
      for (const each of lines.split('\n')) readLine(each, values);
    }
    if (end < text.length) {
      line.push(text.slice(end));
      lineLength += text.length - end;
      if (lineLength > maxLineSize) throw bad('sent a single line of more than 1 MB, which is no answer of a model.');
    }
    return values;
  }

  function end(): unknown[] {
    const values: unknown[] = [];
    try {
      readLine(line.join(''), values);
    } catch (cause) {
      throw new SwitchboardError('interrupted', `${host} closed the connection before the answer was complete. Try again.`, { cause });
    }
    return values;
  }

  function readLine(text: string, values: unknown[]): void {
    if (text.trim() === '') return;
    const whole = parse(text);
    if (whole) {
      values.push(whole.value);
      return;
    }
    // Two values on one line are cut apart where one can end; a `}{` inside a string is put together again.
    let piece = '';
    for (const part of text.split(/(?<=\})(?=\s*\{)/)) {
      piece += part;
      const parsed = parse(piece);
      if (!parsed) continue;
      values.push(parsed.value);
      piece = '';
    }
    if (piece !== '') throw bad('sent a line that is not JSON. Is the address that of the right kind of server?');
  }

  function bad(what: string): SwitchboardError {
    return new SwitchboardError('bad-response', `${host} ${what}`);
  }

  return { push, end };
}

const maxLineSize = 1024 * 1024;

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
