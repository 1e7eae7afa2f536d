import { browser } from 'wxt/browser';
import { type Calls, type Channel, createCalls } from '../page/calls.ts';
import { type ErrorData, SwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import { panelPortName } from '../protocol/wire.ts';
import type { Event, Params, Result, StreamName, SubscriptionName, ValueName } from './methods.ts';

/** A port of its own, for code that makes calls as a web page does. `toError` makes what is thrown. */
export function openCalls(toError: (data: ErrorData) => unknown): Calls {
  return createCalls(openChannel(), toError);
}

/** Asks the background for one value. Throws the SwitchboardError it failed with. */
export async function request<Name extends ValueName>(name: Name, params: Params<Name>, signal?: AbortSignal): Promise<Result<Name>> {
  return (await calls.request(name, JSON.stringify(params), signal)) as Result<Name>;
}

/** Parts as they come; leaving the loop stops the work. */
export async function* stream<Name extends StreamName>(name: Name, params: Params<Name>, signal?: AbortSignal): AsyncGenerator<Part[]> {
  for await (const parts of calls.stream(name, JSON.stringify(params), signal)) {
    yield parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part));
  }
}

/**
 * Values until undone, also across deaths of the background: while the page can be seen it asks again by itself, and
 * hears everything from the start then. `failed` hears of a refusal, which is final.
 */
export function subscribe<Name extends SubscriptionName>(
  name: Name,
  params: Params<Name>,
  listener: (event: Event<Name>) => void,
  failed?: (error: SwitchboardError) => void,
): () => void {
  const text = JSON.stringify(params);
  let isWanted = true;
  let attempts = 0;
  let undo = () => {};

  function start(): void {
    undo = calls.subscribe(name, text, heard, ended);
  }

  function heard(event: unknown): void {
    attempts = 0;
    listener(event as Event<Name>);
  }

  function ended(error: unknown): void {
    if (!isWanted) return;
    const isLoss = !(error instanceof SwitchboardError) || error.code === 'interrupted';
    if (!isLoss) {
      failed?.(error);
      return;
    }
    const delay = Math.min(50 * 2 ** attempts, 2_000);
    attempts += 1;
    void whenVisible(delay).then(() => isWanted && start());
  }

  start();
  return () => {
    isWanted = false;
    undo();
  };
}

const calls = createCalls(openChannel(), ({ code, message, ...more }: ErrorData) => new SwitchboardError(code, message, more));

type Port = ReturnType<typeof browser.runtime.connect>;

/** One port for the whole page, opened at the first call and again after the background died. */
function openChannel(): Channel {
  let port: Port | undefined;
  let receiver: Parameters<Channel['on']>[0] = { message() {}, closed() {} };

  function connect(): Port {
    const opened = browser.runtime.connect({ name: panelPortName });
    opened.onMessage.addListener((text) => receiver.message(text as string));
    opened.onDisconnect.addListener(() => {
      // Chromium logs a reason nobody looked at as an error of the extension.
      void browser.runtime.lastError;
      if (port === opened) drop();
    });
    return opened;
  }

  function drop(): void {
    port = undefined;
    receiver.closed(lost);
  }

  // Chromium closes the port of a page in the back/forward cache without telling it.
  globalThis.addEventListener?.('pagehide', () => {
    port?.disconnect();
    if (port) drop();
  });

  return {
    post(text) {
      try {
        port ??= connect();
        port.postMessage(text);
      } catch {
        drop();
      }
    },
    on(given) {
      receiver = given;
    },
  };
}

const lost: ErrorData = { code: 'interrupted', message: 'Switchboard was restarted by the browser. Try again.' };

/** A page in the background does not keep ours awake. */
async function whenVisible(delay: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, delay));
  if (typeof document === 'undefined' || document.visibilityState === 'visible') return;
  await new Promise<void>((resolve) => {
    document.addEventListener('visibilitychange', function seen() {
      if (document.visibilityState !== 'visible') return;
      document.removeEventListener('visibilitychange', seen);
      resolve();
    });
  });
}
