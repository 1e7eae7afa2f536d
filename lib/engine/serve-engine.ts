import type { Browser } from 'wxt/browser';
import { errorData, toSwitchboardError } from '../protocol/errors.ts';
import type { LocalEngine } from './engine.ts';
import { type EngineCall, type EngineReply, enginePortName } from './engine-port.ts';

export interface EngineServer {
  /** Calls `close` once no port is open, and hears no new ones from then on: they go to the next page. */
  closeWhenFree(): void;
}

/** Answers the ports that the background opens to the engine's page. */
export function serveEngine(engine: LocalEngine, onConnect: typeof Browser.runtime.onConnect, close: () => void): EngineServer {
  const open = new Set<Browser.runtime.Port>();
  let isIdle = false;
  let isClosing = false;

  function closeIfFree(): void {
    // A port may be open before its call is here; closing between the two would lose the call.
    if (!isIdle || isClosing || open.size > 0) return;
    isClosing = true;
    close();
  }

  onConnect.addListener((port) => {
    if (port.name !== enginePortName || isClosing) return;
    if (!isOurs(port.sender)) return port.disconnect();
    open.add(port);
    port.onMessage.addListener(() => {
      isIdle = false;
    });
    port.onDisconnect.addListener(() => {
      open.delete(port);
      closeIfFree();
    });
    answer(engine, port);
  });

  return {
    closeWhenFree() {
      isIdle = true;
      closeIfFree();
    },
  };
}

/**
 * Content scripts can open ports of any name, and what comes in here has passed no grant. Theirs carry the origin of a
 * web page, whatever address it claims; those of a service worker carry an address and no origin.
 */
function isOurs(sender: Browser.runtime.MessageSender | undefined): boolean {
  const own = globalThis.origin;
  return Boolean(sender && (sender.origin ?? own) === own && sender.url?.startsWith(`${own}/`));
}

function answer(engine: LocalEngine, port: Browser.runtime.Port): void {
  const closed = new AbortController();
  port.onDisconnect.addListener(() => closed.abort());
  port.onMessage.addListener(async ({ method, params }: EngineCall) => {
    try {
      const value = await run(engine, method, params, closed.signal, (parts) => post({ type: 'parts', parts }));
      post({ type: 'done', value });
    } catch (error) {
      post({ type: 'error', error: errorData(toSwitchboardError(error)) });
    }
  });
  post({ type: 'ready' });

  function post(reply: EngineReply): void {
    if (!closed.signal.aborted) port.postMessage(reply);
  }
}

async function run(
  engine: LocalEngine,
  method: keyof LocalEngine,
  params: unknown,
  signal: AbortSignal,
  emit: (parts: never[]) => void,
): Promise<unknown> {
  const outcome = engine[method](params as never, signal);
  if (!(Symbol.asyncIterator in outcome)) return outcome;
  for await (const parts of outcome) emit(parts as never[]);
  return undefined;
}
