import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { availableBackends } from '../backends/all.ts';
import type { Backend } from '../backends/backend.ts';
import { ollama } from '../backends/ollama/ollama.ts';
import { openrouter } from '../backends/openrouter/openrouter.ts';
import { startOpenRouter } from '../testing/emulators/openrouter.ts';
import { asObject } from '../testing/kit/exchange.ts';
import type { Emulator } from '../testing/kit/start-emulator.ts';
import { type AuthWindow, signIn, signInByCode } from './sign-in.ts';

const key = ['sk', 'or', 'v1', 'test'].join('-');
const redirect = 'https://abcdefghijklmnop.chromiumapp.org/';
const backend = availableBackends.find(({ id }) => id === 'openrouter') as Backend;
let emulator: Emulator;

beforeEach(async () => {
  emulator = await startOpenRouter({ apiKey: key });
});
afterEach(() => emulator.close());

const config = () => ({ baseUrl: emulator.url });
const { signal } = new AbortController();

/** The browser's window, in which the user agrees at once. */
const agreeing: AuthWindow = {
  getRedirectURL: () => redirect,
  async launchWebAuthFlow({ url }) {
    return (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? undefined;
  },
};

describe('signing in', () => {
  it('ends with a key that the user never saw', async () => {
    expect(await signIn(backend, config(), signal, agreeing)).toEqual({ key });
    const [page, exchange] = emulator.requests;
    const query = new URLSearchParams(page?.query);
    expect(Object.fromEntries(query)).toMatchObject({ callback_url: redirect, code_challenge_method: 'S256', key_label: 'Switchboard' });
    // What proves the sign-in goes to the service alone, and only with the code.
    expect(page?.query).not.toContain(String(asObject(exchange?.body).code_verifier));
    expect(exchange?.headers).not.toHaveProperty('authorization');
  });

  it('goes to OpenRouter itself where no other address is set', async () => {
    let asked = '';
    const window: AuthWindow = {
      ...agreeing,
      async launchWebAuthFlow({ url }) {
        asked = url;
        throw new Error('The user did not approve access.');
      },
    };
    await expect(signIn(backend, {}, signal, window)).rejects.toMatchObject({ code: 'aborted' });
    expect(asked).toMatch(/^https:\/\/openrouter\.ai\/auth\?/);
  });

  it.each([
    ['The user did not approve access.', 'aborted'],
    ['User cancelled or denied access.', 'aborted'],
    ['Authorization page could not be loaded.', 'unreachable'],
  ])('that ends with %j fails as %s', async (said, code) => {
    const window: AuthWindow = { ...agreeing, launchWebAuthFlow: () => Promise.reject(new Error(said)) };
    await expect(signIn(backend, config(), signal, window)).rejects.toMatchObject({ code });
  });

  it.each([undefined, `${redirect}?error=access_denied`, 'nonsense'])('that ends at %j gives no key', async (address) => {
    const window: AuthWindow = { ...agreeing, launchWebAuthFlow: async () => address };
    await expect(signIn(backend, config(), signal, window)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('with a code of another sign-in, or with one that was used, says so', async () => {
    const window: AuthWindow = { ...agreeing, launchWebAuthFlow: async () => `${redirect}?code=auth_code_9` };
    await expect(signIn(backend, config(), signal, window)).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('start again'),
    });
  });

  it('works by a code that the user copies, alone or with its address', async () => {
    for (const asAddress of [false, true]) {
      const byCode = await signInByCode(backend, config());
      expect(new URL(byCode.page).searchParams.has('callback_url')).toBe(false);
      const code = /auth_code_\d+/.exec(await (await fetch(byCode.page)).text())?.[0] ?? '';
      expect(await byCode.finish(asAddress ? `https://openrouter.ai/x?code=${code}` : ` ${code}\n`, signal)).toEqual({ key });
      await expect(byCode.finish(code, signal)).rejects.toMatchObject({ code: 'unauthorized' });
      await expect(byCode.finish(' ', signal)).rejects.toMatchObject({ code: 'bad-request' });
    }
  });

  it('is not there where a service has none', async () => {
    await expect(signIn(ollama as unknown as Backend, { baseUrl: emulator.url }, signal, agreeing)).rejects.toMatchObject({
      code: 'not-supported',
    });
    expect(openrouter.signIn).toBeDefined();
  });

  it('sends the proof nowhere but to the address of the connection', async () => {
    await emulator.close();
    await expect(
      signIn(backend, config(), signal, { ...agreeing, launchWebAuthFlow: async () => `${redirect}?code=a` }),
    ).rejects.toMatchObject({
      code: 'unreachable',
    });
  });
});
