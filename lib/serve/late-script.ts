import { refusal } from '../protocol/page-errors.ts';

/** What a script beside the background's own leaves behind, for those who need it. */
export interface LateScript<Value> {
  /** Chrome lets a worker import later only what it imported while it was being installed. To be called at the top. */
  keep(): void;
  /**
   * At once where it was read before, and in Chrome's worker; Firefox's background is a page, which imports. Fails with
   * `internal` where the script is missing.
   */
  read(): Value | Promise<Value>;
}

interface Scope {
  /** Chrome's worker only. */
  importScripts?(path: string): void;
  addEventListener(type: 'install', listener: () => void): void;
}

/** `name`: of the global that the script sets. */
export function lateScript<Value>(script: `/${string}.js`, name: `switchboard${string}`): LateScript<Value> {
  const scope = globalThis as unknown as Scope & Record<typeof name, Value | undefined>;

  function found(): Value {
    const value = scope[name];
    if (value === undefined) throw refusal('internal');
    return value;
  }

  return {
    keep() {
      if (scope.importScripts) scope.addEventListener('install', () => scope.importScripts?.(script));
    },
    read() {
      if (scope[name] !== undefined) return found();
      if (!scope.importScripts) return import(/* @vite-ignore */ new URL(script, location.href).href).then(found);
      scope.importScripts(script);
      return found();
    },
  };
}
