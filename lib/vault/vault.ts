import { getBackend } from '../backends/registry.ts';
import { placeOf } from '../backends/url.ts';
import type { Connection } from '../connections/connection.ts';
import { managedSecrets, withManaged } from '../connections/managed.ts';
import { connectionsOf, settings } from '../connections/settings.ts';
import { getPolicy } from '../policy/managed.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import type { Change, Database } from '../storage/database.ts';
import { createItem } from '../storage/item.ts';
import { keyNamed, sealingKey } from './keys.ts';
import { isOpen, watchLock } from './lock.ts';
import { changingVault, type VaultRows, vaultDatabase } from './rows.ts';
import { type Envelope, seal, unseal } from './seal.ts';
import { cleanSecret } from './secret-value.ts';

export interface Vault {
  /** Seals the secret for the connection's backend and origin. Throws `bad-request` for what cannot be a key. */
  setSecret(connectionId: string, value: string, name?: string): Promise<void>;
  /** Which secrets there are: names, never values. */
  secretNames(connectionId: string): Promise<string[]>;
  /** All of the connection's, or the one. */
  removeSecrets(connectionId: string, name?: string): Promise<void>;
  /** For a duplicate; both connections must go to the same place. */
  copySecrets(fromId: string, toId: string): Promise<void>;
  /** Puts sealed secrets in place, by `connectionId/name`, after dropping all that those connections had. For an import. */
  adoptSecrets(sealed: [key: string, envelope: Envelope][], dropped: string[]): Promise<void>;
  /** Looks up what `readSecrets` will need, so that it has less to wait for. */
  warmUp(connectionId: string): Promise<void>;
  /** Values, for the background alone. Throws `unauthorized` when they were entered for another service. */
  readSecrets(connection: Connection): Promise<Record<string, string>>;
  /** Calls back with the id of a connection whose secrets changed, in every context; returns its undo. */
  watchSecrets(listener: (connectionId: string) => void): () => void;
}

