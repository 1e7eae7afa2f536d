import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryDirectory } from '../testing/memory-directory.ts';
import { tinyGguf } from '../testing/tiny-gguf.ts';
import { type AddModel, type AddModelOptions, createAddModel } from './add-model.ts';
import { createModelStore, type ModelStore } from './model-store.ts';

const bytes = tinyGguf({ name: 'Counter' });
const model = (name = 'counter.gguf') => new File([bytes], name);

let directory: ReturnType<typeof createMemoryDirectory>;
let store: ModelStore & { addModel: AddModel };
let clock = 0;
beforeEach(() => {
  directory = createMemoryDirectory();
  store = open();
});

/** A store on the same files: what a restarted browser sees. */
function open(options: AddModelOptions = {}): ModelStore & { addModel: AddModel } {
  const all = { directory: async () => directory, now: () => ++clock, ...options };
  return { ...createModelStore(all), addModel: createAddModel(all) };
}

/** An answer of a web server with the model in it. */
const served = async () => new Response(bytes, { headers: { 'content-length': String(bytes.length) } });

describe('the models of this browser', () => {
  test('are Pocket first, always, and then those that were added, in that order', async () => {
    expect((await store.listModels()).map(({ id }) => id)).toEqual(['pocket']);

    await store.addModel(model('b.gguf'), 'B');
    await store.addModel(model('a.gguf'), 'A');

    expect((await open().listModels()).map(({ id, name, isDemo }) => [id, name, isDemo])).toEqual([
      ['pocket', 'Pocket (demo model)', true],
      ['b', 'B', undefined],
      ['a', 'A', undefined],
    ]);
  });

  test('keep what the file says of itself', async () => {
    const added = await store.addModel(model());

    expect(added).toMatchObject({
      id: 'counter',
      name: 'Counter',
      sizeBytes: bytes.length,
      source: 'file',
      contextWindow: 512,
      abilities: ['chat', 'text', 'schema'],
    });
    expect(new Uint8Array(await (await open().openModel('counter')).arrayBuffer())).toEqual(bytes);
  });

  test('come from an address too, and remember it', async () => {
    const added = await open({ fetch: served }).addModel('https://example.com/models/some.gguf?download=true');

    expect(added).toMatchObject({ id: 'some', name: 'Counter', source: 'url', url: 'https://example.com/models/some.gguf?download=true' });
  });

  test('never share an id, whatever they are called', async () => {
    const names = ['My Model!', 'my model', 'Pocket', '模型', 'модель', '../../etc/passwd'];
    const ids = [];
    for (const name of names) ids.push((await store.addModel(model(), name)).id);

    expect(ids).toEqual(['my-model', 'my-model-2', 'pocket-2', 'model', 'model-2', 'etc-passwd']);
  });

  test('do not collide when two are added at once', async () => {
    const added = await Promise.all([1, 2, 3].map(() => store.addModel(model(), 'Same')));

    expect(new Set(added.map(({ id }) => id)).size).toBe(3);
    expect(await store.listModels()).toHaveLength(4);
  });

  test('go when they are removed, and Pocket does not', async () => {
    await store.addModel(model(), 'A');
    await store.removeModel('a');

    expect(directory.files.size).toBe(0);
    await expect(store.openModel('a')).rejects.toMatchObject({ code: 'model-not-found' });
    await expect(store.removeModel('pocket')).rejects.toMatchObject({ code: 'bad-request' });
  });

  test('are watched, also by the one who adds', async () => {
    const listener = vi.fn();
    const unwatch = store.watchModels(listener);

    await store.addModel(model(), 'A');
    await expect.poll(() => listener.mock.calls.length).toBe(1);
    await store.removeModel('a');
    await expect.poll(() => listener.mock.calls.length).toBe(2);

    unwatch();
    await store.addModel(model(), 'B');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(listener).toHaveBeenCalledTimes(2);
  });
});

test('a browser that keeps no files has Pocket, and says why it takes no other', async () => {
  const none = open({
    directory: async () => {
      throw new DOMException('no files', 'SecurityError');
    },
  });

  expect((await none.listModels()).map(({ id }) => id)).toEqual(['pocket']);
  await expect(none.addModel(model())).rejects.toMatchObject({ code: 'backend-error', message: expect.stringContaining('private mode') });
});

describe('nothing is left of a model that could not be added', () => {
  test('because it is none', async () => {
    await expect(store.addModel(new File(['PK\x03\x04'], 'x.zip'))).rejects.toMatchObject({ code: 'bad-request' });

    expect(directory.files.size).toBe(0);
  });

  test('because its address is none', async () => {
    await expect(store.addModel('ftp://example.com/x.gguf')).rejects.toMatchObject({ code: 'bad-request' });
  });

  test('because it was stopped', async () => {
    const stop = new AbortController();
    const adding = store.addModel(model(), 'A', () => stop.abort(), stop.signal);

    await expect(adding).rejects.toMatchObject({ code: 'aborted' });
    expect(directory.files.size).toBe(0);
  });

  test('because the disk is full', async () => {
    const full = createMemoryDirectory({ room: 1000 });

    await expect(open({ directory: async () => full }).addModel(model())).rejects.toMatchObject({
      code: 'backend-error',
      message: expect.stringContaining('not enough room'),
    });
    expect(full.files.size).toBe(0);
  });

  test('because the browser closed half-way: the next one clears it away', async () => {
    directory.files.set('half.gguf', new Blob(['GGUF…']));
    directory.files.set('torn.gguf', new Blob([bytes]));
    directory.files.set('torn.json', new Blob(['{"id":"to']));
    expect((await store.listModels()).map(({ id }) => id)).toEqual(['pocket']);

    await store.addModel(model(), 'A');

    expect([...directory.files.keys()].filter((name) => name.endsWith('.gguf'))).toEqual(['a.gguf']);
  });

  test('while another is being added, that one is left alone', async () => {
    let release = () => {};
    const slow = open({
      fetch: async () => {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return served();
      },
    });
    const adding = slow.addModel('https://example.com/slow.gguf');
    await expect.poll(() => directory.files.has('slow.gguf')).toBe(true);

    await store.addModel(model(), 'A');
    expect(directory.files.has('slow.gguf')).toBe(true);
    release();

    expect((await adding).id).toBe('slow');
    expect((await store.listModels()).map(({ id }) => id)).toEqual(['pocket', 'a', 'slow']);
  });
});
