import { SwitchboardError } from '../protocol/errors.ts';
import type { Change, Database } from '../storage/database.ts';
import { attempt } from './attempts.ts';
import { toBase64 } from './base64.ts';
import { announceLock, lock, open } from './lock.ts';
import { checkPassphrase, openUnder, sealUnder } from './passphrase.ts';
import { changingVault, currentKeyName, type VaultRows, vaultDatabase } from './rows.ts';
import { keyOf, makeKey, seal, unseal } from './seal.ts';
import { type Vault, vault } from './vault.ts';

/**
 * What the user does with the passphrase, for our own pages. Each change writes the new key, opens it again to be sure,
 * and then swaps everything in one transaction: whenever the browser dies, either the old way in works or the new one.
 */
export interface PassphraseDesk {
  /** Puts a passphrase before all keys. They stay open. */
  set(passphrase: string): Promise<void>;
  /** Opens the vault. Throws `unauthorized` for a wrong passphrase and for damage alike, `rate-limited` after several. */
  unlock(passphrase: string): Promise<void>;
  /** Every secret is sealed anew, so that who knew the old passphrase and has an old copy learns nothing new. */
  change(passphrase: string, next: string): Promise<void>;
  /** Back to keys that open by themselves. */
  remove(passphrase: string): Promise<void>;
  /** For a passphrase nobody remembers: all keys are gone, and with them the passphrase. */
  forget(): Promise<void>;
}

export function createPassphraseDesk(database: Database<VaultRows>, { removeSecrets }: Pick<Vault, 'removeSecrets'>): PassphraseDesk {
  async function enter(passphrase: string): Promise<{ name: string; raw: Uint8Array<ArrayBuffer> }> {
    const name = await currentKeyName(database);
    const row = await database.get('keys', name);
    if (row?.kind !== 'passphrase') throw new SwitchboardError('bad-request', 'There is no passphrase to enter.');
    const raw = await attempt(() => openUnder(passphrase, row, name));
    if (raw) return { name, raw };
    throw new SwitchboardError(
      'unauthorized',
      'This passphrase does not open your keys. Mind capital letters and the keyboard’s language.',
    );
  }

  /** A new key row under the passphrase, written and opened again. Until the swap nothing depends on it. */
  async function prepare(passphrase: string): Promise<{ name: string; raw: Uint8Array<ArrayBuffer> }> {
    const name = `passphrase-${crypto.randomUUID()}`;
    const raw = crypto.getRandomValues(new Uint8Array(32));
    const sealed = await sealUnder(passphrase, raw, name);
    await database.write([{ store: 'keys', key: name, row: { v: 1, kind: 'passphrase', ...sealed } }]);
    const written = await database.get('keys', name);
    const again = written?.kind === 'passphrase' && (await openUnder(passphrase, written, name));
    if (again && toBase64(again) === toBase64(raw)) return { name, raw };
    throw new SwitchboardError('internal', 'The browser did not keep the new key. Nothing was changed; try again.');
  }

  /** Seals everything by the next key and drops every other, at once. */
  async function swap(
    next: { name: string; key: CryptoKey; row?: VaultRows['keys'] },
    keyNamed: (name: string) => Promise<CryptoKey | undefined>,
  ) {
    const changes: Change<VaultRows>[] = [];
    for (const [id, envelope] of await database.list('secrets')) {
      const by = await keyNamed(envelope.key);
      const secret = by && (await unseal(envelope, envelope.aad, by).catch(() => undefined));
      // What could not be opened before cannot be opened after; it says so when it is used.
      if (secret !== undefined) changes.push({ store: 'secrets', key: id, row: await seal(secret, envelope.aad, next.key, next.name) });
    }
    for (const [name] of await database.list('keys'))
      if (name !== next.name && name !== 'current') changes.push({ store: 'keys', key: name });
    if (next.row) changes.push({ store: 'keys', key: next.name, row: next.row });
    changes.push({ store: 'keys', key: 'current', row: { v: 1, kind: 'current', name: next.name } });
    await database.write(changes);
  }

  async function byItself(name: string): Promise<CryptoKey | undefined> {
    const row = await database.get('keys', name);
    return row?.kind === 'device' ? row.key : undefined;
  }

  return {
    async set(passphrase) {
      checkPassphrase(passphrase);
      await changingVault(async () => {
        if ((await currentKeyName(database)) !== 'device') {
          throw new SwitchboardError('bad-request', 'There is a passphrase already. Change it instead.');
        }
        const { name, raw } = await prepare(passphrase);
        await swap({ name, key: await keyOf(raw) }, byItself);
        await open(name, toBase64(raw));
        await announceLock(name);
      });
    },

    async unlock(passphrase) {
      const { name, raw } = await enter(passphrase);
      await open(name, toBase64(raw));
      await announceLock(name);
    },

    async change(passphrase, next) {
      checkPassphrase(next);
      await changingVault(async () => {
        const old = await enter(passphrase);
        const oldKey = await keyOf(old.raw);
        const { name, raw } = await prepare(next);
        await swap({ name, key: await keyOf(raw) }, async (by) => (by === old.name ? oldKey : await byItself(by)));
        await open(name, toBase64(raw));
        await announceLock(name);
      });
    },

    async remove(passphrase) {
      await changingVault(async () => {
        const old = await enter(passphrase);
        const oldKey = await keyOf(old.raw);
        const key = await makeKey();
        const row = { v: 1, kind: 'device', key } as const;
        await swap({ name: 'device', key, row }, async (by) => (by === old.name ? oldKey : await byItself(by)));
        await announceLock(undefined);
        await lock();
      });
    },

    async forget() {
      const ids = new Set((await database.list('secrets')).map(([key]) => key.slice(0, key.lastIndexOf('/'))));
      for (const id of ids) await removeSecrets(id);
      await changingVault(async () => {
        await database.write((await database.list('keys')).map(([key]): Change<VaultRows> => ({ store: 'keys', key })));
        await announceLock(undefined);
        await lock();
      });
    },
  };
}

export const passphraseDesk: PassphraseDesk = createPassphraseDesk(vaultDatabase, vault);

/** What a page shows may be older than the rows, after a crash between the swap and its announcement. */
export async function correctLockState(database: Database<VaultRows> = vaultDatabase): Promise<void> {
  await changingVault(async () => {
    const name = await currentKeyName(database);
    await announceLock(name === 'device' ? undefined : name);
  });
}
