import type { JsonObject, JsonValue } from '../../../protocol/json.ts';
import { PromptFailure } from '../failure.ts';

const types = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
/** Keywords whose values are schemas, lists of schemas, or schemas by name. */
const single = [
  'items',
  'additionalItems',
  'additionalProperties',
  'unevaluatedItems',
  'unevaluatedProperties',
  'contains',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
];
const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const named = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];

/** Refuses what is no JSON schema, or one that points outside itself, with NotSupportedError. */
export function checkSchema(schema: JsonValue, root: JsonValue = schema): asserts schema is JsonObject | boolean {
  if (typeof schema === 'boolean') return;
  if (!isObject(schema)) refuse('A JSON schema is an object.');
  const { type, pattern, enum: values, required, $ref } = schema;
  for (const name of Array.isArray(type) ? type : type === undefined ? [] : [type]) {
    if (typeof name !== 'string' || !types.has(name)) refuse('The JSON schema names a type that does not exist.');
  }
  if (values !== undefined && !Array.isArray(values)) refuse('An enum of the JSON schema is no list.');
  if (required !== undefined && !(Array.isArray(required) && required.every((name) => typeof name === 'string'))) {
    refuse('What the JSON schema requires is no list of names.');
  }
  if (pattern !== undefined) checkPattern(pattern);
  if ($ref !== undefined) checkReference($ref, root);
  for (const keyword of single) {
    const value = schema[keyword];
    // The older form of prefixItems.
    if (keyword === 'items' && Array.isArray(value)) for (const each of value) checkSchema(each, root);
    else if (value !== undefined) checkSchema(value, root);
  }
  for (const keyword of lists) {
    const value = schema[keyword];
    if (value === undefined) continue;
    if (!Array.isArray(value)) refuse(`${keyword} of the JSON schema is no list.`);
    for (const each of value) checkSchema(each, root);
  }
  for (const keyword of named) {
    const value = schema[keyword];
    if (value === undefined) continue;
    if (!isObject(value)) refuse(`${keyword} of the JSON schema is no object.`);
    for (const each of Object.values(value)) checkSchema(each, root);
  }
}

function checkPattern(pattern: JsonValue): void {
  try {
    new RegExp(String(pattern), 'u');
  } catch {
    refuse('A pattern of the JSON schema is no regular expression.');
  }
}

function checkReference(reference: JsonValue, root: JsonValue): void {
  if (typeof reference !== 'string' || !/^#(\/|$)/.test(reference)) {
    // An anchor is found by the validator; another document would have to be loaded.
    if (typeof reference === 'string' && reference.startsWith('#')) return;
    refuse('The JSON schema points to another document.');
  }
  let found: JsonValue | undefined = root;
  for (const step of reference.slice(1).split('/').filter(Boolean)) {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    found = Array.isArray(found) ? found[Number(name)] : isObject(found) ? found[name] : undefined;
  }
  if (found === undefined) refuse('The JSON schema points to a part that it does not have.');
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(message: string): never {
  throw new PromptFailure('NotSupportedError', message);
}
