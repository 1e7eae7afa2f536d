import { bare, indexOf, keys, slice } from '../primordials.ts';
import { type Callback, isCallable, isObject } from '../read-options.ts';
import { fail } from './errors.ts';
import { append, apply, iteratorKey } from './platform.ts';

/**
 * Web IDL's conversions, as far as the Prompt API needs them: each value of a page is read once, in the order of the
 * standard, and what does not convert is a TypeError of the page's own realm. `place` is for its text.
 */
export type Convert<T> = (value: unknown, place: string) => T;

export const string: Convert<string> = (value, place) => (typeof value === 'symbol' ? fail(place) : `${value as string}`);
export const boolean: Convert<boolean> = (value) => !!value;
export const any: Convert<unknown> = (value) => value;
export const object: Convert<object> = (value, place) => (isObject(value) ? value : fail(place));
export const callback: Convert<Callback> = (value, place) => (isCallable(value) ? value : fail(place));

/** One of some words, given with spaces between them. */
export function enumeration<Word extends string>(words: string): Convert<Word> {
  return (value, place) => {
    const text = string(value, place);
    const isWord = indexOf(text, ' ') < 0 && indexOf(` ${words} `, ` ${text} `) >= 0;
    return isWord ? (text as Word) : fail(`${place} "${text}"`);
  };
}

export function sequence<T>(item: Convert<T>): Convert<T[]> {
  return (value, place) => iterate(value, iteratorOf(value), item, place);
}

/** A sequence where the value has an iterator, and a string otherwise. */
export function sequenceOrString<T>(item: Convert<T>): Convert<T[] | string> {
  return (value, place) => {
    const iterator = iteratorOf(value) ?? undefined;
    return iterator === undefined ? string(value, place) : iterate(value, iterator, item, place);
  };
}

function iteratorOf(value: unknown): unknown {
  return isObject(value) ? value[iteratorKey] : undefined;
}

function iterate<T>(value: unknown, method: unknown, item: Convert<T>, place: string): T[] {
  const iterator = object(apply(callback(method, place), value, []), place) as Iterator<unknown>;
  const next = callback(iterator.next, place);
  const list: T[] = [];
  for (;;) {
    const result = object(apply(next, iterator, []), place) as IteratorResult<unknown>;
    if (result.done) return list;
    append(list, item(result.value, place));
  }
}

/** A dictionary, by its members in the order of the standard. `?` behind a name: it may be left out. */
export function dictionary<Members extends Record<string, Convert<unknown>>>(members: Members): Convert<Dictionary<Members>> {
  return (value, place) => {
    const all = keys(members);
    const read: Record<string, unknown> = bare({});
    const given = value === undefined || value === null ? read : (object(value, place) as Record<string, unknown>);
    for (let index = 0; index < all.length; index++) {
      const key = all[index] as string;
      const isOptional = slice(key, -1) === '?';
      const name = isOptional ? slice(key, 0, -1) : key;
      const member = given[name];
      if (member !== undefined) read[name] = members[key]?.(member, name);
      else if (!isOptional) fail(name);
    }
    return read as Dictionary<Members>;
  };
}

/** What a dictionary is read into; it inherits nothing. */
export type Dictionary<Members extends Record<string, Convert<unknown>>> = {
  [Key in keyof Members as Key extends `${string}?` ? never : Key]: ReturnType<Members[Key]>;
} & { [Key in keyof Members as Key extends `${infer Name}?` ? Name : never]?: ReturnType<Members[Key]> | undefined };
