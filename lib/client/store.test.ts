import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PageModel } from '../protocol/model.ts';
import type { ProviderEvents, SwitchboardProvider } from '../protocol/provider.ts';
import { type AIStore, createAIStore } from './store.ts';

const page = new EventTarget();
const names = ['addEventListener', 'removeEventListener', 'dispatchEvent'] as const;
beforeEach(() => {
  for (const name of names) Object.assign(globalThis, { [name]: page[name].bind(page) });
});
afterEach(() => {
  for (const name of names) Reflect.deleteProperty(globalThis, name);
});

const tiny: PageModel = { id: 'tiny', name: 'Tiny', place: 'device', isDefault: true };

it('looks, finds, and follows what changes, with another object for each change', async () => {
  const { tell, listeners, undo } = announceProvider();
  const store = createAIStore();
  expect(store.get()).toEqual({ status: 'looking' });
  const stop = store.subscribe(() => {});
  await until(store, 'ready');
  const first = store.get();
  expect(first).toMatchObject({ access: { state: 'granted' }, model: tiny });
  expect(store.get()).toBe(first);
  tell('modelchanged', { ...tiny, id: 'other' });
  expect(store.get()).toMatchObject({ status: 'ready', model: { id: 'other' } });
  tell('accesschanged', { state: 'denied', models: [] });
  expect(store.get()).toMatchObject({ access: { state: 'denied' } });
  expect(store.get()).not.toBe(first);
  stop();
  expect(listeners.size).toBe(0);
  undo();
});

it('says that there is none, with what an interface needs to offer one', async () => {
  const store = createAIStore({ timeout: 1 });
  let told = 0;
  const stop = store.subscribe(() => {
    told += 1;
  });
  await until(store, 'missing');
  expect(store.get()).toMatchObject({ error: { code: 'not-installed' } });
  expect(told).toBe(1);
  stop();
});

async function until(store: AIStore, status: string): Promise<void> {
  while (store.get().status !== status) await new Promise((resolve) => setTimeout(resolve, 1));
}

function announceProvider() {
  const listeners = new Map<keyof ProviderEvents, (value: never) => void>();
  const provider = {
    permissions: { query: async () => ({ state: 'granted', models: [tiny] }) },
    on(name: keyof ProviderEvents, listener: (value: never) => void) {
      listeners.set(name, listener);
      return () => listeners.delete(name);
    },
  } as unknown as SwitchboardProvider;
  const announce = () => page.dispatchEvent(new CustomEvent('ai:announceProvider', { detail: { provider } }));
  page.addEventListener('ai:requestProvider', announce);
  return {
    listeners,
    tell: <Name extends keyof ProviderEvents>(name: Name, value: ProviderEvents[Name]) => listeners.get(name)?.(value as never),
    undo: () => page.removeEventListener('ai:requestProvider', announce),
  };
}
