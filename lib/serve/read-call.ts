import { type Call, type Envelope, maxCallSize } from '../protocol/wire.ts';

/** A call that cannot be read. `id` is there where an answer can be addressed. */
export interface Unreadable {
  type: 'unreadable';
  id?: number;
  code: 'bad-request' | 'too-large';
  message: string;
}

/** Deeper and wider than any honest request; whatever walks a request later needs no guard of its own. */
const maxDepth = 32;
const maxValues = 200_000;

const fields: Record<Call['type'], readonly string[]> = {
  call: ['type', 'id', 'method', 'params'],
  abort: ['type', 'id'],
  credit: ['type', 'id', 'size'],
};

/** A message of a content script: an envelope, `null` (keeping the background awake), or nothing we know. */
export function readEnvelope(message: unknown): Envelope | undefined {
  if (!isRecord(message) || Object.keys(message).length !== 5) return undefined;
  const { call, active, visible, clicked, embedded } = message;
  const isKnown = typeof call === 'string' && [active, visible, clicked, embedded].every((each) => typeof each === 'boolean');
  return isKnown ? (message as unknown as Envelope) : undefined;
}

/** The call in a message's text, or why there is none. Strict: a field nobody knows is refused, not ignored. */
export function readCall(text: unknown): Call | Unreadable {
  if (typeof text !== 'string') return unreadable('A message is JSON text.');
  if (text.length > maxCallSize) return { ...unreadable('The request is larger than 8 MiB.'), code: 'too-large' };
  const value = parseJson(text);
  if (!isRecord(value)) return unreadable('A message is a JSON object.');
  const { id, type } = value;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) return unreadable('A message needs an id.');
  if (typeof type !== 'string' || !Object.hasOwn(fields, type)) return unreadable('There is no message of that type.', id);
  const known = fields[type as Call['type']];
  if (Object.keys(value).some((name) => !known.includes(name))) return unreadable('The message has fields nobody knows.', id);
  if (type === 'call' && typeof value.method !== 'string') return unreadable('A call names its method.', id);
  if (type === 'credit' && !isCredit(value.size)) return unreadable('Credit is a number of characters.', id);
  const problem = problemOf(value.params);
  if (problem !== undefined) return unreadable(problem, id);
  return value as unknown as Call;
}

function unreadable(message: string, id?: number): Unreadable {
  return { type: 'unreadable', code: 'bad-request', message, ...(id !== undefined && { id }) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCredit(size: unknown): boolean {
  return typeof size === 'number' && Number.isFinite(size) && size > 0;
}

/** What is dangerous about a value whatever it means: depth, mass, and keys that reach prototypes where code is careless. */
export function problemOf(params: unknown, most = maxValues): string | undefined {
  let values = 0;
  return visit(params, 0);

  function visit(value: unknown, depth: number): string | undefined {
    values += 1;
    if (values > most) return `The request holds more than ${most} values.`;
    if (typeof value !== 'object' || value === null) return undefined;
    if (depth === maxDepth) return `The request is nested deeper than ${maxDepth} levels.`;
    // A list is as long as it says, and listing four million entries takes seconds that everybody waits.
    if (Array.isArray(value) && value.length > most) return `The request holds more than ${most} values.`;
    for (const [name, item] of Object.entries(value)) {
      if (name === '__proto__' || (name === 'constructor' && isRecord(item) && Object.hasOwn(item, 'prototype'))) {
        return `The request has a field named ${name}.`;
      }
      const problem = visit(item, depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
}
