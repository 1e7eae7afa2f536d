import { Validator } from '@cfworker/json-schema';
import type { JsonObject, JsonValue } from '../../../protocol/json.ts';
import { createJsonScanner } from './json-scanner.ts';

/**
 * Whether a JSON text that the schema allows can begin so. Certain about syntax, the type of the whole, and the members
 * of an object that are complete; what else the schema asks shows at the end.
 */
export function canBegin(beginning: string, schema: JsonObject | boolean): boolean {
  if (!createJsonScanner().feed(beginning)) return false;
  if (schema === false) return false;
  const start = beginning.trimStart();
  if (schema === true || start === '') return true;
  const allowed = schema.type === undefined ? undefined : [schema.type].flat();
  if (allowed && !allowed.some((type) => startsAs(start, String(type)))) return false;
  return !start.startsWith('{') || membersOf(start).every(([name, value]) => allows(schema, name, value));
}

function startsAs(start: string, type: string): boolean {
  switch (type) {
    case 'object':
      return start.startsWith('{');
    case 'array':
      return start.startsWith('[');
    case 'string':
      return start.startsWith('"');
    case 'boolean':
      return /^[tf]/.test(start);
    case 'null':
      return start.startsWith('n');
    default:
      return /^[-\d]/.test(start);
  }
}

function allows({ properties, patternProperties, additionalProperties }: JsonObject, name: string, value: JsonValue | undefined): boolean {
  const own = (properties as JsonObject | undefined)?.[name];
  const isMatched = Object.keys((patternProperties as JsonObject | undefined) ?? {}).some((pattern) => new RegExp(pattern, 'u').test(name));
  const schema = own ?? (isMatched ? true : (additionalProperties ?? true));
  if (schema === false) return false;
  // A reference needs the whole schema around it, which is there at the end.
  if (value === undefined || schema === true || JSON.stringify(schema).includes('$ref')) return true;
  return new Validator(schema as JsonObject, '2020-12').validate(value).valid;
}

/** Names of the first level, with those values that are complete. */
function membersOf(text: string): [string, JsonValue | undefined][] {
  const members: [string, JsonValue | undefined][] = [];
  const member = /\s*("(?:[^"\\]|\\.)*")\s*(?::\s*)?/y;
  member.lastIndex = 1;
  for (let found = member.exec(text); found; found = member.exec(text)) {
    const name = JSON.parse(found[1] as string) as string;
    const end = valueEnd(text, member.lastIndex);
    members.push([name, end === undefined ? undefined : (JSON.parse(text.slice(member.lastIndex, end)) as JsonValue)]);
    if (end === undefined || text[end] !== ',') break;
    member.lastIndex = end + 1;
  }
  return members;
}

/** Where the value ends that begins there: at a comma or bracket of the level of the object. */
function valueEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let isString = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at] as string;
    if (isString) {
      if (character === '\\') at += 1;
      else if (character === '"') isString = false;
    } else if (character === '"') isString = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (depth === 0 && (character === ',' || character === '}')) return at;
    else if (character === '}' || character === ']') depth -= 1;
  }
  return undefined;
}
