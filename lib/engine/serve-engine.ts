import type { Browser } from 'wxt/browser';
import { errorData, toSwitchboardError } from '../protocol/errors.ts';
import type { LocalEngine } from './engine.ts';
import { type EngineCall, type EngineReply, enginePortName } from './engine-port.ts';

/** Answers the ports that the background opens to the engine's page. */
export function serveEngine(engine: LocalEngine, onConnect: typeof Browser.runtime.onConnect): void {
  onConnect.addListener((port) => {
    if (port.name !== enginePortName) return;
    if (isOurs(port.sender)) answer(engine, port);
    else port.disconnect();
  });
}

/**
 * Content scripts can open ports of any name, and what comes in here has passed no grant. Theirs carry a tab or the
 * origin of a web page; Chrome gives a service worker's neither, only its address.
 */
function isOurs(sender: Browser.runtime.MessageSender | undefined): boolean {
  const own = globalThis.origin;
  return Boolean(sender && !sender.tab && (sender.origin ?? own) === own && sender.url?.startsWith(`${own}/`));
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
