import type { JsonObject, JsonValue } from '../../protocol/json.ts';

/**
 * A JSON schema as `output_config.format` takes it: objects closed, and constraints it refuses (lengths, ranges,
 * patterns) moved into the description, where the model at least reads them.
 */
export function claudeSchema(schema: JsonValue): JsonValue {
  if (!isObject(schema)) return schema;
  const result: JsonObject = {};
  const refused: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (maps.has(key) && isObject(value))
      result[key] = Object.fromEntries(Object.entries(value).map(([name, sub]) => [name, claudeSchema(sub)]));
    else if (key === 'items') result[key] = claudeSchema(value);
    else if (Array.isArray(value) && lists.has(key)) result[key === 'oneOf' ? 'anyOf' : key] = value.map(claudeSchema);
    else if (kept.has(key) || (key === 'format' && formats.has(String(value)))) result[key] = value;
    else if (key !== 'additionalProperties') refused.push(`${key}: ${JSON.stringify(value)}`);
  }
  if (schema.type === 'object' || isObject(schema.properties)) result.additionalProperties = false;
  if (refused.length > 0) result.description = [schema.description, `(${refused.join(', ')})`].filter(Boolean).join(' ');
  return result;
}

/**
 * The format can say all that the schema does: it knows no objects with free names, which it would close to `{}`, no
 * schema that holds itself, and gives up on one with many properties that may be missing.
 */
export function fitsFormat(schema: JsonValue): boolean {
  if (!isObject(schema)) return false;
  let optional = 0;
  let seen = 0;
  const open: JsonObject[] = [];
  const check = (value: JsonValue | undefined): boolean => {
    if (Array.isArray(value)) return value.every(check);
    if (!isObject(value)) return true;
    // References can fold a schema without end into a few lines.
    if (open.includes(value) || isOpen(value) || ++seen > mostParts) return false;
    open.push(value);
    const required = new Set(Array.isArray(value.required) ? value.required : []);
    if (isObject(value.properties)) optional += Object.keys(value.properties).filter((name) => !required.has(name)).length;
    const target = typeof value.$ref === 'string' ? targetOf(schema, value.$ref) : undefined;
    const inner = [...parts.map((key) => value[key]), ...(isObject(value.properties) ? Object.values(value.properties) : []), target];
    const fits = inner.every(check);
    open.pop();
    return fits;
  };
  return check(schema) && optional <= mostOptional;
}

/** From 13 on the service takes too long to prepare. */
const mostOptional = 10;
const mostParts = 1000;

const parts = ['items', 'anyOf', 'oneOf', 'allOf', 'prefixItems'];

/** An object whose names are not all told. */
function isOpen({ type, properties, additionalProperties, patternProperties }: JsonObject): boolean {
  const isMap = patternProperties !== undefined || additionalProperties === true || isObject(additionalProperties);
  return isMap || (type === 'object' && (!isObject(properties) || Object.keys(properties).length === 0) && additionalProperties !== false);
}

function targetOf(root: JsonObject, reference: string): JsonValue | undefined {
  const path = reference.replace(/^#\/?/, '').split('/').filter(Boolean);
  return path.reduce<JsonValue | undefined>((at, name) => (isObject(at) ? at[name] : undefined), root);
}

const kept = new Set(['$ref', '$schema', 'type', 'required', 'description', 'title', 'default', 'enum', 'const']);
const formats = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid']);
const maps = new Set(['properties', '$defs', 'definitions']);
const lists = new Set(['anyOf', 'oneOf', 'allOf']);

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
