import { announce } from '../page/announce.ts';
import { createCalls } from '../page/calls.ts';
import { openChannel } from '../page/channel.ts';
import { toPageError } from '../page/errors.ts';
import { createInfo } from '../page/info.ts';
import { createProvider } from '../page/provider.ts';
import type { SwitchboardError } from '../protocol/errors.ts';
import type { PageModel } from '../protocol/model.ts';
import type { Part } from '../protocol/part.ts';
import type { SwitchboardProvider } from '../protocol/provider.ts';
import { type Scope, startRelay } from '../relay/relay.ts';
import type { Router } from '../router/router.ts';
import { doorMethods } from '../serve/doors.ts';
import { doors } from '../serve/late-doors.ts';
import { createLimits } from '../serve/limits.ts';
import { serve } from '../serve/serve.ts';
import { createSiteMethods } from '../serve/site-methods.ts';
import { createPortPair } from './port-pair.ts';

export interface Road {
  ai: SwitchboardProvider;
  /** The window of the page. */
  scope: EventTarget;
  /** Something the user can change has changed. */
  change(): void;
  /** The background ends. */
  kill(): void;
}

/** The whole road from the page to a router that answers as told: only the browser between the ports is not real. */
export function page(router: Partial<Router>, target: EventTarget = new EventTarget()): Road {
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' as const });
  const more = { origin: 'https://site.example', navigator: { userActivation: { hasBeenActive: true, isActive: true } }, document };
  const scope = (Object.isExtensible(target) ? Object.assign(target, more) : target) as unknown as Scope & EventTarget;
  if (Object.isExtensible(target)) Object.assign(target, { parent: scope });
  let changed = () => {};
  let kill = () => {};
  const watchChanges = (listener: () => void) => {
    changed = listener;
    return () => {};
  };
  const site = { ...createSiteMethods(router as Router, watchChanges), ...doorMethods(router as Router, () => doors) };
  const connect = () => {
    const { content, background } = createPortPair();
    kill = background.disconnect;
    serve(background, {
      identify: () => ({ role: 'site', origin: 'https://site.example', tabId: 1, frameId: 0, isPrivate: false }),
      site,
      panel: {},
      lease: { hold: () => () => {} },
      limits: createLimits(),
    });
    return content;
  };
  const calls = createCalls(openChannel(scope), toPageError);
  const info = createInfo('1.2.3');
  const ai = createProvider(calls, scope, info);
  announce(scope, ai, info);
  if (Object.isExtensible(target)) startRelay(() => ({ id: 'own', connect }), scope);
  return { ai, scope, change: () => changed(), kill: () => kill() };
}

export const hello = [{ role: 'user' as const, content: 'Hi' }];
export const usage = { inputTokens: 3, outputTokens: 2, cachedInputTokens: 1, reasoningTokens: 1 };
export const end = { type: 'end', reason: 'stop', usage, model: 'tiny' } as const;
export const model: PageModel = { id: 'local/tiny', name: 'Tiny', place: 'device', isDefault: true, contextWindow: 4096 };

export function text(given: string): Part {
  return { type: 'text', text: given };
}

export function says(...batches: Part[][]): Router['chat'] & Router['text'] {
  return async function* () {
    yield* batches;
  };
}

export function fails(error: SwitchboardError): Router['chat'] {
  // biome-ignore lint/correctness/useYield: it fails before it has anything to yield
  return async function* () {
    throw error;
  };
}

export function post(body: unknown): RequestInit {
  return { method: 'POST', body: JSON.stringify(body) };
}

export async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

export async function turns(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
}
