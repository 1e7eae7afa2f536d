import { refusal } from '../../../protocol/page-errors.ts';
import type { TellLanguages } from './tell-languages.ts';

/** The script of entrypoints/languages.ts, which leaves there what is looked for. */
const script = '/languages.js';

interface Scope {
  switchboardLanguages?: TellLanguages;
  /** Chrome's worker only. */
  importScripts?(path: string): void;
  addEventListener(type: 'install', listener: () => void): void;
}

/** Reads what languages look like, when it is first needed. In Firefox the background is a page, which can import. */
export async function loadLanguages(): Promise<TellLanguages> {
  const scope = globalThis as unknown as Scope;
  if (!scope.switchboardLanguages && scope.importScripts) scope.importScripts(script);
  else if (!scope.switchboardLanguages) await import(/* @vite-ignore */ new URL(script, location.href).href);
  if (scope.switchboardLanguages) return scope.switchboardLanguages;
  throw refusal('internal');
}

/** Chrome lets a worker import later only what it imported while it was being installed. To be called at the top. */
export function keepLanguages(): void {
  const scope = globalThis as unknown as Scope;
  if (scope.importScripts) scope.addEventListener('install', () => scope.importScripts?.(script));
}
