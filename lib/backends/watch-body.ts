import { SwitchboardError } from '../protocol/errors.ts';

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
 * The same response with its body under watch. The clock runs only while somebody waits for bytes, so that a slow reader
 * (flow control) is not taken for a silent server.
 */
export function watchBody(response: Response, watch: BodyWatch): Response {
  if (!response.body) return response;
  const reader = response.body.getReader();
  let bytes = 0;
  let waitingSince: number | undefined;
  let late: SwitchboardError | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** One timer looks after many reads: setting one for each read would cost more than the read. */
  function check(): void {
    timer = undefined;
    if (waitingSince === undefined) return;
    const left = waitingSince + limit() - performance.now();
    if (left > 0) timer = setTimeout(check, left);
    else {
      late = silent(watch, bytes > 0);
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

  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        waitingSince = performance.now();
        timer ??= setTimeout(check, limit());
        try {
          const { done, value } = await reader.read();
          waitingSince = undefined;
          // The wait for the first byte has another limit than those after it.
          if (done || bytes === 0) stopClock();
          if (done) return controller.close();
          bytes += value.byteLength;
          if (bytes > watch.maxBytes) {
            watch.close();
            throw new SwitchboardError('bad-response', `${watch.host} sent more than ${watch.maxBytes >> 20} MB. Ask for less at once.`);
          }
          controller.enqueue(value);
        } catch (thrown) {
          stopClock();
          controller.error(late ?? watch.translate(thrown));
        }
      },
      cancel() {
        stopClock();
        watch.close();
      },
    },
    // Nothing is read before somebody asks: back-pressure reaches the socket.
    { highWaterMark: 0 },
  );
  return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
}

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
