import { SwitchboardError } from '../protocol/errors.ts';
import type { Kit } from './all.ts';
import { provideKit } from './registry.ts';

/** The script of entrypoints/kit.ts, which leaves the backends here. */
const script = '/kit.js';

interface Scope {
  switchboardKit?: Kit;
  /** Chrome's worker only. */
  importScripts?(path: string): void;
  addEventListener(type: 'install' | 'DOMContentLoaded' | typeof kitEvent, listener: () => void): void;
}

/**
 * The backends, read when the background first needs one: a start for anything else does without them, and 300 KB
 * more to evaluate at every start would cost each first call. In Firefox the manifest lists the script.
 */
function loadKit(): Kit {
  const scope = globalThis as unknown as Scope;
  if (!scope.switchboardKit) scope.importScripts?.(script);
  if (scope.switchboardKit) return scope.switchboardKit;
  throw new SwitchboardError('internal', 'Part of Switchboard is missing. Install it again.');
}

/**
 * Does it now; in Firefox, whose background is a page, once its scripts have all been read: the backends come behind the
 * background's own, so that what that one waits for is on its way while they are read.
 */
export function withKit(work: () => void): void {
  const scope = globalThis as unknown as Scope;
  if (scope.importScripts || scope.switchboardKit || document.readyState !== 'loading') work();
  else scope.addEventListener('DOMContentLoaded', work);
}

/** Dispatched on the background when the backends have been read. */
export const kitEvent = 'switchboard:kit';

/** Does it when the backends have been read, which is before anything asks one of them. */
export function onceKitIsRead(work: () => void): void {
  (globalThis as unknown as Scope).addEventListener(kitEvent, work);
}

/**
 * Says that the backends come from there. To be called at the top: Chrome lets a worker import later only what it imported
 * while it was being installed.
 */
export function keepKit(): void {
  provideKit(loadKit);
  const scope = globalThis as unknown as Scope;
  if (scope.importScripts) scope.addEventListener('install', () => scope.importScripts?.(script));
}
