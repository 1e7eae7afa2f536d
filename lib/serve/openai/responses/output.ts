import type { Part } from '../../../protocol/part.ts';
import { openCall } from './call-item.ts';
import { openMessage } from './message-item.ts';
import { openThought } from './reasoning-item.ts';

/** An event without its number, which comes when it is sent. */
export type Event = { type: string } & Record<string, unknown>;
export type Item = { id: string; type: string; status?: 'in_progress' | 'completed' | 'incomplete' } & Record<string, unknown>;

/** An item of the output that is being made. */
export interface OpenItem {
  item: Item;
  /** Its first events after the one that tells of the item. */
  add(part: Part): Event[] | undefined;
  /** Its last events before the one that tells it is done. */
  finish(): Event[];
}

/** The output of a response, made of parts: one item after the other, each with its events in OpenAI's order. */
export interface Output {
  items: Item[];
  of(part: Part): Event[];
  /** The last item is done, or was cut off. */
  close(status: 'completed' | 'incomplete'): Event[];
}

type Opener = (part: Part, place: number) => OpenItem | undefined;

const openers: Opener[] = [openMessage, openThought, openCall];

/** `keep` gets each item when it is done. */
export function createOutput(keep: (item: Item) => void): Output {
  const items: Item[] = [];
  let open: OpenItem | undefined;

  function close(status: 'completed' | 'incomplete'): Event[] {
    if (!open) return [];
    const { item, finish } = open;
    open = undefined;
    const last = finish();
    if (item.status) item.status = status;
    keep(item);
    return [...last, { type: 'response.output_item.done', output_index: items.length - 1, item: snapshot(item) }];
  }

  return {
    items,
    close,
    of(part) {
      const more = open?.add(part);
      if (more) return more;
      for (const begin of openers) {
        const closed = items.length;
        const next = begin(part, closed);
        if (!next) continue;
        const before = close('completed');
        items.push(next.item);
        open = next;
        return [
          ...before,
          { type: 'response.output_item.added', output_index: closed, item: snapshot(next.item) },
          ...(next.add(part) ?? []),
        ];
      }
      return [];
    },
  };
}

export function newId(prefix: string): string {
  return `${prefix}_${crypto.randomUUID().replaceAll('-', '')}`;
}

/** Items grow while their events wait to be sent. */
function snapshot(item: Item): Item {
  return structuredClone(item);
}
