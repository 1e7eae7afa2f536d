import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { ofNamed } from './of-named.ts';

const whole = z.strictObject({
  a: z.string(),
  b: z.optional(z.number()),
  c: z.optional(z.never('is refused')),
  d: z.nullish(z.string()),
  e: z.optional(z.object({ deep: z.number() })),
});

describe('the schema of the fields that a value names', () => {
  const values: unknown[] = [
    { a: '1' },
    { a: '1', b: 2 },
    { b: 2, a: '1', d: null },
    {},
    { b: 2 },
    { a: 1 },
    { a: '1', b: '2', e: {} },
    { a: '1', c: undefined },
    { a: '1', c: 0 },
    { a: '1', f: 0 },
    { 'a,b': 0 },
    { 'a,b': 0, a: '1' },
    JSON.parse('{"a":"1","__proto__":{"b":"2"}}'),
    [],
    null,
    'a',
  ];

  it('reads each as the whole one does, also a second time', () => {
    const schemaOf = ofNamed(whole);
    for (const value of [...values, ...values]) {
      const { success, data, error } = schemaOf(value).safeParse(value);
      const expected = whole.safeParse(value);
      expect({ success, data, issues: error?.issues }).toEqual({
        success: expected.success,
        data: expected.data,
        issues: expected.error?.issues,
      });
    }
  });

  it('is smaller, and the same for the same fields', () => {
    const schemaOf = ofNamed(whole);
    expect(Object.keys(schemaOf({ d: 'x' }).def.shape)).toEqual(['a', 'd']);
    expect(schemaOf({ d: 'y' })).toBe(schemaOf({ d: 'x' }));
  });

  it('is the whole one for who names other fields each time', () => {
    const fields = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`f${index}`, z.optional(z.string())]));
    const wide = z.strictObject(fields);
    const schemaOf = ofNamed(wide);
    for (const name of Object.keys(fields)) schemaOf({ [name]: '' });
    expect(schemaOf({ f0: '' })).not.toBe(wide);
    expect(schemaOf({ f199: '' })).toBe(wide);
  });
});
