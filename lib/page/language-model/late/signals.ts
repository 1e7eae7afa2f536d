import { platform } from './platform.ts';

/** Aborts with the first of both. The platform's own way, so that no listener of a page can keep the news from it. */
export function anyOf(one: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  const list = [one, other];
  let at = -1;
  const next = () => {
    at += 1;
    return { done: list[at] === undefined, value: list[at] };
  };
  return platform.anySignal({ [platform.iteratorKey]: () => ({ next }) } as unknown as AbortSignal[]);
}
