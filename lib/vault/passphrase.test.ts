import { createCipheriv, pbkdf2Sync } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { Connection } from '../connections/connection.ts';
import { getConnection, saveConnection } from '../connections/store.ts';
import type { Change, Database } from '../storage/database.ts';
import { createMemoryDatabase } from '../storage/memory-database.ts';
import { correctLockState, createPassphraseDesk } from './change-passphrase.ts';
import { lock, lockState, lockWhenDue, setLockPolicy } from './lock.ts';
import { leastIterations, openUnder, type Passphrase, sealUnder } from './passphrase.ts';
import type { VaultRows } from './rows.ts';
import { createVault, type Vault } from './vault.ts';

const secret = `sk-${'test'.repeat(4)}`;
const words = 'correct horse battery';
const others = 'staple of other words';

describe('a passphrase before the keys', { timeout: 30_000 }, () => {
  let database: Database<VaultRows>;
  let id: string;
  let vault: Vault;
  const desk = (rows = database) => createPassphraseDesk(rows, createVault(rows));
  const connection = async () => (await getConnection(id)) as Connection;
  const read = async (from = createVault(database)) => await from.readSecrets(await connection());

  beforeEach(async () => {
    vi.useRealTimers();
    fakeBrowser.reset();
    database = createMemoryDatabase();
    vault = createVault(database);
    id = await saveConnection({ backend: 'openai', name: 'Work', config: { baseUrl: 'https://api.openai.com' } });
    await vault.setSecret(id, secret);
  });

  it('locks what was open, and opens with the passphrase alone, however its letters were typed', async () => {
    await desk().set('  Schlüssel auf Reisen ');
    expect(await lockState()).toBe('open');
    expect(await read(vault)).toEqual({ key: secret });
    await lock();
    expect(await lockState()).toBe('locked');
    await expect(read(vault)).rejects.toMatchObject({ code: 'locked' });
    await expect(desk().unlock('Schlussel auf Reisen')).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(read(vault)).rejects.toMatchObject({ code: 'locked' });
    await desk().unlock('  Schlüssel auf Reisen '.normalize('NFD'));
    expect(await read(vault)).toEqual({ key: secret });
  });

  it('forgets what the background had opened before there was a passphrase', async () => {
    expect(await read(vault)).toEqual({ key: secret });
    await desk().set(words);
    await lock();
    await expect(read(vault)).rejects.toMatchObject({ code: 'locked' });
  });

  it('leaves nothing on the disk that opens without it', async () => {
    await vault.setSecret(id, 'another', 'admin');
    await desk().set(words);
    await lock();
    const keys = await database.list('keys');
    expect(keys.map(([, row]) => row.kind).sort()).toEqual(['current', 'passphrase']);
    expect((await database.list('secrets')).map(([, { key }]) => key)).toEqual(
      Array(2).fill(keys.find(([, row]) => row.kind === 'passphrase')?.[0]),
    );
    expect(JSON.stringify(await fakeBrowser.storage.local.get(null))).not.toMatch(/raw|correct horse/);
  });

  it('can be changed and taken away, and the old one opens nothing any more', async () => {
    await desk().set(words);
    const oldRow = (await database.list('keys')).find(([, row]) => row.kind === 'passphrase');
    const oldSecret = (await database.list('secrets'))[0]?.[1];
    await desk().change(words, others);
    await lock();
    await expect(desk().unlock(words)).rejects.toMatchObject({ code: 'unauthorized' });
    await desk().unlock(others);
    expect(await read()).toEqual({ key: secret });
    expect(await database.get('keys', oldRow?.[0] as string)).toBeUndefined();
    expect((await database.list('secrets'))[0]?.[1].key).not.toBe(oldSecret?.key);
    await desk().remove(others);
    expect(await lockState()).toBe('none');
    expect(await read()).toEqual({ key: secret });
    await vault.setSecret(id, 'newer');
    expect(await read()).toEqual({ key: 'newer' });
  });

  it('may be forgotten, for the price of every key', async () => {
    await desk().set(words);
    await lock();
    await desk().forget();
    expect(await lockState()).toBe('none');
    expect(await vault.secretNames(id)).toEqual([]);
    expect([...(await database.list('secrets')), ...(await database.list('keys'))]).toEqual([]);
    await vault.setSecret(id, secret);
    expect(await read()).toEqual({ key: secret });
  });

  it('takes keys while it is open, and refuses them while it is locked', async () => {
    await desk().set(words);
    await vault.setSecret(id, 'second', 'admin');
    expect(await read()).toEqual({ key: secret, admin: 'second' });
    await lock();
    await expect(vault.setSecret(id, 'third', 'admin')).rejects.toMatchObject({ code: 'locked' });
    expect(await vault.secretNames(id)).toEqual(['admin', 'key']);
    await vault.removeSecrets(id, 'admin');
    await desk().unlock(words);
    expect(await read()).toEqual({ key: secret });
  });

  it('has eight characters at least', async () => {
    await expect(desk().set('seven77')).rejects.toMatchObject({ code: 'bad-request' });
    expect(await lockState()).toBe('none');
    expect(await read()).toEqual({ key: secret });
  });

  it.each(['set', 'change', 'remove'] as const)('survives the browser dying at any step of %s', async (what) => {
    const before = what === 'set' ? undefined : words;
    const after = { set: words, change: others, remove: undefined }[what];
    if (before) await desk().set(before);
    const start = await snapshot(database);
    const session = await fakeBrowser.storage.session.get(null);
    const local = await fakeBrowser.storage.local.get(null);
    for (let step = 0; ; step++) {
      // As the disk was, with a browser that dies at that write, before or after it reached the disk.
      database = await restored(start);
      await fakeBrowser.storage.local.set(local);
      await fakeBrowser.storage.session.set(session);
      const dying = dyingAt(database, Math.floor(step / 2), step % 2 === 1);
      const made = {
        set: () => desk(dying).set(words),
        change: () => desk(dying).change(words, others),
        remove: () => desk(dying).remove(words),
      }[what]();
      const died = await made.then(() => false).catch((error: Error) => error.message === 'died');
      await fakeBrowser.storage.session.clear();
      await correctLockState(database);
      const isNew = (await lockState()) === 'none' ? after === undefined : after !== undefined && (await opens(database, after));
      const way = isNew ? after : before;
      if (way) await desk().unlock(way);
      expect(await read(), `${what}, step ${step}`).toEqual({ key: secret });
      if (!died) {
        expect(step).toBeGreaterThan(1);
        break;
      }
    }
  });

  it('cannot be weakened: parameters below the floor open nothing, and say no more than a wrong passphrase', async () => {
    await desk().set(words);
    await lock();
    const [name, row] = (await database.list('keys')).find(([, each]) => each.kind === 'passphrase') as [string, Passphrase];
    const wrong = await desk()
      .unlock('not this one')
      .catch((error: Error) => error.message);
    for (const damaged of [
      { ...row, kdf: { ...row.kdf, iterations: 1_000 } },
      { ...row, kdf: { ...row.kdf, iterations: leastIterations } },
      { ...row, kdf: { ...row.kdf, name: 'MD5' as never } },
      { ...row, kdf: { ...row.kdf, salt: new Uint8Array(32) } },
      { ...row, ct: row.ct.map((byte, at) => (at === 3 ? byte ^ 1 : byte)) },
      { ...row, iv: new Uint8Array(3) },
    ]) {
      await fakeBrowser.storage.local.remove('vault.attempts');
      await database.write([{ store: 'keys', key: name, row: damaged }]);
      expect(
        await desk()
          .unlock(words)
          .catch((error: Error) => error.message),
      ).toBe(wrong);
    }
    await fakeBrowser.storage.local.remove('vault.attempts');
    await database.write([{ store: 'keys', key: name, row }]);
    await desk().unlock(words);
    expect(await read()).toEqual({ key: secret });
  });

  it('does not open as anything else it was not sealed for', async () => {
    const sealed = await sealUnder(words, new Uint8Array(32), 'one');
    expect(await openUnder(words, sealed, 'one')).toHaveLength(32);
    expect(await openUnder(words, sealed, 'another')).toBeUndefined();
  });

  it('is the PBKDF2 and AES-GCM that everybody else has', async () => {
    const salt = Uint8Array.from({ length: 32 }, (_, index) => index);
    const iv = Uint8Array.from({ length: 12 }, (_, index) => index);
    const key = pbkdf2Sync(words, salt, leastIterations, 32, 'sha256');
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    cipher.setAAD(Buffer.from(`a key|1|PBKDF2-SHA-256|${leastIterations}|${salt.join()}`));
    const ct = Buffer.concat([cipher.update('the data key'), cipher.final(), cipher.getAuthTag()]);
    const opened = await openUnder(
      words,
      { kdf: { name: 'PBKDF2-SHA-256', iterations: leastIterations, salt }, iv, ct: new Uint8Array(ct) },
      'a key',
    );
    expect(new TextDecoder().decode(opened)).toBe('the data key');
  });

  it('makes who guesses wait longer and longer, also after a restart', async () => {
    await desk().set(words);
    await lock();
    for (let guess = 0; guess < 3; guess++) await expect(desk().unlock(`guess ${guess}`)).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(desk().unlock(words)).rejects.toMatchObject({ code: 'rate-limited', retryAfterSeconds: 1 });
    await fakeBrowser.storage.session.clear();
    await expect(desk().unlock(words)).rejects.toMatchObject({ code: 'rate-limited' });
    vi.setSystemTime(Date.now() + 2_000);
    await desk().unlock(words);
    expect(await lockState()).toBe('open');
  });
});

