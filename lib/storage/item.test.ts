import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { type Copies, restoreLost } from './copies.ts';
import { createItem } from './item.ts';
import { createMemoryDatabase } from './memory-database.ts';

const area = 'local';
const parse = (stored: unknown) => {
  if (!Array.isArray(stored)) throw new TypeError('not a list');
  return stored as number[];
};
let copies: Copies = createMemoryDatabase();
const makeItem = () => createItem<number[]>({ area, key: 'numbers', version: 2, fallback: [], parse, hasCopy: true, copies });

describe('a value in extension storage', () => {
  beforeEach(() => {
    fakeBrowser.reset();
    copies = createMemoryDatabase();
  });

  it('loses none of a hundred changes made at once from two contexts', async () => {
    const contexts = [makeItem(), makeItem()];
    await Promise.all(Array.from({ length: 100 }, (_, n) => contexts[n % 2]?.update((numbers) => [...numbers, n])));
    expect((await makeItem().get()).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n));
  });

  it('hears of a change made in another context, without reading again', async () => {
    const here = makeItem();
    const heard: number[][] = [];
    here.watch((numbers) => heard.push(numbers));
    expect(await here.get()).toEqual([]);
    await makeItem().update(() => [7]);
    expect(heard).toEqual([[7]]);
    expect(await here.get()).toEqual([7]);
  });

  it('tells every listener, also when one of them asks for the value anew', async () => {
    const here = makeItem();
    const heard: number[][] = [];
    here.watch(() => void here.fresh());
    here.watch((numbers) => heard.push(numbers));
    await here.get();
    await makeItem().update(() => [7]);
    expect(heard).toEqual([[7]]);
  });

  it('is read once for all who ask meanwhile, and again for who wants it as it is now', async () => {
    await makeItem().update(() => [1]);
    const item = makeItem();
    const { local } = fakeBrowser.storage;
    const real = local.get.bind(local);
    const answers: (() => void)[] = [];
    let isHeld = true;
    const get = vi.spyOn(local, 'get').mockImplementation(async (...asked) => {
      const stored = await real(...(asked as Parameters<typeof real>));
      if (isHeld) await new Promise<void>((resolve) => answers.push(resolve));
      return stored;
    });
    const asked = [item.get(), item.get()];
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    await real(['numbers']).then((stored) => local.set({ numbers: { ...(stored.numbers as object), value: [2] } }));
    isHeld = false;
    expect(await item.fresh()).toEqual([2]);
    for (const answer of answers) answer();
    expect(await Promise.all(asked)).toEqual([[2], [2]]);
    expect(await item.get()).toEqual([2]);
    expect(get).toHaveBeenCalledTimes(2);
    get.mockRestore();
  });

  it('is read again in a browser that started anew', async () => {
    const here = makeItem();
    await here.update(() => [1]);
    await fakeBrowser.storage.local.clear();
    fakeBrowser.reset();
    await fakeBrowser.storage.local.set({ numbers: { v: 2, value: [2] } });
    expect(await here.get()).toEqual([2]);
  });

  it('writes nothing when the change returns the same value', async () => {
    const item = makeItem();
    let writes = 0;
    item.watch(() => writes++);
    await item.update((numbers) => numbers);
    expect(writes).toBe(0);
  });

  it('falls back to its copy when it is damaged, and when the browser has emptied its storage', async () => {
    await makeItem().update(() => [1, 2]);
    await fakeBrowser.storage.local.set({ numbers: { v: 2, value: 'half of' } });
    expect(await makeItem().get()).toEqual([1, 2]);
    await fakeBrowser.storage.local.clear();
    expect(await makeItem().get()).toEqual([1, 2]);
    await makeItem().update((numbers) => [...numbers, 3]);
    expect(await fakeBrowser.storage.local.get('numbers')).toEqual({ numbers: { v: 2, n: 2, value: [1, 2, 3] } });
  });

  it('comes back with all others that were lost, whichever is changed first', async () => {
    const other = () => createItem<number[]>({ area, key: 'other', fallback: [], parse, hasCopy: true, copies });
    await makeItem().update(() => [1]);
    await other().update(() => [2]);
    await fakeBrowser.storage.local.clear();
    await Promise.all([makeItem().update((numbers) => [...numbers, 3]), other().update((numbers) => [...numbers, 4])]);
    await makeItem().update((numbers) => [...numbers, 5]);
    expect([await makeItem().get(), await other().get()]).toEqual([
      [1, 3, 5],
      [2, 4],
    ]);
    await fakeBrowser.storage.local.clear();
    await makeItem().update((numbers) => [...numbers, 6]);
    expect(await other().get()).toEqual([2, 4]);
  });

  it('comes back where the browser forgot at its start what it had taken, and only there', async () => {
    await makeItem().update(() => [1]);
    const early = await fakeBrowser.storage.local.get(null);
    await makeItem().update(() => [1, 2]);
    await fakeBrowser.storage.local.set(early);
    expect(await makeItem().get()).toEqual([1]);
    await fakeBrowser.storage.session.clear();
    await restoreLost(copies);
    expect(await makeItem().get()).toEqual([1, 2]);

    const newer = { v: 3, value: [9] };
    await fakeBrowser.storage.local.set({ numbers: newer });
    await fakeBrowser.storage.session.clear();
    await restoreLost(copies);
    expect(await fakeBrowser.storage.local.get('numbers')).toEqual({ numbers: newer });
  });

  it('asks for no copy where nothing was lost', async () => {
    let reads = 0;
    const counted: Copies = { ...copies, get: async (...asked) => copies.get(...asked).finally(() => reads++) };
    const other = () => createItem<number[]>({ area, key: 'other', fallback: [], parse, hasCopy: true, copies: counted });
    await makeItem().update(() => [1]);
    expect(await other().get()).toEqual([]);
    await other().update(() => [2]);
    expect(await other().get()).toEqual([2]);
    expect(reads).toBe(0);
  });

  it('is kept where the disk takes no copy', async () => {
    copies = { ...copies, write: () => Promise.reject(new Error('The disk is full')) };
    await makeItem().update(() => [1]);
    expect(await makeItem().get()).toEqual([1]);
  });

  it('says that it is damaged when the copy is too, and writes nothing over it', async () => {
    await fakeBrowser.storage.local.set({ numbers: 'damaged', other: 1 });
    await copies.write([{ store: 'values', key: 'numbers', row: null }]);
    await expect(makeItem().get()).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('numbers') });
    await expect(makeItem().update(() => [])).rejects.toMatchObject({ code: 'internal' });
    expect(await fakeBrowser.storage.local.get('numbers')).toEqual({ numbers: 'damaged' });
  });

  it('shows what a newer version wrote and never writes over it', async () => {
    const newer = { v: 3, value: [9] };
    await fakeBrowser.storage.local.set({ numbers: newer });
    expect(await makeItem().get()).toEqual([9]);
    await expect(makeItem().update(() => [1])).rejects.toMatchObject({ code: 'not-supported' });
    expect(await fakeBrowser.storage.local.get('numbers')).toEqual({ numbers: newer });
  });

  it.each(['read', 'write'] as const)('reports a storage that fails to %s and changes nothing', async (verb) => {
    await makeItem().update(() => [1]);
    const { local } = fakeBrowser.storage;
    const original = { get: local.get, set: local.set };
    const failing = () => Promise.reject(new Error('An unexpected error occurred'));
    Object.assign(local, verb === 'read' ? { get: failing } : { set: failing });
    try {
      const item = makeItem();
      await expect(item.update(() => [2])).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining(verb) });
    } finally {
      Object.assign(local, original);
    }
    expect(await makeItem().get()).toEqual([1]);
  });
});
