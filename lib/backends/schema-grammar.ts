import { SwitchboardError } from '../protocol/errors.ts';
import type { JsonObject, JsonValue } from '../protocol/json.ts';

/**
 * A JSON schema as a GBNF grammar, for servers that hold answers to grammars alone. What matches is what the schema
 * allows, with the declared properties in their order and nothing beside them; bounds of numbers are left to the model.
 * Throws `not-supported` for patterns, and `bad-request` for references that lead nowhere.
 */
export function schemaGrammar(schema: JsonValue): string {
  const rules = new Map<string, string>(Object.entries(basics));
  const referred = new Map<string, string>();
  rules.set('root', expression(schema));
  return [...rules].map(([name, body]) => `${name} ::= ${body}`).join('\n');

  function expression(value: JsonValue): string {
    const node = asObject(value);
    if (!node || Object.keys(node).length === 0) return 'value';
    if (typeof node.$ref === 'string') return reference(node.$ref);
    if ('const' in node) return literal(node.const ?? null);
    if (Array.isArray(node.enum)) return anyOf(node.enum.map(literal));
    const choices = node.anyOf ?? node.oneOf;
    if (Array.isArray(choices)) return anyOf(choices.map(expression));
    if (Array.isArray(node.allOf)) return expression(joined(node, node.allOf));
    if (Array.isArray(node.type)) return anyOf(node.type.map((type) => expression({ ...node, type })));
    return ofType(node);
  }

  function ofType(node: JsonObject): string {
    switch (node.type ?? (node.properties ? 'object' : node.items || node.prefixItems ? 'array' : undefined)) {
      case 'object':
        return objectOf(node);
      case 'array':
        return arrayOf(node);
      case 'string':
        return stringOf(node);
      case 'number':
      case 'integer':
      case 'boolean':
      case 'null':
        return String(node.type);
      default:
        return 'value';
    }
  }

  /** Each property brings the comma before it, except the first that is written. */
  function objectOf({ properties, required, additionalProperties }: JsonObject): string {
    const members = Object.entries(asObject(properties) ?? {});
    if (members.length === 0) {
      const others = additionalProperties === undefined || additionalProperties === true ? 'value' : undefined;
      if (additionalProperties === false) return '"{" ws "}"';
      return `"{" ws ${list(`string ":" ws ${others ?? expression(additionalProperties ?? {})}`, 0)} "}"`;
    }
    const needed = new Set(Array.isArray(required) ? required : []);
    const pairs = members.map(([name, value]) => ({
      pair: named(`${literal(name)} ":" ws ${expression(value)}`),
      isNeeded: needed.has(name),
    }));
    let rest = '""';
    let start = '""';
    for (const { pair, isNeeded } of pairs.reverse()) {
      start = isNeeded ? `${pair} ws ${rest}` : anyOf([`${pair} ws ${rest}`, start]);
      rest = named(isNeeded ? `"," ws ${pair} ws ${rest}` : `("," ws ${pair} ws)? ${rest}`);
    }
    return `"{" ws ${start} "}"`;
  }

  function arrayOf({ items, prefixItems, minItems, maxItems }: JsonObject): string {
    if (Array.isArray(prefixItems)) return `"[" ws ${prefixItems.map(expression).join(' ws "," ws ')} ws "]"`;
    return `"[" ws ${list(named(expression(items ?? {})), Number(minItems ?? 0), maxItems === undefined ? undefined : Number(maxItems))} "]"`;
  }

  function stringOf({ pattern, minLength, maxLength }: JsonObject): string {
    if (pattern !== undefined)
      throw new SwitchboardError('not-supported', "The user's model server cannot hold the texts of an answer to a pattern.");
    if (minLength === undefined && maxLength === undefined) return 'string';
    return `"\\"" ${repeated('char', '', Number(minLength ?? 0), maxLength === undefined ? undefined : Number(maxLength))} "\\""`;
  }

  function list(item: string, least: number, most?: number): string {
    return repeated(named(`${item} ws`), '"," ws ', least, most);
  }

  /** A name for an expression that is used more than once. */
  function named(body: string): string {
    if (/^[\w-]+$/.test(body)) return body;
    const name = `r${rules.size}`;
    rules.set(name, body);
    return name;
  }

  /** The name is known before the rule is made, because schemas may refer to themselves. */
  function reference(path: string): string {
    const known = referred.get(path);
    if (known) return known;
    const name = `ref${referred.size}`;
    referred.set(path, name);
    rules.set(name, expression(target(schema, path)));
    return name;
  }
}

/** Only `*`, `+` and `?` repeat: counts in braces are too new for some of these servers. */
function repeated(item: string, separator: string, least: number, most?: number): string {
  const first = least === 0 ? '' : [item, ...Array.from({ length: Math.min(least, longest) - 1 }, () => `${separator}${item}`)].join(' ');
  const next = least === 0 ? item : `${separator}${item}`;
  if (most === undefined) return least === 0 ? `(${item} (${separator}${item})*)?` : `${first} (${separator}${item})*`;
  const optional = Math.min(Math.max(most - least, 0), longest);
  let rest = '';
  for (let count = optional; count > 0; count--) rest = `(${count === 1 ? next : `${separator}${item}`}${rest && ` ${rest}`})?`;
  return `${first} ${rest}`.trim() || '""';
}

function anyOf(options: string[]): string {
  return options.length === 1 ? (options[0] ?? 'value') : `(${options.join(' | ')})`;
}

/** JSON text as a terminal. */
function literal(value: JsonValue): string {
  return `"${JSON.stringify(value).replace(/[\\"]/g, (character) => `\\${character}`)}"`;
}

function joined(node: JsonObject, parts: JsonValue[]): JsonObject {
  const { allOf: _, ...whole } = node;
  for (const part of parts.map((each) => asObject(each) ?? {})) {
    whole.properties = { ...asObject(whole.properties), ...asObject(part.properties) };
    whole.required = [...listOf(whole.required), ...listOf(part.required)];
    for (const [name, value] of Object.entries(part)) whole[name] ??= value;
  }
  return whole;
}

function target(schema: JsonValue, path: string): JsonValue {
  let node: JsonValue | undefined = schema;
  for (const step of path.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    node = asObject(node)?.[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  if (!path.startsWith('#') || node === undefined)
    throw new SwitchboardError('bad-request', 'The JSON schema refers to a part that it does not have.');
  return node;
}

function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

function listOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

const longest = 64;

/** One space or line break may stand between the parts of a value. */
const basics = {
  ws: '[ \\n]?',
  char: '[^"\\\\\\x00-\\x1F] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F])',
  string: '"\\"" char* "\\""',
  integer: '"-"? ("0" | [1-9] [0-9]*)',
  number: 'integer ("." [0-9]+)? ([eE] [-+]? [0-9]+)?',
  boolean: '"true" | "false"',
  null: '"null"',
  value: 'string | number | boolean | null | object | array',
  object: '"{" ws (string ":" ws value ws ("," ws string ":" ws value ws)*)? "}"',
  array: '"[" ws (value ws ("," ws value ws)*)? "]"',
};
