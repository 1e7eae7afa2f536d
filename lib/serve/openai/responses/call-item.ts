import { SwitchboardError } from '../../../protocol/errors.ts';
import type { Part } from '../../../protocol/part.ts';
import { type Item, newId, type OpenItem } from './output.ts';

/** A call of a function. */
export function openCall(first: Part, place: number): OpenItem | undefined {
  if (first.type !== 'tool-call') return undefined;
  // An item that is done cannot go on.
  if (first.id === undefined && first.name === undefined)
    throw new SwitchboardError('bad-response', "The model's server mixed up the calls of its answer.");
  const { index, name = '', opaque } = first;
  const id = newId('fc');
  const item: Item = {
    id,
    type: 'function_call',
    status: 'in_progress',
    call_id: first.id ?? newId('call'),
    name,
    arguments: '',
    ...(opaque && { extra_content: opaque }),
  };
  const at = { item_id: id, output_index: place };
  let json = '';

  return {
    item,
    add(part) {
      if (part.type !== 'tool-call' || part.index !== index) return undefined;
      if (part.arguments === '') return [];
      json += part.arguments;
      return [{ type: 'response.function_call_arguments.delta', ...at, delta: part.arguments }];
    },
    finish() {
      item.arguments = json;
      return [{ type: 'response.function_call_arguments.done', ...at, name, arguments: json }];
    },
  };
}
