import type { JsonValue } from '../../protocol/json.ts';

/** JSON as Python's `json.dumps` writes it: blanks behind `:` and `,`, and nothing but ASCII. */
export function pythonJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return asciiJson(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `${asciiJson(key)}: ${pythonJson(member)}`)
    .join(', ')}}`;
}

function asciiJson(value: JsonValue): string {
  return JSON.stringify(value).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
