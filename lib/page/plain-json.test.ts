import { afterEach, describe, expect, it } from 'vitest';
import type { ErrorData } from '../protocol/errors.ts';
import { maxCallSize } from '../protocol/wire.ts';
import { toJson } from './plain-json.ts';

class Refused extends Error {
  readonly code: string;
  constructor(data: ErrorData) {
    super(data.message);
    this.code = data.code;
  }
}

const json = (value: unknown) => toJson(value, (data) => new Refused(data));

describe('the JSON text of a page value', () => {
  afterEach(() => {
    for (const name of ['toJSON', 'model', '0']) {
      Reflect.deleteProperty(Object.prototype, name);
      Reflect.deleteProperty(Array.prototype, name);
    }
  });

  it('is what JSON.stringify writes for plain data', () => {
    const values = [
      null,
      true,
      0,
      -0,
      1e21,
      1.5,
      '',
      'a "quote" \\ \n \u2028 \u0000 \ud800 漢字 😀',
      [],
      {},
      [1, [2, { a: null }]],
      { a: undefined, b: [undefined, 1], 'odd key "': { c: 'd' } },
      // biome-ignore lint/suspicious/noSparseArray: a hole is the point
      [1, , 3],
    ];
    for (const value of values) expect(json(value)).toBe(JSON.stringify(value));
  });

  it.each([
    [{ temperature: Number.NaN }, 'temperature: is NaN, which JSON cannot carry.'],
    [{ a: [1, Number.POSITIVE_INFINITY] }, 'a[1]: is Infinity, which JSON cannot carry.'],
    [{ seed: 10n }, 'seed: is a bigint, which cannot be sent.'],
    [{ on: () => 1 }, 'on: is a function, which cannot be sent.'],
    [{ tag: Symbol('x') }, 'tag: is a symbol, which cannot be sent.'],
    [{ at: new Date() }, 'at: is a Date; send plain objects, and bytes as base64 text.'],
    [{ messages: new Map() }, 'messages: is a Map; send plain objects, and bytes as base64 text.'],
    [{ image: new Uint8Array(4) }, 'image: is a Uint8Array; send plain objects, and bytes as base64 text.'],
    [{ a: JSON.parse('{"__proto__":{"polluted":1}}') }, 'a.__proto__: is not a field.'],
    [undefined, 'The request is empty.'],
    [() => 1, 'The request is a function, which cannot be sent.'],
  ])('refuses %o and names the place', (value, message) => {
    expect(() => json(value)).toThrow(expect.objectContaining({ code: 'bad-request', message }));
  });

  it('refuses a cycle and nesting without end instead of overflowing', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(() => json(cycle)).toThrow(/nested deeper than 32 levels or contains itself/);
    expect(() => json(JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`))).toThrow(/nested deeper/);
    expect(json(JSON.parse(`${'['.repeat(32)}${']'.repeat(32)}`))).toHaveLength(64);
  });

  it('refuses more than 8 MiB, in one string or in many', () => {
    const half = 'x'.repeat(maxCallSize / 2);
    expect(json(half)).toHaveLength(maxCallSize / 2 + 2);
    expect(() => json('x'.repeat(maxCallSize + 1))).toThrow(expect.objectContaining({ code: 'too-large' }));
    expect(() => json([half, half])).toThrow(expect.objectContaining({ code: 'too-large' }));
    expect(() => json({ a: half, b: half })).toThrow(expect.objectContaining({ code: 'too-large' }));
  });

  it('reads each field once, and a proxy like any other object', () => {
    let reads = 0;
    const value = {
      get model() {
        reads += 1;
        return `model ${reads}`;
      },
    };
    expect(json(value)).toBe('{"model":"model 1"}');
    expect(json(new Proxy({ messages: new Proxy([{ role: 'user' }], {}) }, {}))).toBe('{"messages":[{"role":"user"}]}');
  });

  it('hears nothing of what a page put on prototypes', () => {
    Object.assign(Object.prototype, { model: 'polluted', toJSON: () => 'polluted' });
    Object.assign(Array.prototype, { 0: 'polluted', toJSON: () => 'polluted' });
    // biome-ignore lint/suspicious/noSparseArray: a hole is the point
    expect(json({ list: [, 1], fields: {} })).toBe('{"list":[null,1],"fields":{}}');
  });

  it('passes on what a getter of the page throws', () => {
    const thrown = new TypeError('the page itself');
    const value = {
      get model() {
        throw thrown;
      },
    };
    expect(() => json(value)).toThrow(thrown);
  });
});
