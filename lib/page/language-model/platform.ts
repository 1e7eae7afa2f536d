import { define, uncurry } from '../primordials.ts';

/** More of the platform as it was before any page script ran (see lib/page/primordials.ts). */

export const { apply, setPrototypeOf } = Reflect;
export const {
  hasInstance,
  iterator: iteratorKey,
  toStringTag,
}: Pick<SymbolConstructor, 'hasInstance' | 'iterator' | 'toStringTag'> = Symbol;
export const { ProgressEvent: SafeProgressEvent, WeakMap: SafeWeakMap } = globalThis;
export const getFrom = uncurry(SafeWeakMap.prototype.get);
export const setIn = uncurry(SafeWeakMap.prototype.set);
export const stringify = JSON.stringify as (value: unknown, replace?: (key: string, value: unknown) => unknown) => string | undefined;

/** Adds to the end, whatever a page put on a prototype. */
export function append<T>(list: T[], value: T): void {
  define(list, list.length, { value, enumerable: true, writable: true });
}
