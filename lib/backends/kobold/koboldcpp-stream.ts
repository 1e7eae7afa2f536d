import { SwitchboardError } from '../../protocol/errors.ts';
import type { EndReason, Part } from '../../protocol/part.ts';
import type { HttpResponse } from '../backend.ts';
import { byName } from '../by-name.ts';
import { eventParts } from '../event-parts.ts';
import { isObject } from '../openai-shaped/wire.ts';

/**
 * The parts of KoboldCpp's own event stream: `{"token": …, "finish_reason": …}`, where the unfinished value is null or,
 * before 1.86, the text "null", and the last text may share an event with the end (before 1.96).
 */
export function koboldCppParts(response: HttpResponse, host: string): AsyncGenerator<Part[], void> {
  return eventParts<KoboldEvent>(response, { read: ({ token, finish_reason: finish }) => partsOf(token, finish, host), whole }, host);

  /** What sits in front of it may collect the stream, and then this is its shape. */
  function whole({ results }: { results?: unknown }): Part[] {
    const first: unknown = Array.isArray(results) ? results[0] : undefined;
    return isObject(first) ? partsOf(first.text, first.finish_reason ?? 'other', host) : [];
  }
}

interface KoboldEvent {
  token?: unknown;
  finish_reason?: unknown;
}

function partsOf(token: unknown, finish: unknown, host: string): Part[] {
  if (finish === 'error') throw new SwitchboardError('backend-error', `KoboldCpp at ${host} could not generate. Its window says why.`);
  const parts: Part[] = typeof token === 'string' && token !== '' ? [{ type: 'text', text: token }] : [];
  if (typeof finish === 'string' && finish !== 'null') parts.push({ type: 'end', reason: reasons[finish] ?? 'other' });
  return parts;
}

const reasons = byName<EndReason>({ stop: 'stop', length: 'length', tool_calls: 'tool-calls' });
