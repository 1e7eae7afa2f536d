import type { EndReason } from '../protocol/part.ts';

/** The text before the stop string that is complete first. Backends of text alone leave it in, or write on behind it. */
export function cutAtStop(text: string, stops: string[]): { text: string; isCut: boolean } {
  const at = firstStop(text, stops);
  return at < 0 ? { text, isCut: false } : { text: text.slice(0, at), isCut: true };
}

/** Cuts a stream at the first stop string, also where it comes in pieces. */
export interface StopCutter {
  /** The text that can be shown now; what may be the beginning of a stop string is held back. */
  add(text: string): string;
  /** What was held back, if it turns out to be text. */
  end(reason: EndReason): string;
  /** A stop string has come: nothing after it counts. */
  readonly isCut: boolean;
}

export function createStopCutter(stops: string[]): StopCutter {
  const wanted = stops.filter((stop) => stop !== '');
  let held = '';
  let isCut = false;

  return {
    add(text) {
      if (isCut) return '';
      const all = held + text;
      const at = firstStop(all, wanted);
      isCut = at >= 0;
      const ready = isCut ? at : all.length - partialLength(all, wanted);
      held = isCut ? '' : all.slice(ready);
      return all.slice(0, ready);
    },
    end(reason) {
      // A model that ran out of tokens in the middle of a stop string was not saying it; half a tag is never text.
      const isText = reason !== 'length' && /^[\p{L}\p{N}]/u.test(held);
      const rest = isText ? held : '';
      held = '';
      return rest;
    },
    get isCut() {
      return isCut;
    },
  };
}

/** Where the stop string begins that is complete first, as a server sees it token by token; -1 for none. */
function firstStop(text: string, stops: string[]): number {
  let first = -1;
  let firstEnd = Number.POSITIVE_INFINITY;
  for (const stop of stops) {
    const at = stop === '' ? -1 : text.indexOf(stop);
    const end = at + stop.length;
    if (at < 0 || end > firstEnd || (end === firstEnd && at > first)) continue;
    first = at;
    firstEnd = end;
  }
  return first;
}

/** Length of the longest end of the text that is the beginning of a stop string. */
function partialLength(text: string, stops: string[]): number {
  let longest = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) longest = length;
    }
  }
  return longest;
}
