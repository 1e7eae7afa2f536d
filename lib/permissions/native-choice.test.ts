import { beforeEach, describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { getNativeChoice, nativeUseOf, setNativeUse } from './native-choice.ts';

describe('whose LanguageModel a page gets', () => {
  beforeEach(() => fakeBrowser.reset());

  it('is the browser’s where it has one, until the user says otherwise, for all sites or for one', async () => {
    const useOf = async (origin: string) => nativeUseOf(await getNativeChoice(), origin);
    expect(await useOf('https://a.example')).toBe('when-missing');
    await setNativeUse('always', 'https://a.example');
    expect([await useOf('https://a.example'), await useOf('https://b.example')]).toEqual(['always', 'when-missing']);
    await setNativeUse('never');
    expect([await useOf('https://a.example'), await useOf('https://b.example')]).toEqual(['always', 'never']);
    await setNativeUse(undefined, 'https://a.example');
    expect(await useOf('https://a.example')).toBe('never');
    expect(await useOf('__proto__')).toBe('never');
  });

  it('falls back where what is stored is damaged', async () => {
    await fakeBrowser.storage.local.set({ 'native-choice': { v: 1, value: { usual: 'sometimes', sites: 3 } } });
    expect(await getNativeChoice()).toEqual({ usual: 'when-missing', sites: {} });
  });
});
