import type { Socket } from 'node:net';
import { pythonJson } from '../kit/python-json.ts';
import type { SocketExchange } from '../kit/socket-port.ts';
import { fired, sleep } from '../kit/wait.ts';
import { type ServerSocket, textFrame } from '../kit/web-socket.ts';

/** Sends an answer over the WebSocket as the scenario wants it cut, delayed and broken. `stopped`: somebody said stop. */
export async function streamAnswer(exchange: SocketExchange, tokens: string[], stopped: AbortSignal): Promise<void> {
  const { scenario, request, socket } = exchange;
  const { chunking = 'event', tokenDelayMs = 0, failAt, endless } = scenario;
  const send = createSender(socket, chunking);
  let number = 0;
  do {
    for (const text of tokens) {
      if (number === failAt) return fail(exchange);
      if (number > 0 && tokenDelayMs) await sleep(tokenDelayMs, stopped);
      if (stopped.aborted && !socket.gone.aborted) break;
      // Only what is sent tells it that nobody is there any more.
      if (socket.gone.aborted || !(await send(pythonJson({ event: 'text_stream', message_num: number, text })))) return;
      number += 1;
      request.tokensSent = number;
    }
  } while (endless && !stopped.aborted);
  await send(pythonJson({ event: 'stream_end', message_num: number }), true);
}

type Send = (text: string, isLast?: boolean) => Promise<boolean>;

function createSender(socket: ServerSocket, chunking: string): Send {
  let held: Buffer[] = [];
  return async (text, isLast = false) => {
    if (socket.gone.aborted) return false;
    held.push(textFrame(text));
    const isReady = isLast || chunking === 'event' || chunking === 'byte' || (chunking !== 'whole' && held.length >= 3);
    if (!isReady) return true;
    const bytes = Buffer.concat(held);
    held = [];
    const size = chunking === 'byte' ? 1 : chunking === 'random' ? 7 : bytes.length;
    for (let start = 0; start < bytes.length && !socket.gone.aborted; start += size) {
      socket.raw.write(bytes.subarray(start, start + size));
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    return true;
  };
}

async function fail({ scenario, request, socket }: SocketExchange): Promise<void> {
  request.outcome = 'broken';
  const mode = scenario.failMode ?? 'instream';
  if (mode === 'silence') {
    request.outcome = 'open';
    return fired(socket.gone);
  }
  // An exception closes the socket without a word.
  if (mode === 'instream') return socket.close(1011);
  if (mode === 'half-character') socket.raw.write(textFrame('{"event": "text_stream", "text": "\u{1f44b}"}').subarray(0, -5));
  if (mode === 'reset') (socket.raw as Socket).resetAndDestroy();
  else socket.raw.destroy();
}
