import { toPageError } from './errors.ts';
import { hasOwn, isAborted } from './primordials.ts';

export type Callback = (...args: unknown[]) => unknown;

/** A page's own field, read once; what it or anybody put on a prototype does not count. */
export function own(object: unknown, name: string): unknown {
  return isObject(object) && hasOwn(object, name) ? object[name] : undefined;
}

/** As Web IDL has it: functions are objects too. */
export function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return (typeof value === 'object' && value !== null) || isCallable(value);
}

export function isCallable(value: unknown): value is Callback {
  return typeof value === 'function';
}

/** `options.signal`, which is an AbortSignal of whatever realm or not given. */
export function signalOf(options: unknown): AbortSignal | undefined {
  const signal = own(options, 'signal') ?? undefined;
  if (signal === undefined || isSignal(signal)) return signal;
  throw toPageError({ code: 'bad-request', message: 'signal: is not an AbortSignal.', status: 400 });
}

export function isSignal(value: unknown): value is AbortSignal {
  try {
    isAborted(value);
    return true;
  } catch {
    return false;
  }
}
