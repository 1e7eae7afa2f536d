import { parse } from '../protocol/parse.ts';
import { createItem } from '../storage/item.ts';
import type { Connection } from './connection.ts';
import { parseConnection, type Settings, settingsSchema } from './schema.ts';

/** Connections and defaults are one value, so that every change of them is one `set`. */
export const settings = createItem<Settings>({
  area: 'local',
  key: 'connections',
  fallback: { connections: [] },
  parse: (stored) => parse(settingsSchema, stored, 'Connections'),
  hasCopy: true,
});

/** The connections this version can read. The same list, by identity, until something changes. */
export function connectionsOf(value: Settings): Connection[] {
  const known = readable.get(value);
  if (known) return known;
  const connections = value.connections.flatMap((stored) => {
    try {
      return [parseConnection(stored)];
    } catch {
      return [];
    }
  });
  readable.set(value, connections);
  return connections;
}

const readable = new WeakMap<Settings, Connection[]>();
