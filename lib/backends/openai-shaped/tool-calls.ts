import { SwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import { isObject } from './wire.ts';

export interface ToolCalls {
  /** Reads the `tool_calls` of a delta or message and adds their parts. */
  read(toolCalls: unknown, out: Part[]): void;
  /** How many calls have begun. */
  readonly count: number;
}

/**
 * Puts fragments of tool calls together. Servers number calls by index, repeat id and name on every fragment or send
 * them once, send whole calls without index, or use index 0 for all of them; ours are numbered in order of appearance.
 */
export function createToolCalls(host: string): ToolCalls {
  const calls: { wireIndex: number | undefined; id: string | undefined }[] = [];
  /** What came of a call before its name: some gateways send the id first. */
  let nameless: { wireIndex: number | undefined; id: string; args: string } | undefined;

  function read(toolCalls: unknown, out: Part[]): void {
    if (!Array.isArray(toolCalls)) return;
    for (const fragment of toolCalls) if (isObject(fragment)) readOne(fragment, out);
  }

  function readOne(fragment: Record<string, unknown>, out: Part[]): void {
    const called = isObject(fragment.function) ? fragment.function : {};
    const wireIndex = indexOf(fragment.index);
    const id = nonEmpty(fragment.id);
    const name = nonEmpty(called.name);
    const args = argumentsOf(called.arguments);
    const index = find(wireIndex, id, name);
    if (index !== undefined) {
      if (args !== '') out.push({ type: 'tool-call', index, arguments: args });
      return;
    }
    const begun = nameless && nameless.wireIndex === wireIndex && (id === undefined || id === nameless.id) ? nameless : undefined;
    if (name === undefined) {
      const known = begun?.id ?? id ?? fail('sent a piece of a tool call that never began');
      nameless = { wireIndex, id: known, args: (begun?.args ?? '') + args };
      return;
    }
    if (begun) nameless = undefined;
    begin(wireIndex, begun?.id ?? id, name, (begun?.args ?? '') + args, out);
  }

  function begin(wireIndex: number | undefined, id: string | undefined, name: string, args: string, out: Part[]): void {
    if (calls.length >= maxCalls) fail(`asked for more than ${maxCalls} tools at once`);
    calls.push({ wireIndex, id });
    out.push({ type: 'tool-call', index: calls.length - 1, id: id ?? `call_${calls.length - 1}`, name, arguments: args });
  }

  /** The call a fragment continues. An id decides; without one the index does; with neither, a new name begins a new call. */
  function find(wireIndex: number | undefined, id: string | undefined, name: string | undefined): number | undefined {
    const at = wireIndex === undefined ? calls.length - 1 : calls.findLastIndex((call) => call.wireIndex === wireIndex);
    if (at < 0) return undefined;
    if (id !== undefined && name !== undefined) return calls[at]?.id === id ? at : undefined;
    return wireIndex === undefined && name !== undefined ? undefined : at;
  }

  /** A number out of a hostile or broken stream must never become the length of an array. */
  function indexOf(index: unknown): number | undefined {
    if (index === undefined || index === null) return undefined;
    if (typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < maxIndex) return index;
    return fail('numbered a tool call in a way that makes no sense');
  }

  function fail(what: string): never {
    throw new SwitchboardError('bad-response', `${host} ${what}.`);
  }

  return {
    read,
    get count() {
      return calls.length;
    },
  };
}

const maxCalls = 128;
const maxIndex = 1024;

/** OpenAI sends JSON text in pieces; others the whole object. */
function argumentsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
