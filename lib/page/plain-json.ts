import type { ErrorData } from '../protocol/errors.ts';
import { maxCallSize } from '../protocol/wire.ts';
import { losses } from './errors.ts';
import { hasOwn, isArray, isRealNumber, keys, quote, slice, tagOf } from './primordials.ts';

/** Deeper than any honest request, shallow enough for every stack it meets on the way; also what ends a cycle. */
const maxDepth = 32;

/**
 * The JSON text of a page's value, the same in both browsers: own enumerable fields only, each read once, `undefined`
 * left out. What JSON would silently change (NaN, functions, a Map, bytes) throws `fail(…)`, which names the place.
 */
export function toJson(value: unknown, fail: (data: ErrorData) => unknown): string {
  return write(value, '', 0) ?? refuse('', 'is empty');

  function write(value: unknown, path: string, depth: number): string | undefined {
    if (typeof value === 'string') return within(quote(within(value)));
    if (typeof value === 'number') return isRealNumber(value) ? `${value}` : refuse(path, `is ${value}, which JSON cannot carry`);
    if (typeof value === 'boolean' || value === null) return `${value}`;
    if (value === undefined) return undefined;
    if (typeof value !== 'object') return refuse(path, `is a ${typeof value}, which cannot be sent`);
    if (depth === maxDepth) return refuse(path, `is nested deeper than ${maxDepth} levels or contains itself`);
    return isArray(value) ? writeList(value, path, depth + 1) : writeFields(value as Record<string, unknown>, path, depth + 1);
  }

  function writeList(list: unknown[], path: string, depth: number): string {
    const { length } = list;
    let text = '';
    for (let index = 0; index < length; index++) {
      // A hole must not read what a page put on Array.prototype.
      const item = hasOwn(list, index) ? write(list[index], `${path}[${index}]`, depth) : undefined;
      text = within(`${text}${index > 0 ? ',' : ''}${item ?? 'null'}`);
    }
    return `[${text}]`;
  }

  function writeFields(value: Record<string, unknown>, path: string, depth: number): string {
    const tag = tagOf(value);
    if (tag !== '[object Object]') return refuse(path, `is a ${slice(tag, 8, -1)}; send plain objects, and bytes as base64 text`);
    const names = keys(value);
    let text = '';
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as string;
      const place = path === '' ? name : `${path}.${name}`;
      if (name === '__proto__') refuse(place, 'is not a field');
      const field = write(value[name], place, depth);
      if (field !== undefined) text = within(`${text}${text === '' ? '' : ','}${quote(name)}:${field}`);
    }
    return `{${text}}`;
  }

  function within(text: string): string {
    if (text.length > maxCallSize) throw fail(losses['too-large']);
    return text;
  }

  function refuse(path: string, text: string): never {
    throw fail({ code: 'bad-request', message: `${path === '' ? 'The request' : `${path}:`} ${text}.` });
  }
}
