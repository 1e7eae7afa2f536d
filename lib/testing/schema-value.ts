import type { JsonObject, JsonValue } from '../protocol/json.ts';
import { matchingText } from './pattern-value.ts';

/** A value that the JSON schema allows, always the same for the same schema. Knows the keywords that model APIs take. */
export function conformingValue(schema: JsonValue): JsonValue {
  return valueFor(schema, schema, 0);
}

/** Recursive schemas stop offering optional properties and items below this depth. */
const maxDepth = 4;

function valueFor(schema: JsonValue, root: JsonValue, depth: number): JsonValue {
  if (!isObject(schema)) return {};
  if (depth > 64) throw new Error('The schema asks for a value without end.');
  if (typeof schema.$ref === 'string') return valueFor(lookUp(schema.$ref, root), root, depth + 1);
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0] ?? null;
  const choice = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choice)) return valueFor(merge([{ ...schema, anyOf: [], oneOf: [] }, simplest(choice, depth)]), root, depth + 1);
  if (Array.isArray(schema.allOf) && schema.allOf.length > 0) {
    const parts = schema.allOf.map((part) => (isObject(part) && typeof part.$ref === 'string' ? lookUp(part.$ref, root) : part));
    return valueFor(merge([{ ...schema, allOf: [] }, ...parts]), root, depth + 1);
  }
  switch (typeOf(schema)) {
    case 'object':
      return objectValue(schema, root, depth);
    case 'array':
      return arrayValue(schema, root, depth);
    case 'integer':
    case 'number':
      return numberValue(schema);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return stringValue(schema);
  }
}

function typeOf(schema: JsonObject): JsonValue | undefined {
  const named = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (named !== undefined) return named;
  if (schema.properties !== undefined || schema.required !== undefined) return 'object';
  if (schema.items !== undefined || schema.prefixItems !== undefined) return 'array';
  if (schema.minimum !== undefined || schema.maximum !== undefined || schema.multipleOf !== undefined) return 'number';
  return 'string';
}

function objectValue(schema: JsonObject, root: JsonValue, depth: number): JsonObject {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const names = depth > maxDepth ? required : [...new Set([...Object.keys(properties), ...required])];
  return Object.fromEntries(names.map((name) => [name, valueFor(properties[name] ?? true, root, depth + 1)]));
}

function arrayValue(schema: JsonObject, root: JsonValue, depth: number): JsonValue[] {
  const fixed = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  const least = typeof schema.minItems === 'number' ? schema.minItems : 0;
  const most = typeof schema.maxItems === 'number' ? schema.maxItems : Number.POSITIVE_INFINITY;
  const length = Math.min(Math.max(least, fixed.length, depth > maxDepth ? 0 : 1), most);
  return Array.from({ length }, (_, index) => valueFor(fixed[index] ?? schema.items ?? {}, root, depth + 1));
}

function numberValue(schema: JsonObject): number {
  const step = typeof schema.multipleOf === 'number' ? schema.multipleOf : 1;
  const least = bound(schema.minimum) ?? after(schema.exclusiveMinimum, step);
  const most = bound(schema.maximum) ?? after(schema.exclusiveMaximum, -step);
  if (least === undefined) return Math.min(0, most === undefined ? 0 : Math.floor(most / step) * step);
  const rounded = Math.ceil(least / step) * step;
  return most !== undefined && rounded > most ? (least + most) / 2 : rounded;
}

function bound(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function after(value: JsonValue | undefined, step: number): number | undefined {
  return typeof value === 'number' ? value + step : undefined;
}

const formats: Record<string, string> = {
  date: '2026-01-01',
  time: '12:00:00Z',
  'date-time': '2026-01-01T12:00:00Z',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
  ipv4: '192.0.2.1',
  hostname: 'example.com',
};

function stringValue(schema: JsonObject): string {
  if (typeof schema.pattern === 'string') return matchingText(schema.pattern, 'u');
  if (typeof schema.format === 'string' && formats[schema.format] !== undefined) return formats[schema.format] ?? '';
  const least = typeof schema.minLength === 'number' ? schema.minLength : 0;
  const most = typeof schema.maxLength === 'number' ? schema.maxLength : Number.POSITIVE_INFINITY;
  return 'text'.repeat(Math.max(1, Math.ceil(least / 4))).slice(0, Math.max(least, Math.min(4, most)));
}

/** Deep inside a recursive schema the branch that ends: one without a reference. */
function simplest(choices: JsonValue[], depth: number): JsonValue {
  const flat = choices.find((choice) => !JSON.stringify(choice).includes('"$ref"'));
  return (depth > maxDepth ? flat : undefined) ?? choices[0] ?? {};
}

function merge(parts: JsonValue[]): JsonObject {
  const merged: JsonObject = {};
  for (const part of parts.filter(isObject)) {
    for (const [key, value] of Object.entries(part)) {
      const before = merged[key];
      if ((key === 'anyOf' || key === 'oneOf' || key === 'allOf') && Array.isArray(value) && value.length === 0) continue;
      if (key === 'properties' && isObject(before) && isObject(value)) merged[key] = { ...before, ...value };
      else if (key === 'required' && Array.isArray(before) && Array.isArray(value)) merged[key] = [...before, ...value];
      else merged[key] = value;
    }
  }
  return merged;
}

function lookUp(reference: string, root: JsonValue): JsonValue {
  const names = reference.replace(/^#\/?/, '').split('/').filter(Boolean);
  let found: JsonValue | undefined = root;
  for (const name of names) {
    const key = decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~');
    found = isObject(found) ? found[key] : undefined;
  }
  if (found === undefined) throw new Error(`The schema refers to ${reference}, which is not in it.`);
  return found;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
