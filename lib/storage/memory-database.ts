import type { Database, StoreOf } from './database.ts';

/** The same promises as the real one, without a disk: rows are copied in and out. */
export function createMemoryDatabase<Rows extends object>(): Database<Rows> {
  const stores = new Map<string, Map<string, unknown>>();

  function rowsOf<Store extends StoreOf<Rows>>(store: Store): Map<string, Rows[Store]> {
    const rows = stores.get(store) ?? new Map<string, unknown>();
    stores.set(store, rows);
    return rows as Map<string, Rows[Store]>;
  }

  return {
    async get(store, key) {
      return structuredClone(rowsOf(store).get(key));
    },
    async count(store) {
      return rowsOf(store).size;
    },
    async list(store, { prefix = '', after = '', before = '\uffff', limit = Number.POSITIVE_INFINITY, isDescending = false } = {}) {
      const keys = [...rowsOf(store).keys()].filter((key) => key.startsWith(prefix) && key > after && key < before).sort();
      if (isDescending) keys.reverse();
      return keys.slice(0, limit).map((key) => [key, structuredClone(rowsOf(store).get(key) as Rows[typeof store])]);
    },
    async write(changes) {
      const copies = structuredClone(changes);
      for (const { store, key, row } of copies) {
        if (row === undefined) rowsOf(store).delete(key);
        else rowsOf(store).set(key, row);
      }
    },
  };
}
