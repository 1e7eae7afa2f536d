import { type Browser, browser } from 'wxt/browser';
import { SwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import type { LocalEngine } from './engine.ts';
import { type EngineCall, type EngineReply, enginePortName } from './engine-port.ts';
import { createPartChannel } from './part-channel.ts';

/**
 * Chrome: the engine in an offscreen document, because a service worker can neither start workers nor be isolated. The
 * document outlives the service worker, so that a model stays loaded; the document closes itself when it is idle.
 */
export function createOffscreenEngine(): LocalEngine {
  return {
    chat: (request, signal) => stream({ method: 'chat', params: request }, signal),
    text: (request, signal) => stream({ method: 'text', params: request }, signal),
    load: (model, signal) => stream({ method: 'load', params: model }, signal),
    add: (address, signal) => stream({ method: 'add', params: address }, signal),
    embed: (request, signal) => value({ method: 'embed', params: request }, signal),
    countTokens: (request, signal) => value({ method: 'countTokens', params: request }, signal),
    unload: async (model, signal) => {
      // A page that is not there holds no model.
      if (await isOpen()) await value({ method: 'unload', params: model }, signal);
    },
  };
}

async function* stream(call: EngineCall, signal: AbortSignal): AsyncGenerator<Part[]> {
  const channel = createPartChannel();
  const port = await connect(signal);
  listen(port, signal, {
    onParts: channel.push,
    onDone: channel.close,
    onError: channel.fail,
  });
  try {
    port.postMessage(call);
    yield* channel;
  } finally {
    port.disconnect();
  }
}

async function value<Value>(call: EngineCall, signal: AbortSignal): Promise<Value> {
  const port = await connect(signal);
  try {
    return await new Promise<Value>((resolve, reject) => {
      listen(port, signal, { onDone: (result) => resolve(result as Value), onError: reject });
      port.postMessage(call);
    });
  } finally {
    port.disconnect();
  }
}

interface Listener {
  onParts?(parts: Part[]): void;
  onDone(value?: unknown): void;
  onError(error: unknown): void;
}

function listen(port: Browser.runtime.Port, signal: AbortSignal, { onParts, onDone, onError }: Listener): void {
  port.onMessage.addListener((reply: EngineReply) => {
    if (reply.type === 'parts') onParts?.(reply.parts);
    else if (reply.type === 'done') onDone(reply.value);
    else if (reply.type === 'error') onError(new SwitchboardError(reply.error.code, reply.error.message, reply.error));
  });
  port.onDisconnect.addListener(() =>
    onError(new SwitchboardError('interrupted', 'The page that runs models in the browser was closed. Ask again.')),
  );
  signal.addEventListener('abort', () => {
    port.disconnect();
    onError(new SwitchboardError('aborted', 'The call was stopped.'));
  });
  if (signal.aborted) onError(new SwitchboardError('aborted', 'The call was stopped.'));
}

const enginePage = '/engine.html';
const longestStartMs = 10_000;

/** A port on which the engine's page has answered. Opens the page where needed; it may be closing itself just now. */
async function connect(signal: AbortSignal): Promise<Browser.runtime.Port> {
  const deadline = Date.now() + longestStartMs;
  for (let pauseMs = 20; Date.now() < deadline; pauseMs = Math.min(pauseMs * 2, 500)) {
    if (signal.aborted) throw new SwitchboardError('aborted', 'The call was stopped.');
    await openPage();
    const port = browser.runtime.connect({ name: enginePortName });
    if (await isHeard(port)) return port;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new SwitchboardError(
    'internal',
    'The page that runs models in the browser did not start. Restart the browser; if it stays, report it.',
  );
}

function isHeard(port: Browser.runtime.Port): Promise<boolean> {
  return new Promise((resolve) => {
    port.onMessage.addListener(() => resolve(true));
    port.onDisconnect.addListener(() => {
      // Reading it tells Chrome that the missing listener is no surprise.
      void browser.runtime.lastError;
      resolve(false);
    });
  });
}

let opening: Promise<void> | undefined;

/** Opens the page unless it is there; callers at the same time share one attempt. */
function openPage(): Promise<void> {
  opening ??= (async () => {
    if (await isOpen()) return;
    await browser.offscreen.createDocument({
      url: enginePage,
      reasons: ['WORKERS'],
      justification: 'Runs language models that the user added, in a worker.',
    });
  })()
    .catch(async (error: unknown) => {
      // Another attempt, of the service worker before this one, may have come first.
      if (!(await isOpen())) throw error;
    })
    .finally(() => {
      opening = undefined;
    });
  return opening;
}

async function isOpen(): Promise<boolean> {
  const contexts = await browser.runtime.getContexts({ contextTypes: ['OFFSCREEN_DOCUMENT'] });
  return contexts.length > 0;
}
