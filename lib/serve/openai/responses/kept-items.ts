import type { Item } from './output.ts';

/** Characters that the items of all askers together may take; the oldest go first. */
const room = 2_000_000;

/**
 * What answers were made of, by who asked: the AI SDK names an item it got instead of sending it again, as OpenAI keeps
 * them. Here they are in memory alone, and a client that comes after the background has slept has to send them.
 */
const kept = new Map<string, string>();
let taken = 0;

export function keepItem(asker: string, item: Item): void {
  const json = JSON.stringify(item);
  kept.set(nameOf(asker, item.id), json);
  taken += json.length;
  for (const [name, oldest] of kept) {
    if (taken <= room) break;
    kept.delete(name);
    taken -= oldest.length;
  }
}

/** The input with the items it names in their places. A name that nobody knows stays, to be refused. */
export function withKeptItems(input: unknown, asker: string): unknown {
  if (!Array.isArray(input)) return input;
  return input.map((item: unknown) => {
    const { type, id } = (typeof item === 'object' && item !== null ? item : {}) as { type?: unknown; id?: unknown };
    const json = type === 'item_reference' && typeof id === 'string' ? kept.get(nameOf(asker, id)) : undefined;
    return json === undefined ? item : (JSON.parse(json) as Item);
  });
}

function nameOf(asker: string, id: string): string {
  return `${asker} ${id}`;
}
