import { SwitchboardError } from '../protocol/errors.ts';
import type { BodyReader, HttpResponse } from './backend.ts';

/** What is asked of a body while it is read. */
export interface BodyWatch {
  host: string;
  /** Milliseconds to the first byte, and between bytes after it. Comments and keep-alives are bytes too. */
  firstByteMs: number;
  silenceMs: number;
  maxBytes: number;
  /** Closes the connection. */
  close(): void;
  /** Turns what the platform throws into our error. */
  translate(thrown: unknown): SwitchboardError;
}

/**
 * The response with its body under watch. The clock runs only while somebody waits for bytes, so that a slow reader (flow
 * control) is not taken for a silent server. No stream around the stream: it would cost each read as much as the rest of us.
 */
export function watchBody(response: Response, watch: BodyWatch): HttpResponse {
  const { status, ok, headers, body } = response;
  let reader: BodyReader | undefined;
  const getReader = () => {
    reader ??= body ? watchReader(body.getReader(), watch) : noBytes;
    return reader;
  };
  const text = () => readText(getReader());
  return {
    status,
    ok,
    headers,
    body: body && { getReader, cancel: () => getReader().cancel() },
    text,
    json: async () => JSON.parse(await text()) as unknown,
  };
}

function watchReader(reader: ReadableStreamDefaultReader<Uint8Array>, watch: BodyWatch): BodyReader {
  let bytes = 0;
  let waitingSince: number | undefined;
  let failure: SwitchboardError | undefined;
  let isCancelled = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** One timer looks after many reads: setting one for each read would cost more than the read. */
  function check(): void {
    timer = undefined;
    if (waitingSince === undefined) return;
    const left = waitingSince + limit() - performance.now();
    if (left > 0) timer = setTimeout(check, left);
    else {
      failure = silent(watch, bytes > 0);
      watch.close();
    }
  }

  function limit(): number {
    return bytes > 0 ? watch.silenceMs : watch.firstByteMs;
  }

  function stopClock(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  return {
    async read() {
      if (isCancelled) return finished;
      if (failure) throw failure;
      waitingSince = performance.now();
      timer ??= setTimeout(check, limit());
      try {
        const read = await reader.read();
        waitingSince = undefined;
        // The wait for the first byte has another limit than those after it.
        if (read.done || bytes === 0) stopClock();
        if (read.done) return finished;
        bytes += read.value.byteLength;
        if (bytes <= watch.maxBytes) return read;
        watch.close();
        throw new SwitchboardError('bad-response', `${watch.host} sent more than ${watch.maxBytes >> 20} MB. Ask for less at once.`);
      } catch (thrown) {
        stopClock();
        if (isCancelled) return finished;
        failure ??= watch.translate(thrown);
        throw failure;
      }
    },
    async cancel() {
      isCancelled = true;
      stopClock();
      watch.close();
    },
  };
}

async function readText(reader: BodyReader): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for (let read = await reader.read(); !read.done; read = await reader.read()) text += decoder.decode(read.value, { stream: true });
  return text + decoder.decode();
}

const finished = { done: true, value: undefined } as const;

const noBytes: BodyReader = { read: async () => finished, cancel: async () => {} };

function silent({ host, firstByteMs, silenceMs }: BodyWatch, begun: boolean): SwitchboardError {
  return begun
    ? new SwitchboardError(
        'timeout',
        `${host} went silent for ${Math.round(silenceMs / 1000)} seconds in the middle of the answer. Try again.`,
      )
    : new SwitchboardError(
        'timeout',
        `${host} sent nothing for ${Math.round(firstByteMs / 1000)} seconds. Is its model overloaded or stuck? Try again.`,
      );
}
