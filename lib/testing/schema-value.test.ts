import { Validator } from '@cfworker/json-schema';
import { expect, it } from 'vitest';
import type { JsonObject } from '../protocol/json.ts';
import { conformingValue } from './schema-value.ts';

const schemas: Record<string, JsonObject> = {
  'an object with required and optional properties': {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 6 },
      age: { type: 'integer', minimum: 18, maximum: 20 },
      tags: { type: 'array', items: { type: 'string' }, minItems: 2 },
    },
    required: ['name'],
    additionalProperties: false,
  },
  'an enumeration': { enum: ['red', 'green'] },
  'a constant': { const: { a: [1, null] } },
  'a number between open bounds': { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
  'an integer below zero': { type: 'integer', maximum: -3 },
  'a multiple': { type: 'integer', minimum: 10, multipleOf: 7 },
  'a pattern': { type: 'string', pattern: '^[A-Z]{2}-\\d{3}$' },
  'a format': { type: 'string', format: 'date-time' },
  'the first of several': { anyOf: [{ type: 'null' }, { type: 'string' }] },
  'one of': { oneOf: [{ type: 'object', properties: { kind: { const: 'a' } }, required: ['kind'] }, { type: 'string' }] },
  'all of': {
    allOf: [
      { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
      { properties: { b: { type: 'boolean' } }, required: ['b'] },
    ],
  },
  'a reference': {
    type: 'object',
    properties: { who: { $ref: '#/$defs/person' } },
    required: ['who'],
    $defs: { person: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
  },
  'a recursive reference': {
    $ref: '#/$defs/tree',
    $defs: {
      tree: {
        type: 'object',
        properties: { value: { type: 'number' }, children: { type: 'array', items: { $ref: '#/$defs/tree' } } },
        required: ['value'],
      },
    },
  },
  'a tuple': { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], minItems: 2, maxItems: 2 },
  'several types': { type: ['integer', 'null'] },
  'no type, with properties': { properties: { ok: { type: 'boolean' } }, required: ['ok'] },
};

for (const [name, schema] of Object.entries(schemas)) {
  it(`finds a value for ${name}`, () => {
    const value = conformingValue(schema);
    expect(new Validator(schema, '2020-12').validate(value).errors).toEqual([]);
  });
}

it('says so when a reference leads nowhere', () => {
  expect(() => conformingValue({ $ref: '#/$defs/missing' })).toThrow('#/$defs/missing');
});
