import { SwitchboardError } from '../protocol/errors.ts';
import type { Kit } from './all.ts';

/** The script of entrypoints/kit.ts, which leaves the backends here. */
const script = '/kit.js';

interface Scope {
  switchboardKit?: Kit;
  /** Chrome's worker only. */
  importScripts?(path: string): void;
  addEventListener(type: 'install', listener: () => void): void;
}

/**
 * The backends, read when the background first needs one: a start for anything else does without them, and 300 KB
 * more to evaluate at every start would cost each first call. In Firefox the manifest lists the script.
 */
export function loadKit(): Kit {
  const scope = globalThis as unknown as Scope;
  if (!scope.switchboardKit) scope.importScripts?.(script);
  if (scope.switchboardKit) return scope.switchboardKit;
  throw new SwitchboardError('internal', 'Part of Switchboard is missing. Install it again.');
}

/** Chrome lets a worker import later only what it imported while it was being installed. To be called at the top. */
export function keepKit(): void {
  const scope = globalThis as unknown as Scope;
  if (scope.importScripts) scope.addEventListener('install', () => scope.importScripts?.(script));
}
