import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { sleep } from './kit/wait.ts';

interface Play {
  socket: Socket;
  path: string;
  port: number;
  secondPort: number;
  /** The request asks for the model list, not for an answer. */
  isModelList: boolean;
}

/** The answer in the streams that break: what a client may have seen of it. */
export const faultTokens = ['one', ' two', ' three'];

const event = (content: string): string => `data: {"choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":null}]}\n\n`;
const events = faultTokens.map(event).join('');
const ending = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
const streamHead = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';
const chunkedHead = `${streamHead}transfer-encoding: chunked\r\n\r\n`;
const closedHead = `${streamHead}connection: close\r\n\r\n`;
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const megabyte = 1024 * 1024;

/** Everything that can go wrong between two sockets, each by its name. */
const faults = {
  'reset-before-headers': async ({ socket }) => void socket.resetAndDestroy(),
  'reset-in-headers': ({ socket }) => sendThenReset(socket, streamHead),
  'reset-mid-body': ({ socket }) => sendThenReset(socket, chunkedHead + chunk(events)),
  'close-before-headers': async ({ socket }) => void socket.end(),
  'close-mid-chunk': async ({ socket }) => void socket.end(`${chunkedHead}${chunk(events)}ff\r\ndata: {"cho`),
  'close-without-last-chunk': async ({ socket }) => void socket.end(chunkedHead + chunk(events)),
  'short-content-length': async ({ socket }) => void socket.end(`${streamHead}content-length: 100000\r\n\r\n${events}`),
  'clean-end-without-finish': async ({ socket }) => void socket.end(closedHead + events),

  /** Takes the request and says nothing. */
  silence: async ({ socket }) => closed(socket),
  'silence-after-headers': ({ socket }) => sendThenWait(socket, chunkedHead),
  'silence-after-text': ({ socket }) => sendThenWait(socket, chunkedHead + chunk(events)),
  /** Comments for ever, and never a token. */
  'pings-without-end': async ({ socket }) => {
    socket.write(chunkedHead);
    while (!socket.destroyed) {
      socket.write(chunk(': ping\n\n'));
      await sleep(20);
    }
  },
  /** 1 KB a second. */
  drip: async ({ socket }) => {
    socket.write(chunkedHead);
    for (const byte of Buffer.from(chunk(events + ending))) {
      if (socket.destroyed) return;
      socket.write(Uint8Array.of(byte));
      await sleep(1);
    }
    socket.end('0\r\n\r\n');
  },

  /** Odd, and right: a client has to take these. */
  'one-byte-packets': async ({ socket }) => {
    for (const byte of Buffer.from(`${chunkedHead}${chunk(events + ending)}0\r\n\r\n`)) {
      if (socket.destroyed) return;
      socket.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
  },
  'http-1.0': async ({ socket }) => void socket.end(`HTTP/1.0 200 OK\r\ncontent-type: text/event-stream\r\n\r\n${events}${ending}`),
  'slow-close': async ({ socket }) => {
    socket.write(closedHead + events + ending);
    await Promise.race([sleep(1500), closed(socket)]);
    socket.end();
  },

  'gzip-bomb': async ({ socket, isModelList }) => {
    const body = bomb(isModelList ? ' ' : 'a');
    const type = isModelList ? 'application/json' : 'text/event-stream';
    socket.end(
      Buffer.concat([
        Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`),
        body,
      ]),
    );
  },
  'huge-line': async ({ socket }) => {
    socket.write(`${closedHead}data: `);
    await pump(socket, 'x'.repeat(megabyte), 50);
    socket.end();
  },
  'many-data-lines': async ({ socket }) => {
    socket.write(closedHead);
    await pump(socket, 'data: {\n'.repeat(megabyte / 8), 50);
    socket.end();
  },
  'huge-model-list': async ({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{"object":"list","data":[');
    await pump(socket, '{"id":"model-name","object":"model"},'.repeat(Math.ceil(megabyte / 37)), 50);
    socket.end('{"id":"last"}]}');
  },
  'huge-header': async ({ socket }) => void socket.end(`HTTP/1.1 200 OK\r\nx-filler: ${'x'.repeat(megabyte)}\r\ncontent-length: 0\r\n\r\n`),
  'bad-status-line': async ({ socket }) => void socket.end('SSH-2.0-OpenSSH_9.9\r\n'),
  'bad-chunk-size': async ({ socket }) => void socket.end(`${chunkedHead}${chunk(events)}zz\r\n`),
  'not-gzip': async ({ socket }) => void socket.end(`${streamHead}content-encoding: gzip\r\nconnection: close\r\n\r\n${events}${ending}`),

  'redirect-301': redirect(301),
  'redirect-302': redirect(302),
  'redirect-303': redirect(303),
  'redirect-307': redirect(307),
  'redirect-308': redirect(308),
  'redirect-same-origin': async ({ socket, port }) => void socket.end(redirectHead(302, `http://127.0.0.1:${port}/http-1.0`)),
  'redirect-loop': async ({ socket, port, path }) => void socket.end(redirectHead(307, `http://127.0.0.1:${port}${path}`)),
} satisfies Record<string, (play: Play) => Promise<void>>;

export type Fault = keyof typeof faults;
export const faultNames = Object.keys(faults) as Fault[];

/** Plays the fault on the socket; resolves when the server's side is done. */
export async function playFault(fault: Fault, play: Play): Promise<void> {
  const run = (faults as Record<string, ((play: Play) => Promise<void>) | undefined>)[fault];
  if (run) await run(play);
  else play.socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
}

function redirect(status: number): (play: Play) => Promise<void> {
  return async ({ socket, secondPort, path }) => void socket.end(redirectHead(status, `http://127.0.0.1:${secondPort}${path}`));
}

function redirectHead(status: number, location: string): string {
  return `HTTP/1.1 ${status} Elsewhere\r\nlocation: ${location}\r\naccess-control-allow-origin: *\r\ncontent-length: 0\r\n\r\n`;
}

/** 80 MB of one character in 80 kB. Packed once: it takes a while. */
function bomb(character: string): Uint8Array {
  const packed = bombs.get(character) ?? gzipSync(Buffer.alloc(80 * megabyte, character));
  bombs.set(character, packed);
  return packed;
}

const bombs = new Map<string, Uint8Array>();

/** What was written has time to arrive: a reset throws away what the receiver has not read yet. */
async function sendThenReset(socket: Socket, text: string): Promise<void> {
  socket.write(text);
  await sleep(100);
  socket.resetAndDestroy();
}

async function sendThenWait(socket: Socket, text: string): Promise<void> {
  socket.write(text);
  await closed(socket);
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else socket.once('close', () => resolve());
  });
}

/** Writes the text again and again, as fast as the client takes it. */
async function pump(socket: Socket, text: string, times: number): Promise<void> {
  const gone = closed(socket);
  for (let index = 0; index < times && !socket.destroyed; index += 1) {
    if (!socket.write(text)) await Promise.race([new Promise<void>((resolve) => socket.once('drain', () => resolve())), gone]);
  }
}