describe('an open vault', () => {
  let database: Database<VaultRows>;
  beforeEach(async () => {
    vi.useRealTimers();
    fakeBrowser.reset();
    database = createMemoryDatabase();
    await createPassphraseDesk(database, createVault(database)).set(words);
  });

  it('locks after the minutes without use that the user chose, and says when to look again', async () => {
    await setLockPolicy({ afterMinutes: 5, onIdle: false });
    const now = Date.now();
    expect(await lockWhenDue(now + 4 * 60_000)).toBeGreaterThan(now + 4 * 60_000);
    vi.setSystemTime(now + 6 * 60_000);
    expect(await lockState()).toBe('locked');
    expect(await lockWhenDue()).toBeUndefined();
    expect(await fakeBrowser.storage.session.get('vault.open')).toMatchObject({ 'vault.open': { value: null } });
  });

  it('is locked when the browser starts, and when the clock was set back', async () => {
    vi.setSystemTime(Date.now() - 3_600_000);
    expect(await lockState()).toBe('locked');
    vi.useRealTimers();
    expect(await lockState()).toBe('open');
    await fakeBrowser.storage.session.clear();
    expect(await lockState()).toBe('locked');
  });

  it('stays open until the browser closes where the user wants that', async () => {
    await setLockPolicy({ afterMinutes: 0, onIdle: false });
    vi.setSystemTime(Date.now() + 86_400_000);
    expect(await lockState()).toBe('open');
    expect(await lockWhenDue()).toBeUndefined();
    expect(await lockState()).toBe('open');
  });
});

