import type { Ground } from '../ground.ts';

/** The names of what ../ground.ts hands over, in its order. */
export const names = [
  'abortReason',
  'addListener',
  'append',
  'apply',
  'boolean',
  'constructors',
  'define',
  'dictionary',
  'dispatch',
  'exception',
  'isAborted',
  'iteratorKey',
  'keep',
  'make',
  'object',
  'parseJson',
  'peek',
  'quote',
  'readers',
  'report',
  'signal',
  'stateOf',
  'string',
  'stringify',
  'tagOf',
  'toJson',
  'toStringTag',
  'SafeDOMException',
  'SafeEvent',
  'SafePromise',
  'SafeReadableStream',
  'SafeAbortController',
  'anySignal',
  'signalOf',
  'abort',
  'sourceOf',
  'flagsOf',
  'enqueueOn',
  'closeOn',
  'failOn',
  'roomIn',
  'later',
] as const;

type Names = typeof names;
type Platform = {
  readonly [At in keyof Ground & keyof Names & `${number}` as Names[At]]: Ground[At];
};

/** The platform as it was before any page script ran: the late part uses nothing else of the window, but for media.ts. */
export const platform = { __proto__: null } as unknown as Platform;

/** To be called before anything else of the late part. */
export function standOn(ground: Ground): void {
  for (let index = 0; index < names.length; index++) {
    (platform as unknown as Record<string, unknown>)[names[index] as string] = ground[index];
  }
}
