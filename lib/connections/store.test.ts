import { beforeEach, describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { readSecrets, secretNames, setSecret } from '../vault/vault.ts';
import type { Connection } from './connection.ts';
import { cachedModels, rememberModels } from './model-cache.ts';
import {
  duplicateConnection,
  getConnection,
  getDefaults,
  listConnections,
  removeConnection,
  saveConnection,
  setDefaults,
  watchConnections,
  watchDefaults,
} from './store.ts';

const local = { backend: 'llamacpp', name: 'Home', config: { baseUrl: 'http://127.0.0.1:8080' } } as const;
const cloud = { backend: 'openai', name: 'Work', config: { baseUrl: 'https://api.openai.com' } } as const;

describe('connections', () => {
  beforeEach(() => fakeBrowser.reset());

  it('are made from what is given, with the address as people paste it, and the first becomes the default', async () => {
    const id = await saveConnection({ backend: 'llamacpp', config: { baseUrl: ' http://127.0.0.1:8080/v1/ ' } });
    await saveConnection(cloud);
    expect(await listConnections()).toMatchObject([
      { id, backend: 'llamacpp', name: 'llama.cpp', config: { baseUrl: 'http://127.0.0.1:8080' }, revision: 1 },
      { backend: 'openai', name: 'Work' },
    ]);
    expect(await getDefaults()).toEqual({ connectionId: id });
  });

  it.each([
    ['an unknown backend', { backend: 'nobody' }, 'backend'],
    ['a wrong address', { backend: 'llamacpp', config: { baseUrl: 'file:///etc/passwd' } }, 'http'],
    ['credentials in the address', { backend: 'llamacpp', config: { baseUrl: 'http://user:pass@host' } }, 'password'],
    ['a name that is no text', { backend: 'llamacpp', name: 7, config: local.config }, 'name'],
    ['an id that is not there', { ...local, id: 'gone' }, 'gone'],
    ['nothing at all', undefined, 'object'],
  ])('refuse %s with a sentence about it', async (_, draft, word) => {
    await expect(saveConnection(draft as never)).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining(word as string),
    });
    expect(await listConnections()).toEqual([]);
  });

  it('keep what a change does not name', async () => {
    const id = await saveConnection({ ...local, model: 'seven', generation: { sampling: { temperature: 0 } } });
    await saveConnection({ id, backend: 'llamacpp', name: 'Desk' });
    expect(await getConnection(id)).toMatchObject({
      name: 'Desk',
      model: 'seven',
      config: local.config,
      generation: { sampling: { temperature: 0 } },
      revision: 1,
    });
    await saveConnection({ id, backend: 'llamacpp', model: '' });
    expect(await getConnection(id)).not.toHaveProperty('model');
  });

  it.each([
    ['another origin', { backend: 'openai', config: { baseUrl: 'https://elsewhere.example' } }],
    ['another port', { backend: 'openai', config: { baseUrl: 'https://api.openai.com:8443' } }],
    ['another backend', { backend: 'openrouter', config: { baseUrl: 'https://api.openai.com' } }],
  ] as const)('become another service with %s: a new revision, without secrets and list', async (_, change) => {
    const id = await saveConnection(cloud);
    await setSecret(id, 'sk-test');
    await rememberModels(id, [{ id: 'one' }]);
    await saveConnection({ id, ...change });
    expect(await getConnection(id)).toMatchObject({ revision: 2 });
    expect(await secretNames(id)).toEqual([]);
    expect(await cachedModels(id)).toBeUndefined();
  });

  it('stay the same service with another path', async () => {
    const id = await saveConnection(cloud);
    await setSecret(id, 'sk-test');
    await saveConnection({ id, backend: 'openai', config: { baseUrl: 'https://api.openai.com/proxy' } });
    const connection = (await getConnection(id)) as Connection;
    expect(connection.revision).toBe(1);
    expect(await readSecrets(connection)).toEqual({ key: 'sk-test' });
  });

  it('are removed with their secrets and list, and the next one becomes the default', async () => {
    const first = await saveConnection(cloud);
    const second = await saveConnection(local);
    await setSecret(first, 'sk-test');
    await rememberModels(first, [{ id: 'one' }]);
    await removeConnection(first);
    expect((await listConnections()).map(({ id }) => id)).toEqual([second]);
    expect(await getDefaults()).toEqual({ connectionId: second });
    expect(await secretNames(first)).toEqual([]);
    expect(await cachedModels(first)).toBeUndefined();
    await removeConnection(second);
    expect(await getDefaults()).toBeUndefined();
    await expect(removeConnection(second)).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('are duplicated with a name, an id and secrets of their own', async () => {
    const id = await saveConnection(cloud);
    await setSecret(id, 'sk-test');
    await duplicateConnection(id);
    const copyId = await duplicateConnection(id);
    const copy = (await getConnection(copyId)) as Connection;
    expect(copy).toMatchObject({ name: 'Work (3)', config: cloud.config });
    await removeConnection(id);
    expect(await readSecrets(copy)).toEqual({ key: 'sk-test' });
  });

  it('tell who watches, and defaults only when they change', async () => {
    const seen: string[] = [];
    const defaults: unknown[] = [];
    watchConnections((connections) => seen.push(connections.map(({ name }) => name).join()));
    watchDefaults((value) => defaults.push(value));
    await listConnections();
    const id = await saveConnection(local);
    await saveConnection({ id, backend: 'llamacpp', name: 'Desk' });
    await setDefaults({ connectionId: id, model: 'seven' });
    expect(seen).toEqual(['Home', 'Desk', 'Desk']);
    expect(defaults).toEqual([{ connectionId: id }, { connectionId: id, model: 'seven' }]);
    await expect(setDefaults({ connectionId: 'gone' })).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('that this version cannot read are kept as they are, through every change', async () => {
    const id = await saveConnection(local);
    const strange = { id: 'strange', backend: 'of-tomorrow', name: 'New', config: { depth: 3 }, revision: 1, createdAt: 1 };
    const stored = (await fakeBrowser.storage.local.get('connections')).connections as { v: number; value: { connections: unknown[] } };
    await fakeBrowser.storage.local.set({
      connections: { ...stored, value: { ...stored.value, connections: [...stored.value.connections, strange] } },
    });
    expect((await listConnections()).map((each) => each.id)).toEqual([id]);
    await saveConnection({ id, backend: 'llamacpp', name: 'Desk' });
    const after = (await fakeBrowser.storage.local.get('connections')).connections as typeof stored;
    expect(after.value.connections).toContainEqual(strange);
    await removeConnection('strange');
  });

  it('survive two windows saving at once', async () => {
    const id = await saveConnection(local);
    await Promise.all([
      saveConnection({ id, backend: 'llamacpp', name: 'Desk' }),
      saveConnection({ id, backend: 'llamacpp', model: 'seven' }),
      ...Array.from({ length: 20 }, (_, n) => saveConnection({ ...local, name: `Server ${n}` })),
    ]);
    expect(await listConnections()).toHaveLength(21);
    expect(await getConnection(id)).toMatchObject({ name: 'Desk', model: 'seven' });
  });
});

describe('the list of models', () => {
  beforeEach(() => fakeBrowser.reset());

  it('is kept without duplicates, absurd ids and endless descriptions', async () => {
    await rememberModels('c', [
      { id: 'one', description: 'x'.repeat(1_000_000) },
      { id: 'one', name: 'again' },
      { id: '' },
      { id: 'y'.repeat(1_000_000) },
      { id: '__proto__' },
    ]);
    const models = await cachedModels('c');
    expect(models?.map(({ id }) => id)).toEqual(['one', '__proto__']);
    expect(models?.[0]?.description).toHaveLength(300);
  });

  it('has an end, however many a server sends', async () => {
    await rememberModels(
      'c',
      Array.from({ length: 20_000 }, (_, n) => ({ id: `model ${n}` })),
    );
    expect(await cachedModels('c')).toHaveLength(5_000);
  });
});
