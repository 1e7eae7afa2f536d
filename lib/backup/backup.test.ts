import { beforeEach, describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { type Chat, getChat, putChats, removeChat } from '../chats/store.ts';
import { getConnection, listConnections, removeConnection, saveConnection } from '../connections/store.ts';
import { listGrants, setGrant } from '../permissions/grants.ts';
import { getNativeChoice, setNativeUse } from '../permissions/native-choice.ts';
import { getSwitches, setSwitches } from '../permissions/switches.ts';
import { ownPrice, setOwnPrice } from '../usage/prices.ts';
import { changeUsageSettings, getUsageSettings } from '../usage/settings.ts';
import { toBase64 } from '../vault/base64.ts';
import { sealUnder } from '../vault/passphrase.ts';
import { vaultDatabase } from '../vault/rows.ts';
import { readSecrets, secretNames, setSecret } from '../vault/vault.ts';
import { readBackup } from './backup.ts';
import { makeBackup } from './export.ts';
import { applyImport, finishImport, planNow } from './import.ts';

const secret = `sk-${'test'.repeat(4)}-canary`;
const words = 'a passphrase of some words';
const price = { inputMicroUsdPerMillion: 5, outputMicroUsdPerMillion: 7 };
const chat: Chat = {
  id: 'chat-1',
  title: 'Tell me',
  createdAt: 1,
  updatedAt: 2,
  turns: [{ id: 'a', role: 'user', text: 'Tell me', state: 'done', images: [{ mediaType: 'image/png', data: 'aGk=' }] }],
};
const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readBackup(bytes(text));

describe('a backup', { timeout: 20_000 }, () => {
  let work: string;
  let home: string;

  beforeEach(async () => {
    fakeBrowser.reset();
    for (const store of ['keys', 'secrets'] as const) {
      await vaultDatabase.write((await vaultDatabase.list(store)).map(([key]) => ({ store, key })));
    }
    work = await saveConnection({ backend: 'openai', name: 'Work', config: { baseUrl: 'https://api.openai.com/v1' } });
    home = await saveConnection({ backend: 'llamacpp', name: 'Home', config: { baseUrl: 'http://127.0.0.1:8080' } });
    await setSecret(work, secret);
    await setGrant({ origin: 'https://notes.example', models: [{ connectionId: home, model: 'tiny', revision: 1 }] });
  });

  /** Another browser, with nothing in it. */
  async function elsewhere(): Promise<void> {
    for (const { id } of await listConnections()) await removeConnection(id);
    await fakeBrowser.storage.local.clear();
    for (const store of ['keys', 'secrets'] as const) {
      await vaultDatabase.write((await vaultDatabase.list(store)).map(([key]) => ({ store, key })));
    }
  }

  it('holds no key without a passphrase, and no clear one with it', async () => {
    await saveConnection({ backend: 'custom', name: 'Gate', config: { baseUrl: 'http://127.0.0.1:1/v1', headers: 'X-Token: hush' } });
    for (const text of [await makeBackup('1.0'), await makeBackup('1.0', { passphrase: words })]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain('hush');
      expect(text).not.toContain(btoa(secret).slice(0, 12));
      expect(text).toContain('Work');
    }
  });

  it('makes another browser like this one, keys included where the passphrase is given', async () => {
    const text = await makeBackup('1.0', { passphrase: words });
    await elsewhere();
    const plan = await planNow(read(text));
    expect(plan.connections.map(({ kind, connection, host }) => [kind, connection.name, host])).toEqual([
      ['added', 'Work', 'api.openai.com'],
      ['added', 'Home', '127.0.0.1:8080'],
    ]);
    expect(await applyImport(plan, { withGrants: true, withKeys: true, passphrase: words })).toEqual({
      connections: 2,
      grants: 1,
      keys: 1,
      headers: 0,
      chats: 0,
      droppedKeys: 0,
    });
    expect(await readSecrets((await getConnection(work)) as never)).toEqual({ key: secret });
    expect(await secretNames(work)).toEqual(['key']);
    expect((await listGrants()).map(({ origin }) => origin)).toEqual(['https://notes.example']);
    expect((await planNow(read(text))).connections.map(({ kind }) => kind)).toEqual(['same', 'same']);
  });

  it('brings back prices, caps, switches, choices, pools, extra headers and chats', async () => {
    const gate = await saveConnection({
      backend: 'custom',
      name: 'Gate',
      config: { baseUrl: 'http://127.0.0.1:1/v1', headers: 'X-Token: hush' },
    });
    const pool = await saveConnection({
      backend: 'pool',
      name: 'Both',
      config: { strategy: 'fallback', members: [{ connectionId: home }, { connectionId: gate }] },
    });
    await setOwnPrice(work, 'gpt-test', price);
    await changeUsageSettings((settings) => ({ ...settings, keepDays: 7, microUsdPerDay: 3_000_000, connections: { [work]: 1_000_000 } }));
    await setSwitches({ privateInherits: true, isPaused: true, history: 'off' });
    await setNativeUse('always');
    await setNativeUse('never', 'https://notes.example');
    await putChats([chat]);
    const text = await makeBackup('1.0', { passphrase: words, withChats: true });
    for (const hidden of ['hush', 'Tell me', secret]) expect(text).not.toContain(hidden);
    await elsewhere();
    await removeChat(chat.id);

    const plan = await planNow(read(text));
    expect(plan.backup.sealed).toEqual({ keys: 1, headers: 1, chats: 1 });
    expect(plan.connections.find(({ connection }) => connection.id === gate)).toMatchObject({ lacksHeaders: true });
    expect(plan.connections.find(({ connection }) => connection.id === pool)?.host).toBe('127.0.0.1:8080, 127.0.0.1:1');
    const whole = { withGrants: true, withPreferences: true, withChats: true, withKeys: true, passphrase: words };
    expect(await applyImport(plan, whole)).toEqual({ connections: 4, grants: 1, keys: 1, headers: 1, chats: 1, droppedKeys: 0 });
    expect((await getConnection(gate))?.config.headers).toBe('X-Token: hush');
    expect((await getConnection(pool))?.config).toMatchObject({ members: [{ connectionId: home }, { connectionId: gate }] });
    expect(await ownPrice(work, 'gpt-test')).toEqual(price);
    expect(await getUsageSettings()).toMatchObject({ keepDays: 7, microUsdPerDay: 3_000_000, connections: { [work]: 1_000_000 } });
    expect(await getSwitches(true)).toEqual({ privateInherits: true, isPaused: true, history: 'off' });
    expect(await getNativeChoice()).toEqual({ usual: 'always', sites: { 'https://notes.example': 'never' } });
    expect(await getChat(chat.id)).toEqual(chat);
    const again = await planNow(read(text));
    expect(again.connections.map(({ kind }) => kind)).toEqual(['same', 'same', 'same', 'same']);
    expect(again.preferences).toBeUndefined();
    expect(await applyImport(again, whole)).toMatchObject({ connections: 0, headers: 0, chats: 0 });
  });

  it('changes no price, cap, switch or chat that was not asked for, and ends no pause', async () => {
    await changeUsageSettings((settings) => ({ ...settings, microUsdPerDay: 90_000_000 }));
    await putChats([chat]);
    const text = await makeBackup('1.0', { withChats: true });
    expect(text, 'without a passphrase they can be read').toContain('Tell me');
    await elsewhere();
    await removeChat(chat.id);
    await setSwitches({ isPaused: true });
    const plan = await planNow(read(text));
    expect(plan.preferences?.then.spending.microUsdPerDay).toBe(90_000_000);
    expect(await applyImport(plan, {})).toMatchObject({ grants: 0, chats: 0 });
    expect((await getUsageSettings()).microUsdPerDay).toBe(10_000_000);
    expect(await getChat(chat.id)).toBeUndefined();
    await applyImport(plan, { withPreferences: true, withChats: true });
    expect((await getUsageSettings()).microUsdPerDay).toBe(90_000_000);
    expect((await getSwitches(true)).isPaused).toBe(true);
    expect(await getChat(chat.id)).toEqual(chat);
  });

  it('leaves a chat that went on here as it is', async () => {
    await putChats([chat]);
    const text = await makeBackup('1.0', { withChats: true });
    const longer = {
      ...chat,
      updatedAt: 3,
      turns: [...chat.turns, { id: 'b', role: 'assistant' as const, text: 'More.', state: 'done' as const }],
    };
    await putChats([longer]);
    expect(await applyImport(await planNow(read(text)), { withChats: true })).toMatchObject({ chats: 0 });
    expect(await getChat(chat.id)).toEqual(longer);
  });

  it('of the first version still brings back what it holds', async () => {
    const { preferences: _, sealed: _sealed, ...rest } = JSON.parse(await makeBackup('1.0'));
    // As it was sealed then: the keys alone.
    const secrets = [{ key: `${work}/key`, binding: `${work}|openai|https://api.openai.com`, value: secret }];
    const { kdf, iv, ct } = await sealUnder(words, bytes(JSON.stringify(secrets)), 'switchboard-backup-keys');
    const keys = { kdf: { ...kdf, salt: toBase64(kdf.salt) }, iv: toBase64(iv), ct: toBase64(ct) };
    await elsewhere();
    const plan = await planNow(read(JSON.stringify({ ...rest, version: 1, keys })));
    expect(await applyImport(plan, { withGrants: true, withKeys: true, passphrase: words })).toMatchObject({
      connections: 2,
      grants: 1,
      keys: 1,
    });
    expect(await readSecrets((await getConnection(work)) as never)).toEqual({ key: secret });
  });

  it('gives extra headers to no address that somebody wrote into the file', async () => {
    await saveConnection({ backend: 'custom', name: 'Gate', config: { baseUrl: 'http://127.0.0.1:8181/v1', headers: 'X-Token: hush' } });
    const text = (await makeBackup('1.0', { passphrase: words })).replace('127.0.0.1:8181', '127.0.0.1:8282');
    await elsewhere();
    expect(await applyImport(await planNow(read(text)), { withKeys: true, passphrase: words })).toMatchObject({
      connections: 3,
      headers: 0,
    });
    expect(JSON.stringify(await listConnections())).not.toContain('hush');
  });

  it('brings no permission and no key that was not asked for', async () => {
    const text = await makeBackup('1.0', { passphrase: words });
    await elsewhere();
    expect(await applyImport(await planNow(read(text)), { withGrants: false })).toMatchObject({ connections: 2, grants: 0, keys: 0 });
    expect(await listGrants()).toEqual([]);
    expect(await secretNames(work)).toEqual([]);
  });

  it('changes nothing when the passphrase is wrong', async () => {
    const text = await makeBackup('1.0', { passphrase: words });
    await elsewhere();
    await expect(applyImport(await planNow(read(text)), { withGrants: true, withKeys: true, passphrase: 'another' })).rejects.toMatchObject(
      {
        code: 'unauthorized',
      },
    );
    expect(await listConnections()).toEqual([]);
    expect(await listGrants()).toEqual([]);
  });

  it('gives no key to an address that somebody wrote into the file', async () => {
    const text = (await makeBackup('1.0', { passphrase: words })).replace('https://api.openai.com', 'https://evil.example');
    await elsewhere();
    expect(await applyImport(await planNow(read(text)), { withGrants: false, withKeys: true, passphrase: words })).toMatchObject({
      keys: 0,
      droppedKeys: 1,
    });
    expect(await secretNames(work)).toEqual([]);
  });

  it('that leads a connection elsewhere says so, and takes the key away', async () => {
    const text = (await makeBackup('1.0')).replace('https://api.openai.com', 'https://evil.example');
    const plan = await planNow(read(text));
    expect(plan.connections[0]).toMatchObject({ kind: 'replaced', dropsKey: true, host: 'evil.example' });
    await applyImport(plan, { withGrants: true });
    const moved = await getConnection(work);
    expect(moved).toMatchObject({ revision: 2 });
    expect(await secretNames(work)).toEqual([]);
    expect(await readSecrets(moved as never)).toEqual({});
  });

  it('tells what is damaged, double or void, and takes the rest', async () => {
    const backup = JSON.parse(await makeBackup('1.0'));
    const [first, second] = backup.connections;
    backup.connections = [
      first,
      { ...first, name: 'Again' },
      { ...second, id: 'other', config: { baseUrl: 'file:///etc/passwd' } },
      { name: 'Half' },
    ];
    backup.grants.push({
      ...backup.grants[0],
      origin: 'https://evil.example',
      models: [{ connectionId: 'nobody', model: '*', revision: 1 }],
    });
    backup.grants.push({ origin: 'https://half.example' });
    await elsewhere();
    const plan = await planNow(read(JSON.stringify(backup)));
    expect(plan.connections.map(({ connection }) => connection.name)).toEqual(['Work']);
    expect(plan.dropped.map(({ name }) => name)).toEqual([
      'Again',
      'Home',
      'Half',
      'https://notes.example',
      'https://evil.example',
      'https://half.example',
    ]);
    for (const { why } of plan.dropped) expect(why).toMatch(/^[A-Z].*\.$/);
    expect(await applyImport(plan, { withGrants: true })).toMatchObject({ connections: 1, grants: 0 });
  });

  it('never makes a permission out of one that was void', async () => {
    const backup = JSON.parse(await makeBackup('1.0'));
    backup.grants[0].models[0].revision = 7;
    expect((await planNow(read(JSON.stringify(backup)))).grants).toEqual([]);
  });

  it.each([
    ['nothing', '', 'cannot be read'],
    ['half of one', '{"format":"switchboard-backup"', 'cannot be read'],
    ['something behind it', '{"format":"switchboard-backup","version":1} trailing', 'cannot be read'],
    ['another JSON file', '{"hello":1}', 'not a backup'],
    ['a list', '[1]', 'not a backup'],
    ['a field that reaches prototypes', '{"format":"switchboard-backup","version":1,"__proto__":{"polluted":1}}', 'tampered'],
    ['10,000 levels', `{"format":"switchboard-backup","version":1,"connections":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 'tampered'],
    ['wrong types', '{"format":"switchboard-backup","version":1,"madeBy":"1","madeAt":"","connections":"all","grants":[]}', 'connections'],
    ['no version', '{"format":"switchboard-backup","version":"1"}', 'version'],
  ])('is refused when it is %s, with the reason', (_, text, reason) => {
    expect(() => read(text)).toThrow(reason);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('of a newer version, of 65 MB, in UTF-16 or no text at all is refused with the reason', () => {
    expect(() => read('{"format":"switchboard-backup","version":3,"madeBy":"9.1"}')).toThrow('newer Switchboard (9.1)');
    expect(() => readBackup(new Uint8Array(65 * 1024 * 1024))).toThrow('64 MB');
    expect(() => readBackup(Uint8Array.from([0xff, 0xfe, 0x7b, 0]))).toThrow('UTF-16');
    expect(() => readBackup(Uint8Array.from([0x7b, 0xc3, 0x28]))).toThrow('not text');
  });

  it('may begin with a byte order mark', async () => {
    expect(readBackup(Uint8Array.from([0xef, 0xbb, 0xbf, ...bytes(await makeBackup('1.0'))]))).toMatchObject({ version: 2 });
  });

  it('is finished when the browser died before the keys were in the vault', async () => {
    await putChats([chat]);
    const text = await makeBackup('1.0', { passphrase: words, withChats: true });
    await elsewhere();
    await removeChat(chat.id);
    const { write } = vaultDatabase;
    const storage = fakeBrowser.storage.local;
    const { remove } = storage;
    // The write of the settings is the last thing that happens.
    let staged: Record<string, unknown> = {};
    vaultDatabase.write = async (changes) => {
      if (changes.some(({ store }) => store === 'secrets')) {
        staged = await storage.get(null);
        throw new Error('died');
      }
      await write(changes);
    };
    const choice = { withKeys: true, withChats: true, passphrase: words };
    await expect(applyImport(await planNow(read(text)), choice)).rejects.toThrow('died');
    vaultDatabase.write = write;
    storage.remove = remove;
    expect(await listConnections(), 'a failure without a death takes all of it back').toEqual([]);
    expect(await getChat(chat.id)).toBeUndefined();

    await storage.clear();
    await storage.set(staged);
    expect(JSON.stringify(staged)).not.toContain(secret);
    await finishImport();
    expect(await readSecrets((await getConnection(work)) as never)).toEqual({ key: secret });
    expect(await storage.get('backup.pending')).toEqual({});
  });
});
