import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { Part } from '../../protocol/part.ts';
import { cutOff } from '../event-parts.ts';

/**
 * One answer over the legacy WebSocket: a frame with the request, then `text_stream` frames with deltas, then
 * `stream_end`. Undefined where nothing listens at the address.
 */
export async function legacyStream(url: string, body: JsonObject, signal: AbortSignal): Promise<AsyncGenerator<Part[], void> | undefined> {
  const socket = new WebSocket(url);
  const inbox: (Part[] | Error | undefined)[] = [];
  let wake = () => {};
  const arrive = (item: Part[] | Error | undefined) => {
    inbox.push(item);
    wake();
  };
  const stop = () => socket.close();
  signal.addEventListener('abort', stop, { once: true });

  const isOpen = await new Promise<boolean>((resolve) => {
    socket.onopen = () => resolve(true);
    socket.onerror = () => resolve(false);
    socket.onclose = () => {
      resolve(false);
      arrive(signal.aborted ? aborted() : cutOff(new URL(url).host));
    };
  });
  if (signal.aborted) throw aborted();
  if (!isOpen) return undefined;
  socket.onmessage = ({ data }) => arrive(partsOf(data, new URL(url).host));
  socket.send(JSON.stringify(body));
  return read();

  async function* read(): AsyncGenerator<Part[], void> {
    try {
      for (;;) {
        while (inbox.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        const item = inbox.shift();
        if (item instanceof Error) throw item;
        if (item && item.length > 0) yield item;
        if (item?.at(-1)?.type === 'end') return;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      socket.onclose = null;
      socket.close();
    }
  }
}

function partsOf(data: unknown, host: string): Part[] | Error {
  try {
    const frame = JSON.parse(String(data)) as { event?: unknown; text?: unknown };
    if (frame.event === 'stream_end') return [{ type: 'end', reason: 'other' }];
    if (frame.event === 'text_stream' && typeof frame.text === 'string') return frame.text ? [{ type: 'text', text: frame.text }] : [];
    return [];
  } catch {
    return new SwitchboardError(
      'bad-response',
      `${host} sent something that is not an answer of the legacy API. Check its stream address.`,
    );
  }
}

function aborted(): SwitchboardError {
  return new SwitchboardError('aborted', 'The call was stopped.');
}
