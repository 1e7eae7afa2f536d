import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** The server's side of a WebSocket (RFC 6455), as far as text needs it. */
export interface ServerSocket {
  /** Fires when the client has gone. */
  gone: AbortSignal;
  /** A text frame; false when nobody is there any more. */
  send(text: string): boolean;
  /** Bytes as they are, for frames that break. */
  raw: Duplex;
  close(code: number): void;
}

/** Answers the handshake and calls `onText` for every message of the client. */
export function acceptSocket(incoming: IncomingMessage, raw: Duplex, onText: (text: string, socket: ServerSocket) => void): ServerSocket {
  const accept = createHash('sha1').update(`${incoming.headers['sec-websocket-key']}${magic}`).digest('base64');
  raw.write(`HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`);
  const left = new AbortController();
  const socket: ServerSocket = {
    gone: left.signal,
    raw,
    send(text) {
      if (left.signal.aborted) return false;
      raw.write(textFrame(text));
      return true;
    },
    close(code) {
      if (!raw.writableEnded) raw.end(frame(closing, Uint8Array.of(code >> 8, code & 255)));
    },
  };
  let held = Buffer.alloc(0);
  raw.on('data', (bytes: Buffer) => {
    held = Buffer.concat([held, bytes]);
    for (let read = readFrame(held); read; read = readFrame(held)) {
      held = held.subarray(read.length);
      if (read.opcode === closing) {
        left.abort();
        socket.close(1000);
      } else if (read.opcode === ping) raw.write(frame(pong, read.payload));
      else if (read.opcode === text) onText(read.payload.toString('utf8'), socket);
    }
  });
  raw.on('error', () => left.abort());
  raw.on('close', () => left.abort());
  return socket;
}

/** A whole text frame of the server: not masked, in one piece. */
export function textFrame(content: string): Buffer {
  return frame(text, Buffer.from(content, 'utf8'));
}

function frame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  const size = length < 126 ? [length] : length < 65_536 ? [126, length >> 8, length & 255] : [127, 0, 0, 0, 0, ...bytesOf(length)];
  return Buffer.concat([Uint8Array.of(0x80 | opcode, ...size), payload]);
}

function bytesOf(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

/** A frame of the client, which is always masked; undefined while it is not all there. Fragments are not used by ours. */
function readFrame(bytes: Buffer): { opcode: number; payload: Buffer; length: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = (bytes[1] ?? 0) & 127;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < start + 4) return undefined;
  const size = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  const length = start + 4 + size;
  if (bytes.length < length) return undefined;
  const mask = bytes.subarray(start, start + 4);
  const payload = Buffer.from(bytes.subarray(start + 4, length)).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return { opcode: (bytes[0] ?? 0) & 15, payload: Buffer.from(payload), length };
}

const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const text = 1;
const closing = 8;
const ping = 9;
const pong = 10;
