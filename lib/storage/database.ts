import { type IDBPDatabase, openDB } from 'idb';
import { SwitchboardError } from '../protocol/errors.ts';
import { inGroups } from './in-groups.ts';
import { createMemoryDatabase } from './memory-database.ts';

/** Rows by text key in named stores; content scripts cannot reach them in either browser. */
export interface Database<Rows extends object> {
  get<Store extends StoreOf<Rows>>(store: Store, key: string): Promise<Rows[Store] | undefined>;
  /** In the order of the keys. */
  list<Store extends StoreOf<Rows>>(store: Store, query?: Query): Promise<[key: string, row: Rows[Store]][]>;
  count(store: StoreOf<Rows>): Promise<number>;
  /** All of them or none. */
  write(changes: Change<Rows>[]): Promise<void>;
}

export type StoreOf<Rows> = keyof Rows & string;

export interface Query {
  /** Only keys that start so. */
  prefix?: string;
  /** Only keys behind that one, and before that one. */
  after?: string;
  before?: string;
  limit?: number;
  /** From the last key to the first. */
  isDescending?: boolean;
}

/** Without a row, the key is deleted. */
export type Change<Rows extends object> = { [Store in StoreOf<Rows>]: { store: Store; key: string; row?: Rows[Store] } }[StoreOf<Rows>];

/** Opened at first use. Where there is no IndexedDB at all, rows live in memory. */
export function openDatabase<Rows extends object>(name: string, stores: StoreOf<Rows>[]): Database<Rows> {
  if (typeof indexedDB === 'undefined') return createMemoryDatabase<Rows>();
  let opened: Promise<IDBPDatabase> | undefined;

  function open(): Promise<IDBPDatabase> {
    opened ??= openDB(name, 1, {
      upgrade(database) {
        for (const store of stores) database.createObjectStore(store);
      },
      // Both: whoever waits for us, or the browser itself, gets the database at once, and the next use opens it again.
      blocking: (_current, _blocked, event) => {
        (event.target as IDBDatabase).close();
        opened = undefined;
      },
      terminated: () => {
        opened = undefined;
      },
    }).catch((cause: unknown) => {
      opened = undefined;
      throw new SwitchboardError(
        'internal',
        `The browser could not open Switchboard's data (${name}). Restart the browser; if it stays, free some disk space.`,
        { cause },
      );
    });
    return opened;
  }

  async function commit(changes: Change<Rows>[]): Promise<void> {
    const database = await open();
    const touched = [...new Set(changes.map((change) => change.store))];
    const transaction = database.transaction(touched, 'readwrite', { durability: 'relaxed' });
    try {
      const requests = changes.map(({ store, key, row }) => {
        const objects = transaction.objectStore(store);
        return row === undefined ? objects.delete(key) : objects.put(row, key);
      });
      await Promise.all([...requests, transaction.done]);
    } catch (cause) {
      throw new SwitchboardError('internal', 'The browser could not keep what Switchboard wants to remember. The disk may be full.', {
        cause,
      });
    }
  }

  const group = inGroups(commit);

  return {
    async get(store, key) {
      return await (await open()).get(store, key);
    },
    async count(store) {
      return await (await open()).count(store);
    },
    async list(store, { prefix, after, before, limit = Number.POSITIVE_INFINITY, isDescending = false } = {}) {
      const database = await open();
      const range = prefix ? IDBKeyRange.bound(prefix, `${prefix}\uffff`) : IDBKeyRange.bound(after ?? '', before ?? '\uffff', true, true);
      if (!isDescending) {
        const objects = database.transaction(store).store;
        const count = Number.isFinite(limit) ? limit : undefined;
        const [keys, values] = await Promise.all([objects.getAllKeys(range, count), objects.getAll(range, count)]);
        return keys.map((key, index) => [key as string, values[index]]);
      }
      const rows: [string, Rows[typeof store]][] = [];
      let cursor = await database.transaction(store).store.openCursor(range, 'prev');
      while (cursor && rows.length < limit) {
        rows.push([cursor.key as string, cursor.value]);
        cursor = await cursor.continue();
      }
      return rows;
    },
    write: (changes) => (changes.length === 0 ? Promise.resolve() : group(changes)),
  };
}
