import { beforeEach, expect, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { cachedModels, forgetModels, rememberModels, watchModelCache } from './model-cache.ts';

beforeEach(() => fakeBrowser.reset());

test('who watches hears the list as it is now, also when an older one was read before', async () => {
  const heard = vi.fn();
  const undo = watchModelCache(heard);
  await rememberModels('a', [{ id: 'one' }]);
  expect(await cachedModels('a')).toEqual([{ id: 'one' }]);
  const key = 'models:a';
  const stored = (await fakeBrowser.storage.local.get(key)) as Record<string, { value: object }>;
  // As another page or the background writes it.
  await fakeBrowser.storage.local.set({ [key]: { ...stored[key], value: { models: [{ id: 'one' }, { id: 'two' }], at: 1 } } });
  await vi.waitFor(() => expect(heard).toHaveBeenLastCalledWith('a', [{ id: 'one' }, { id: 'two' }]));
  await forgetModels('a');
  await vi.waitFor(() => expect(heard).toHaveBeenLastCalledWith('a', []));
  undo();
});
