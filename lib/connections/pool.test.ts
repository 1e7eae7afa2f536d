import { beforeEach, describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { Connection } from './connection.ts';
import { checkPool, isPool, poolMembers } from './pool.ts';
import { duplicateConnection, getConnection, listConnections, removeConnection, saveConnection } from './store.ts';
import { whereabouts } from './whereabouts.ts';

const local = { backend: 'llamacpp', name: 'Home', config: { baseUrl: 'http://127.0.0.1:8080' } } as const;
const near = { backend: 'ollama', name: 'Cellar', config: { baseUrl: 'http://192.168.1.5:11434' } } as const;
const cloud = { backend: 'openai', name: 'Work', config: { baseUrl: 'https://api.openai.com' } } as const;

describe('a pool', () => {
  let home: string;
  let cellar: string;
  let work: string;

  beforeEach(async () => {
    fakeBrowser.reset();
    [home, cellar, work] = [await saveConnection(local), await saveConnection(near), await saveConnection(cloud)];
  });

  const save = (members: { connectionId: string; model?: string }[], more: object = {}) =>
    saveConnection({ backend: 'pool', name: 'All', config: { strategy: 'fallback', members }, ...more });
  const read = async (id: string) => (await getConnection(id)) as Connection;
  const of = (...ids: string[]) => ids.map((connectionId) => ({ connectionId }));

  it('is a connection like any other, with its members in their order', async () => {
    const id = await save([{ connectionId: work, model: 'large' }, { connectionId: home }]);
    const pool = await read(id);
    expect(isPool(pool)).toBe(true);
    expect(poolMembers(pool, await listConnections())).toEqual([
      { connectionId: work, model: 'large', connection: await read(work) },
      { connectionId: home, connection: await read(home) },
    ]);
    const copy = await read(await duplicateConnection(id));
    expect(copy).toMatchObject({ name: 'All (2)', backend: 'pool', config: pool.config });
  });

  it('falls back unless told to spread', async () => {
    const id = await saveConnection({ backend: 'pool', config: { members: of(home) } });
    expect(await read(id)).toMatchObject({ name: 'Pool', config: { strategy: 'fallback' } });
  });

  it.each([
    ['without members', () => [], 'Add a connection'],
    ['with a member that is not there', () => of('gone'), '"gone"'],
    ['with the same member twice', () => of(home, home), 'twice'],
  ])('is refused %s', async (_, members, word) => {
    await expect(save(members())).rejects.toMatchObject({ code: 'bad-request', message: expect.stringContaining(word) });
    expect(await listConnections()).toHaveLength(3);
  });

  it('may hold one connection with several models', async () => {
    await save([
      { connectionId: home, model: 'one' },
      { connectionId: home, model: 'two' },
    ]);
  });

  it('is refused with a strategy nobody knows', async () => {
    const draft = { backend: 'pool', config: { strategy: 'magic', members: of(home) } } as const;
    await expect(saveConnection(draft)).rejects.toMatchObject({ code: 'bad-request', message: expect.stringContaining('strategy') });
  });

  it('never holds a pool, not itself, and not a member that becomes one', async () => {
    const id = await save(of(home));
    await expect(save(of(id))).rejects.toMatchObject({ message: expect.stringContaining('cannot be a member of a pool') });
    await expect(save(of(home, id), { id })).rejects.toMatchObject({ code: 'bad-request' });
    const becoming = { id: home, backend: 'pool', config: { strategy: 'spread', members: of(work) } } as const;
    await expect(saveConnection(becoming)).rejects.toMatchObject({ message: expect.stringContaining('"All"') });
  });

  it('keeps the place of a member that was removed, and can be changed all the same', async () => {
    const id = await save(of(home, work));
    await removeConnection(home);
    expect(poolMembers(await read(id), await listConnections())).toEqual([
      { connectionId: home },
      { connectionId: work, connection: await read(work) },
    ]);
    await saveConnection({ id, backend: 'pool', name: 'Rest' });
    expect(await read(id)).toMatchObject({ name: 'Rest', revision: 1 });
    expect(() => checkPool({ id: 'new', config: { members: of(home) } }, [])).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });

  it('counts as another service when data may go to another place: a member more, or one that moved', async () => {
    const id = await save(of(home));
    await save([{ connectionId: home, model: 'other' }], { id });
    expect(await read(id)).toMatchObject({ revision: 1 });
    await save(of(home, work), { id });
    expect(await read(id)).toMatchObject({ revision: 2 });
    await save(of(work, home), { id });
    await saveConnection({ id: work, backend: 'openai', name: 'Job' });
    expect(await read(id)).toMatchObject({ revision: 2 });
    await saveConnection({ id: work, backend: 'openai', config: { baseUrl: 'https://other.example' } });
    expect(await read(id)).toMatchObject({ revision: 3 });
    await save(of(home), { id });
    expect(await read(id)).toMatchObject({ revision: 3 });
  });

  it('is as far away as its farthest member, and names every host', async () => {
    const pool = await read(await save(of(home, cellar, work)));
    const all = await listConnections();
    expect(whereabouts(pool, all)).toEqual({ place: 'company', host: '127.0.0.1:8080, 192.168.1.5:11434, api.openai.com' });
    await removeConnection(work);
    expect(whereabouts(pool, await listConnections())).toMatchObject({ place: 'network', host: '127.0.0.1:8080, 192.168.1.5:11434' });
    expect(whereabouts(pool, [])).toEqual({ place: 'device' });
  });
});
