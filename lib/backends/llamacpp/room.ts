import type { Room } from '../backend.ts';
import { isObject } from '../openai-shaped/wire.ts';

/** GET /slots tells which slots are at work, unless the server was started with `--no-slots`; /props how many there are. */
export function roomOf(slots: unknown, props: Record<string, unknown>): Room {
  if (Array.isArray(slots))
    return { total: slots.length, busy: slots.filter((slot) => isObject(slot) && slot.is_processing === true).length };
  return typeof props.total_slots === 'number' ? { total: props.total_slots } : {};
}
