import { bare, define, SafeDOMException } from '../primordials.ts';

/** A failure that pages see as the platform's own; most come so from the background. */
export interface Failure {
  /** Of a DOMException, or `TypeError`, `RangeError`, `QuotaExceededError`. */
  name: string;
  message: string;
  requested?: number;
  quota?: number;
}

type Constructor = new (message: string, more: object) => Error;

/** The exceptions that are no plain DOMException. QuotaExceededError joins them where the window has one. */
export const constructors = bare({ TypeError, RangeError }) as unknown as Record<string, Constructor>;

/** As an object of the page's realm, whose stack names none of our files: in Firefox their address identifies the user. */
export function exception({ name, message, requested, quota }: Failure): Error {
  const Own = constructors[name];
  const error = Own ? new Own(message, bare({ requested, quota })) : new SafeDOMException(message, name);
  define(error, 'stack', { value: `${name}: ${message}`, writable: true });
  return error;
}

export function refuse(name: string, message: string): never {
  throw exception({ name, message });
}

/** What does not convert is told by the name of its place. */
export function fail(place: string): never {
  return refuse('TypeError', `${place} is not what it should be.`);
}
