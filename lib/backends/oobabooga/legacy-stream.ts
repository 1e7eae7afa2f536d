import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { Part } from '../../protocol/part.ts';
import { cutOff } from '../event-parts.ts';
import { isObject } from '../openai-shaped/wire.ts';
import { aborted } from '../sleep.ts';

/**
 * One answer over the legacy WebSocket: a frame with the request, then `text_stream` frames with what is new, then
 * `stream_end`. Undefined where nothing listens at the address.
 */
export async function legacyStream(url: string, body: JsonObject, signal: AbortSignal): Promise<AsyncGenerator<Part[], void> | undefined> {
  if (signal.aborted) throw aborted();
  const { host } = new URL(url);
  const socket = new WebSocket(url);
  const inbox = createInbox();
  const stop = () => {
    socket.close();
    inbox.add(aborted());
  };
  signal.addEventListener('abort', stop, { once: true });
  socket.onmessage = ({ data }) => inbox.add(readFrame(data, host));
  socket.onclose = () => inbox.add(cutOff(host));

  const isOpen = await opened(socket);
  if (signal.aborted) throw aborted();
  if (!isOpen) {
    signal.removeEventListener('abort', stop);
    return undefined;
  }
  socket.send(JSON.stringify(body));
  return read();

  async function* read(): AsyncGenerator<Part[], void> {
    try {
      for (let clock = firstFrameMs; ; clock = silenceMs) {
        const { parts, failure } = await inbox.take(clock, host);
        if (parts.length > 0) yield parts;
        if (failure) throw failure;
        if (parts.at(-1)?.type === 'end') return;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      socket.close();
    }
  }
}

/** False where nobody listens, or a firewall swallows the question. */
function opened(socket: WebSocket): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      socket.close();
      resolve(false);
    }, openMs);
    const settle = (isOpen: boolean) => {
      clearTimeout(late);
      resolve(isOpen);
    };
    socket.addEventListener('open', () => settle(true));
    socket.addEventListener('error', () => settle(false));
    socket.addEventListener('close', () => settle(false));
  });
}

/** Holds frames until they are wanted, and gives out all that came since. */
function createInbox() {
  let items: (Part[] | SwitchboardError)[] = [];
  let wake = () => {};

  return {
    add(item: Part[] | SwitchboardError) {
      items.push(item);
      wake();
    },
    async take(clockMs: number, host: string): Promise<{ parts: Part[]; failure?: SwitchboardError }> {
      if (items.length === 0) await arrival(clockMs, host);
      const taken = items;
      items = [];
      const parts: Part[] = [];
      for (const item of taken) {
        if (item instanceof SwitchboardError) return { parts, failure: item };
        parts.push(...item);
        if (parts.at(-1)?.type === 'end') break;
      }
      return { parts };
    },
  };

  function arrival(clockMs: number, host: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () =>
          reject(new SwitchboardError('timeout', `${host} has said nothing for ${clockMs / 1000} seconds. Is it overloaded? Try again.`)),
        clockMs,
      );
      wake = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }
}

function readFrame(data: unknown, host: string): Part[] | SwitchboardError {
  try {
    const frame: unknown = JSON.parse(String(data));
    if (isObject(frame)) {
      if (frame.event === 'stream_end') return [{ type: 'end', reason: 'other' }];
      return frame.event === 'text_stream' && typeof frame.text === 'string' && frame.text !== ''
        ? [{ type: 'text', text: frame.text }]
        : [];
    }
  } catch {
    // Told below.
  }
  return new SwitchboardError('bad-response', `${host} sent something that is not an answer of the legacy API. Check its stream address.`);
}

/** As lib/backends/http.ts has it for servers near the user. */
const firstFrameMs = 600_000;
const silenceMs = 180_000;
/** After that the answer is better fetched whole. */
const openMs = 5000;
