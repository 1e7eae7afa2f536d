import { beforeEach, describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { Connection } from '../connections/connection.ts';
import { getConnection, saveConnection } from '../connections/store.ts';
import type { Database } from '../storage/database.ts';
import { createMemoryDatabase } from '../storage/memory-database.ts';
import type { VaultRows } from './rows.ts';
import { createVault } from './vault.ts';

const secret = `sk-${'test'.repeat(4)}`;

describe('the vault', () => {
  let database: Database<VaultRows>;
  let id: string;
  const open = () => createVault(database);
  const connection = async () => (await getConnection(id)) as Connection;

  beforeEach(async () => {
    fakeBrowser.reset();
    database = createMemoryDatabase();
    id = await saveConnection({ backend: 'openai', name: 'Work', config: { baseUrl: 'https://api.openai.com' } });
  });

  it('gives secrets back to the background of the next start, and to the interface only their names', async () => {
    await open().setSecret(id, secret);
    await open().setSecret(id, 'another', 'admin');
    expect(await open().secretNames(id)).toEqual(['admin', 'key']);
    expect(await open().readSecrets(await connection())).toEqual({ key: secret, admin: 'another' });
  });

  it('holds no secret in clear, in no store', async () => {
    await open().setSecret(id, secret);
    const rows = [await database.list('secrets'), await database.list('keys')];
    const text = JSON.stringify(rows, (_key, value) => (value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : value));
    expect(text).not.toContain(secret);
    expect(JSON.stringify(await fakeBrowser.storage.local.get(null))).not.toContain(secret);
  });

  it('seals with a key that cannot be read out', async () => {
    await open().setSecret(id, secret);
    const [[, row] = []] = await database.list('keys');
    const { key } = row as { key: CryptoKey };
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  });

  it('never uses an initial value twice, and says what a secret is bound to', async () => {
    const vault = open();
    for (let n = 0; n < 50; n++) await vault.setSecret(id, secret, `n${n}`);
    const rows = await database.list('secrets');
    expect(new Set(rows.map(([, { iv }]) => iv.join())).size).toBe(50);
    expect(rows[0]?.[1]).toMatchObject({ v: 1, alg: 'AES-GCM', aad: `${id}|openai|https://api.openai.com` });
    expect(rows[0]?.[1].iv).toHaveLength(12);
  });

  it('opens nothing of which one byte was changed', async () => {
    await open().setSecret(id, secret);
    const [[key, row] = []] = await database.list('secrets');
    if (!key || !row) throw new Error('nothing was sealed');
    for (const field of ['iv', 'ct'] as const) {
      for (let at = 0; at < row[field].length; at++) {
        const changed = row[field].slice();
        changed[at] = (changed[at] ?? 0) ^ 1;
        await database.write([{ store: 'secrets', key, row: { ...row, [field]: changed } }]);
        await expect(open().readSecrets(await connection())).rejects.toMatchObject({ code: 'unauthorized' });
      }
    }
  });

  it('opens nothing for another origin or backend, however the connection got there', async () => {
    await open().setSecret(id, secret);
    const own = await connection();
    for (const stolen of [
      { ...own, config: { baseUrl: 'https://evil.example' } },
      { ...own, config: { baseUrl: 'http://api.openai.com' } },
      { ...own, backend: 'openrouter' as const },
    ]) {
      const reading = open().readSecrets(stolen);
      await expect(reading).rejects.toMatchObject({ code: 'unauthorized', message: expect.stringContaining('https://api.openai.com') });
    }
    // A row whose label was changed to fit does not open either.
    const [[key, row] = []] = await database.list('secrets');
    if (!key || !row) throw new Error('nothing was sealed');
    await database.write([{ store: 'secrets', key, row: { ...row, aad: `${id}|openai|https://evil.example` } }]);
    await expect(open().readSecrets({ ...own, config: { baseUrl: 'https://evil.example' } })).rejects.toMatchObject({
      code: 'unauthorized',
    });
  });

  it('notices a secret that another page of ours set or took away', async () => {
    const background = open();
    const page = open();
    expect(await background.readSecrets(await connection())).toEqual({});
    await page.setSecret(id, secret);
    expect(await background.readSecrets(await connection())).toEqual({ key: secret });
    await page.setSecret(id, 'newer');
    expect(await background.readSecrets(await connection())).toEqual({ key: 'newer' });
    await page.removeSecrets(id);
    expect(await background.readSecrets(await connection())).toEqual({});
  });

  it('makes one key when two pages seal their first secret at once', async () => {
    await Promise.all([open().setSecret(id, secret), open().setSecret(id, secret, 'admin')]);
    expect(await open().readSecrets(await connection())).toEqual({ key: secret, admin: secret });
  });

  it('removes one secret or all', async () => {
    const vault = open();
    await vault.setSecret(id, secret);
    await vault.setSecret(id, secret, 'admin');
    await vault.removeSecrets(id, 'admin');
    expect(await vault.secretNames(id)).toEqual(['key']);
    await vault.removeSecrets(id);
    expect(await vault.secretNames(id)).toEqual([]);
    expect(await database.list('secrets')).toEqual([]);
  });

  it('asks for the key again where the browser has emptied the vault, and goes nowhere without it', async () => {
    await open().setSecret(id, secret);
    database = createMemoryDatabase();
    await expect(open().readSecrets(await connection())).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('Work'),
    });
    await open().setSecret(id, secret);
    expect(await open().readSecrets(await connection())).toEqual({ key: secret });
  });

  it('takes the spaces and line ends that pasting adds', async () => {
    await open().setSecret(id, `\t ${secret}\r\n`);
    expect(await open().readSecrets(await connection())).toEqual({ key: secret });
  });

  it.each([
    ['nothing', ''],
    ['spaces', '  \n'],
    ['a line break inside', 'sk-\r\nX-Evil: 1'],
    ['a space inside', 'sk one'],
    ['a NUL', 'sk-\u0000'],
    ['a picture', 'sk-🙂'],
    ['Chinese', 'sk-钥匙'],
    ['300 kB', 'k'.repeat(300_000)],
    ['a number', 7],
  ])('refuses %s as a key, without repeating it', async (_, value) => {
    const refused = await open()
      .setSecret(id, value as string)
      .catch((error: unknown) => error as Error);
    expect(refused).toMatchObject({ code: 'bad-request' });
    expect((refused as Error).message).not.toContain('sk-');
    expect(await open().secretNames(id)).toEqual([]);
  });

  it('refuses a key for a company reached without encryption, and for a connection that is not there', async () => {
    const plain = await saveConnection({ backend: 'custom', name: 'Far', config: { baseUrl: 'http://models.example.com' } });
    await expect(open().setSecret(plain, secret)).rejects.toMatchObject({ code: 'bad-request', message: expect.stringContaining('https') });
    const near = await saveConnection({ backend: 'custom', name: 'Near', config: { baseUrl: 'http://192.168.1.20:8000' } });
    await open().setSecret(near, secret);
    await expect(open().setSecret('gone', secret)).rejects.toMatchObject({ code: 'bad-request' });
  });
});
