import type { ServerResponse } from 'node:http';
import type { Exchange } from './exchange.ts';
import type { Scenario } from './scenario.ts';
import { fired, sleep } from './wait.ts';

/** One event as it goes over the wire. `token`: it brings a token of the answer, so delays and failures count it. */
export interface Frame {
  text: string;
  token?: true;
}

/** Streams the frames as the scenario wants them cut, delayed and broken. `errorText`: the server's error event. */
export async function sendFrames(exchange: Exchange, contentType: string, frames: Iterable<Frame>, errorText: () => string): Promise<void> {
  const { scenario, response, gone } = exchange;
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-cache' });
  response.flushHeaders();
  const writer = createWriter(response, scenario, gone);

  let index = 0;
  for (const frame of scenario.dropLastBlankLine ? trimLast(frames) : frames) {
    if (gone.aborted) return;
    if (frame.token) {
      if (index === scenario.failAt) return fail(frame);
      if (index > 0 && scenario.tokenDelayMs) await sleep(scenario.tokenDelayMs, gone);
      index += 1;
    }
    await writer.write(frame.text);
    exchange.request.tokensSent = index;
  }
  await writer.flush();
  if (!gone.aborted) response.end();

  async function fail(frame: Frame): Promise<void> {
    const mode = scenario.failMode ?? 'instream';
    if (mode === 'instream') await writer.write(errorText());
    if (mode === 'half-character') await writer.write(beforeHalfCharacter(frame.text));
    await writer.flush();
    if (mode === 'half-character') response.write(Uint8Array.of(0xf0, 0x9f));
    // A reset throws away what the client has not read yet, so it gets time to.
    if (mode === 'reset') await sleep(100, gone);
    if (mode === 'reset' || mode === 'fin') exchange.break(mode);
    else if (mode === 'silence') await fired(gone);
    else response.end();
  }
}

/** The frames, the last without its line ends. */
function* trimLast(frames: Iterable<Frame>): Generator<Frame> {
  let held: Frame | undefined;
  for (const frame of frames) {
    if (held) yield held;
    held = frame;
  }
  if (held) yield { ...held, text: held.text.trimEnd() };
}

/** The event up to inside its text: everything before the first character that JSON has not closed. */
function beforeHalfCharacter(text: string): string {
  return text.slice(0, Math.max(text.lastIndexOf('":"') + 3, 0));
}

interface Writer {
  write(text: string): Promise<void>;
  flush(): Promise<void>;
}

function createWriter(response: ServerResponse, scenario: Scenario, gone: AbortSignal): Writer {
  const { chunking = 'event', byteDelayMs = 0 } = scenario;
  const lineEnds = scenario.lineEnds && { crlf: '\r\n', cr: '\r' }[scenario.lineEnds];
  const left = fired(gone);
  let held: Buffer[] = [];
  let heldBytes = 0;
  let random = 7;

  async function send(bytes: Buffer): Promise<void> {
    if (gone.aborted || bytes.length === 0) return;
    if (!response.write(bytes)) await Promise.race([new Promise<void>((resolve) => response.once('drain', resolve)), left]);
    if (byteDelayMs) await sleep(byteDelayMs * bytes.length, gone);
    // Gives the event loop a turn: writes of one turn leave as one chunk in one packet.
    else await new Promise<void>((resolve) => setImmediate(resolve));
  }

  async function sendPieces(bytes: Buffer, size: () => number): Promise<void> {
    for (let start = 0; start < bytes.length && !gone.aborted; ) {
      const end = start + size();
      await send(bytes.subarray(start, end));
      start = end;
    }
  }

  function nextRandomSize(): number {
    random = (random * 1103515245 + 12345) % 2147483648;
    return 1 + (random % 23);
  }

  function hold(bytes: Buffer): void {
    held.push(bytes);
    heldBytes += bytes.length;
  }

  function release(): Buffer {
    const all = Buffer.concat(held);
    held = [];
    heldBytes = 0;
    return all;
  }

  return {
    async write(text) {
      const bytes = Buffer.from(lineEnds ? text.replaceAll('\n', lineEnds) : text, 'utf8');
      if (byteDelayMs || chunking === 'byte') return sendPieces(bytes, () => 1);
      if (chunking === 'random') return sendPieces(bytes, nextRandomSize);
      if (chunking === 'event') return send(bytes);
      hold(bytes);
      // Three events or so a write, and the border inside an event.
      if (chunking === 'joined' && heldBytes > 400) {
        const all = release();
        hold(all.subarray(all.length - 7));
        await send(all.subarray(0, all.length - 7));
      }
    },
    flush: () => send(release()),
  };
}
