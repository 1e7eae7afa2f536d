import type { Sender } from '../serve/identify.ts';

/** One end of a runtime port, as far as both browsers agree: JSON crosses, later; the end that disconnects hears nothing of it. */
export interface PortEnd {
  name: string;
  sender?: Sender | undefined;
  postMessage(message: unknown): void;
  disconnect(): void;
  onMessage: { addListener(listener: (message: unknown) => void): void };
  onDisconnect: { addListener(listener: () => void): void };
}

/** Both ends of a port whose background end shows `sender`. */
export function createPortPair(sender?: Sender, name = 'page'): { content: PortEnd; background: PortEnd } {
  const content = createEnd(name);
  const background = createEnd(name, sender);
  content.connect(background);
  background.connect(content);
  return { content, background };
}

function createEnd(name: string, sender?: Sender): PortEnd & { connect(other: PortEnd): void; receive(text: string): void; close(): void } {
  const messageListeners: ((message: unknown) => void)[] = [];
  const disconnectListeners: (() => void)[] = [];
  let other: ReturnType<typeof createEnd> | undefined;
  let isOpen = true;
  return {
    name,
    sender,
    connect(end) {
      other = end as ReturnType<typeof createEnd>;
    },
    receive(text) {
      if (isOpen) for (const listener of messageListeners) listener(JSON.parse(text));
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      for (const listener of disconnectListeners) listener();
    },
    postMessage(message) {
      if (!isOpen) throw new Error('Attempting to use a disconnected port object');
      // What JSON has no word for arrives as null.
      const text = JSON.stringify(message) ?? 'null';
      setImmediate(() => other?.receive(text));
    },
    disconnect() {
      isOpen = false;
      setImmediate(() => other?.close());
    },
    onMessage: { addListener: (listener) => void messageListeners.push(listener) },
    onDisconnect: { addListener: (listener) => void disconnectListeners.push(listener) },
  };
}