async function opens(database: Database<VaultRows>, passphrase: string): Promise<boolean> {
  const current = await database.get('keys', 'current');
  const row = current?.kind === 'current' ? await database.get('keys', current.name) : undefined;
  return row?.kind === 'passphrase' && current?.kind === 'current' && (await openUnder(passphrase, row, current.name)) !== undefined;
}

async function snapshot(database: Database<VaultRows>): Promise<Change<VaultRows>[]> {
  const secrets = (await database.list('secrets')).map(([key, row]): Change<VaultRows> => ({ store: 'secrets', key, row }));
  const keys = (await database.list('keys')).map(([key, row]): Change<VaultRows> => ({ store: 'keys', key, row }));
  return [...secrets, ...keys];
}

async function restored(changes: Change<VaultRows>[]): Promise<Database<VaultRows>> {
  const database = createMemoryDatabase<VaultRows>();
  await database.write(changes);
  return database;
}

/** Everything after that write fails; the write itself reached the disk or not. */
function dyingAt(database: Database<VaultRows>, at: number, isWritten: boolean): Database<VaultRows> {
  let writes = 0;
  const dead = () => writes > at;
  const alive = <Result>(work: Promise<Result>) => (dead() ? Promise.reject(new Error('died')) : work);
  return {
    get: (store, key) => alive(database.get(store, key)),
    list: (store, query) => alive(database.list(store, query)),
    count: (store) => alive(database.count(store)),
    async write(changes) {
      writes += 1;
      if (writes <= at) return await database.write(changes);
      if (writes === at + 1 && isWritten) await database.write(changes);
      throw new Error('died');
    },
  };
}
