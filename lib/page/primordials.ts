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

const text = String.prototype;
export const slice = uncurry(text.slice);
export const indexOf = uncurry(text.indexOf);

const target = EventTarget.prototype;
export const addListener = uncurry(target.addEventListener);
export const removeListener = uncurry(target.removeEventListener);
export const dispatch = uncurry(target.dispatchEvent);

const event = Event.prototype;
export const stopPropagation = uncurry(event.stopImmediatePropagation);
export const preventDefault = uncurry(event.preventDefault);
export const relatedTarget = getter<EventTarget | null>(FocusEvent.prototype, 'relatedTarget');
export const eventData = getter<unknown>(MessageEvent.prototype, 'data');

const signal = AbortSignal.prototype;
export const isAborted = getter<boolean>(signal, 'aborted');
export const abortReason = getter<unknown>(signal, 'reason');

/** The same fields in an object that inherits nothing. */
export function bare<T extends object>(fields: T): T {
  return { __proto__: null, ...fields };
}

/** A property that can be changed later: an accessor, or a value that does not show in loops. */
export function define(target: object, key: PropertyKey, descriptor: PropertyDescriptor): void {
  defineProperty(target, key, bare({ configurable: true, ...descriptor }));
}

/** Gives an object the own fields of another, accessors as they are. */
export function give(to: object, from: object): void {
  const names = keys(from);
  for (let index = 0; index < names.length; index++)
    define(to, names[index] as string, descriptorOf(from, names[index] as string) as PropertyDescriptor);
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
  const entries: Record<number, T> = bare({});
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
