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
    else if (kept.has(key)) result[key] = value;
    else if (key !== 'additionalProperties') refused.push(`${key}: ${JSON.stringify(value)}`);
  }
  if (schema.type === 'object' || isObject(schema.properties)) result.additionalProperties = false;
  if (refused.length > 0) result.description = [schema.description, `(${refused.join(', ')})`].filter(Boolean).join(' ');
  return result;
}

const kept = new Set(['$ref', '$schema', 'type', 'required', 'description', 'title', 'default', 'enum', 'const']);
const maps = new Set(['properties', '$defs', 'definitions']);
const lists = new Set(['anyOf', 'oneOf', 'allOf']);

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
