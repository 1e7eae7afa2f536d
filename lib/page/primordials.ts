/**
 * The platform as it was before any page script ran. A page may later replace any prototype method; what runs in the
 * page calls these instead, walks lists by index (never by an iterator a page can replace), and hands the platform
 * option objects without a prototype.
 */

type Uncurried<F> = F extends (this: infer _This, ...args: infer Args) => infer Result ? (self: unknown, ...args: Args) => Result : never;

/** `method` as a function that takes its `this` first. */
// biome-ignore lint/suspicious/noExplicitAny: the constraint has to accept every method there is
export function uncurry<F extends (...args: any[]) => unknown>(method: F): Uncurried<F> {
  return Function.prototype.call.bind(method) as Uncurried<F>;
}

/** The getter of an accessor property, as a function of the object; it also tells whether an object is the real thing. */
export function getter<T>(prototype: object, name: string): (self: unknown) => T {
  return uncurry(descriptorOf(prototype, name)?.get as () => T);
}

export const { defineProperty, freeze, getOwnPropertyDescriptor: descriptorOf, hasOwn, keys } = Object;
export const { deleteProperty } = Reflect;
export const tagOf = uncurry(Object.prototype.toString);
export const { isArray } = Array;
export const { isFinite: isRealNumber } = Number;
export const { parse: parseJson } = JSON;
/** A string as JSON. Strings alone: for objects `JSON.stringify` would ask a `toJSON` the page may have put on a prototype. */
export const quote = JSON.stringify as (text: string) => string;

export const SafePromise = Promise;

export const slice = uncurry(String.prototype.slice);
export const indexOf = uncurry(String.prototype.indexOf);

export const addListener = uncurry(EventTarget.prototype.addEventListener);
export const removeListener = uncurry(EventTarget.prototype.removeEventListener);
export const dispatch = uncurry(EventTarget.prototype.dispatchEvent);
export const stopPropagation = uncurry(Event.prototype.stopImmediatePropagation);
export const preventDefault = uncurry(Event.prototype.preventDefault);
export const relatedTarget = getter<EventTarget | null>(FocusEvent.prototype, 'relatedTarget');
export const eventData = getter<unknown>(MessageEvent.prototype, 'data');
export const isAborted = getter<boolean>(AbortSignal.prototype, 'aborted');
export const abortReason = getter<unknown>(AbortSignal.prototype, 'reason');

/** A property that can be changed later: an accessor, or a value that does not show in loops. */
export function define(target: object, key: PropertyKey, descriptor: PropertyDescriptor): void {
  defineProperty(target, key, { __proto__: null, configurable: true, ...descriptor } as PropertyDescriptor);
}

/** Things by number, in an object that inherits nothing. */
export interface Table<T> {
  get(id: number): T | undefined;
  set(id: number, value: T): void;
  /** False when there was none. */
  remove(id: number): boolean;
  /** Entries added meanwhile may be visited too, removed ones are not. */
  each(visit: (value: T) => void): void;
}

export function createTable<T>(): Table<T> {
  const entries = { __proto__: null } as unknown as Record<number, T>;
  return {
    get: (id) => entries[id],
    set(id, value) {
      entries[id] = value;
    },
    remove: (id) => id in entries && delete entries[id],
    each(visit) {
      for (const id in entries) visit(entries[id] as T);
    },
  };
}

const controller = ReadableStreamDefaultController.prototype;
export const enqueueOn = uncurry(controller.enqueue);
export const closeOn = uncurry(controller.close);
export const failOn = uncurry(controller.error);

export const { clearInterval, queueMicrotask, setInterval } = globalThis;
export const {
  CustomEvent: SafeCustomEvent,
  DOMException: SafeDOMException,
  Error: SafeError,
  Event: SafeEvent,
  EventTarget: SafeEventTarget,
  MessageEvent: SafeMessageEvent,
  ReadableStream: SafeReadableStream,
  Request: SafeRequest,
  Response: SafeResponse,
  TextEncoder: SafeTextEncoder,
} = globalThis;
