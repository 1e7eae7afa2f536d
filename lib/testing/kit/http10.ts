import type { ServerResponse } from 'node:http';

/**
 * Makes a response that of an HTTP/1.0 server, as Python's is: no chunks, and a body without a length ends with the
 * connection. Call it before anything is written.
 */
export function speakHttp10(response: ServerResponse): void {
  response.useChunkedEncodingByDefault = false;
  response.shouldKeepAlive = false;
  const { socket } = response;
  if (!socket) return;
  const write = socket.write;
  // Node knows one status line only; it is at the beginning of the first thing that is written.
  socket.write = ((chunk: unknown, ...rest: never[]) => {
    socket.write = write;
    const changed = typeof chunk === 'string' ? chunk.replace(/^HTTP\/1\.1/, 'HTTP/1.0') : chunk;
    return write.call(socket, changed as string, ...rest);
  }) as typeof write;
}