/** Secrets at rest: write-only for the interface, bound to one backend and one origin, sealed by a key that cannot be read out. */
export function createVault(database: Database<VaultRows>): Vault {
  /** What the vault holds, without opening it: also how other contexts learn of a change. */
  const index = createItem<Index>({
    area: 'local',
    key: 'vault',
    fallback: {},
    parse: (stored) => ({ ...(stored as Index) }),
    hasCopy: true,
  });
  /** Opened secrets, so that a call costs no decryption. `at` is the index entry they belong to, `keys` what sealed them. */
  const opened = new Map<string, { at: number | undefined; binding: string; keys: string[]; secrets: Record<string, string> }>();
  // What was opened with a passphrase is forgotten with it.
  watchLock(() => void forgetLocked());

  async function forgetLocked(): Promise<void> {
    for (const [id, { keys }] of opened) if (!(await areOpen(keys))) opened.delete(id);
  }

  async function namesOf(connectionId: string): Promise<string[]> {
    const rows = await database.list('secrets', { prefix: `${connectionId}/` });
    return rows.map(([key]) => key.slice(connectionId.length + 1));
  }

  /** After the database, so that whoever hears of the change finds it there. */
  async function announce(connectionId: string): Promise<void> {
    const names = await namesOf(connectionId);
    await index.update((entries) => {
      const { [connectionId]: before, ...others } = entries;
      if (names.length === 0) return before ? others : entries;
      return { ...others, [connectionId]: { names, at: Math.max(Date.now(), (before?.at ?? 0) + 1) } };
    });
  }

  async function readSecrets(connection: Connection): Promise<Record<string, string>> {
    const { id } = connection;
    const given = connection.isManaged && managedSecrets(await getPolicy(), id);
    if (given) return given;
    const { at, names = [] } = (await index.get())[id] ?? {};
    const binding = bindingOf(connection);
    const known = opened.get(id);
    if (known && known.at === at && known.binding === binding && (await areOpen(known.keys))) return known.secrets;

    // A second look, because a passphrase may be put in front between reading the secret and its key.
    const found = (await openAll(connection, binding)) ?? (await openAll(connection, binding));
    // A browser that finds the vault damaged empties it: nothing is asked without the key that the user believes to be there.
    if (!found || names.some((name) => !Object.hasOwn(found.secrets, name)))
      throw new SwitchboardError('unauthorized', `The key of "${connection.name}" cannot be read any more. Enter it again.`);
    opened.set(id, { at, binding, ...found });
    return found.secrets;
  }

  async function openAll(
    connection: Connection,
    binding: string,
  ): Promise<{ keys: string[]; secrets: Record<string, string> } | undefined> {
    const keys = new Set<string>();
    const secrets: Record<string, string> = {};
    for (const [row, envelope] of await database.list('secrets', { prefix: `${connection.id}/` })) {
      if (envelope.aad !== binding) throw enteredForAnother(connection, envelope.aad);
      const sealedBy = await keyNamed(database, envelope.key);
      const value = sealedBy && (await unseal(envelope, binding, sealedBy).catch(() => undefined));
      if (value === undefined) return undefined;
      secrets[row.slice(connection.id.length + 1)] = value;
      keys.add(envelope.key);
    }
    return { keys: [...keys], secrets };
  }

  return {
    async setSecret(connectionId, value, name = 'key') {
      const connection = await connectionOf(connectionId);
      if (connection.isManaged && managedSecrets(await getPolicy(), connectionId))
        throw new SwitchboardError('denied', 'Your organisation has set the key of this connection. There is nothing to enter.');
      if (!/^[A-Za-z][\w-]{0,40}$/.test(name)) throw new SwitchboardError('bad-request', 'The name of a secret is a word, such as "key".');
      const secret = cleanSecret(value);
      refusePlainHttp(connection);
      await changingVault(async () => {
        const by = await sealingKey(database);
        const row = await seal(secret, bindingOf(connection), by.key, by.name);
        await database.write([{ store: 'secrets', key: `${connectionId}/${name}`, row }]);
      });
      await announce(connectionId);
    },

    async secretNames(connectionId) {
      const given = managedSecrets(await getPolicy(), connectionId);
      if (given) return Object.keys(given);
      return (await index.get())[connectionId]?.names ?? [];
    },

    async removeSecrets(connectionId, name) {
      const names = name === undefined ? await namesOf(connectionId) : [name];
      await database.write(names.map((each): Change<VaultRows> => ({ store: 'secrets', key: `${connectionId}/${each}` })));
      opened.delete(connectionId);
      await announce(connectionId);
    },

    async copySecrets(fromId, toId) {
      const secrets = await readSecrets(await connectionOf(fromId));
      const binding = bindingOf(await connectionOf(toId));
      await changingVault(async () => {
        const by = await sealingKey(database);
        const changes = Object.entries(secrets).map(
          async ([name, secret]): Promise<Change<VaultRows>> => ({
            store: 'secrets',
            key: `${toId}/${name}`,
            row: await seal(secret, binding, by.key, by.name),
          }),
        );
        await database.write(await Promise.all(changes));
      });
      await announce(toId);
    },

    async adoptSecrets(sealed, dropped) {
      await changingVault(async () => {
        const gone = await Promise.all(dropped.map((id) => database.list('secrets', { prefix: `${id}/` })));
        const changes = gone.flat().map(([key]): Change<VaultRows> => ({ store: 'secrets', key }));
        await database.write([...changes, ...sealed.map(([key, row]): Change<VaultRows> => ({ store: 'secrets', key, row }))]);
      });
      const ids = new Set([...dropped, ...sealed.map(([key]) => key.slice(0, key.lastIndexOf('/')))]);
      for (const id of ids) {
        opened.delete(id);
        await announce(id);
      }
    },

    async warmUp(connectionId) {
      await Promise.all([index.get(), database.list('secrets', { prefix: `${connectionId}/` })]);
    },

    readSecrets,

    watchSecrets(listener) {
      let before: Index = {};
      void index.get().then((entries) => {
        before = entries;
      });
      return index.watch((after) => {
        const ids = new Set([...Object.keys(before), ...Object.keys(after)]);
        const changed = [...ids].filter((id) => before[id]?.at !== after[id]?.at);
        before = after;
        for (const id of changed) listener(id);
      });
    },
  };
}

export const vault: Vault = createVault(vaultDatabase);
export const { setSecret, secretNames, removeSecrets, copySecrets, adoptSecrets, readSecrets, watchSecrets, warmUp: warmUpVault } = vault;

type Index = Record<string, { names: string[]; at: number }>;

async function areOpen(keys: string[]): Promise<boolean> {
  for (const key of keys) if (!(await isOpen(key))) return false;
  return true;
}

async function connectionOf(id: string): Promise<Connection> {
  const all = withManaged(await getPolicy(), connectionsOf(await settings.fresh()));
  const connection = all.find((each) => each.id === id);
  if (connection) return connection;
  throw new SwitchboardError('bad-request', `There is no connection "${id.slice(0, 80)}". Save the connection first, then its key.`);
}

/** What a secret is good for: this connection, this backend, this origin. */
export function bindingOf({ id, backend, config }: Connection): string {
  const origin = config.baseUrl === undefined ? (getBackend(backend).hosts(config)[0] ?? '') : new URL(config.baseUrl).origin;
  return `${id}|${backend}|${origin}`;
}

/** On the user's own machines plain http is usual; across the internet it shows the key to everyone on the way. */
function refusePlainHttp({ config }: Connection): void {
  if (!config.baseUrl?.startsWith('http:') || placeOf(config.baseUrl) !== 'company') return;
  throw new SwitchboardError(
    'bad-request',
    `${new URL(config.baseUrl).host} is reached without encryption, so the key could be read on the way. Use its https:// address.`,
  );
}

function enteredForAnother({ name }: Connection, aad: string): SwitchboardError {
  const origin = aad.split('|')[2] || 'another service';
  return new SwitchboardError('unauthorized', `The key of "${name}" was entered for ${origin}. Enter the key of the new address.`);
}
