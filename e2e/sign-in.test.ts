import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOpenRouter } from '../lib/testing/emulators/openrouter.ts';
import type { Emulator } from '../lib/testing/kit/start-emulator.ts';
import { browsers, launch, type Stage } from './harness.ts';

const key = ['sk', 'or', 'v1', 'e2e'].join('-');

describe.each(browsers)('signing in at OpenRouter, in %s', (name) => {
  let stage: Stage;
  let service: Emulator;
  beforeAll(async () => {
    service = await startOpenRouter({ apiKey: key });
    stage = await launch(name);
    await stage.options.evaluate(async (baseUrl) => {
      const id = await globalThis.switchboard.connections.save({ backend: 'openrouter', name: 'OpenRouter', config: { baseUrl } });
      location.hash = `connections/${id}`;
    }, service.url);
    await stage.options.waitForSelector('#field-key');
  });
  afterAll(async () => {
    await stage?.close();
    await service?.close();
  });

  const keyOf = () => stage.options.evaluate(() => document.querySelector<HTMLInputElement>('#field-key')?.value);
  const press = (label: string) =>
    stage.options.evaluate((label) => {
      const buttons = [...document.querySelectorAll('button')].filter(({ textContent }) => textContent === label);
      buttons.at(-1)?.click();
    }, label);

  it('by a code gives a key', async () => {
    await press('Sign in by code');
    await stage.options.waitForSelector('#sign-in-code');
    const codeShown = async () => {
      const texts = (await stage.browser.pages()).map((page) => page.evaluate(() => document.body.innerText).catch(() => ''));
      return /auth_code_\d+/.exec((await Promise.all(texts)).join(' '))?.[0];
    };
    await expect.poll(codeShown, { timeout: 10_000 }).toBeDefined();
    await stage.options.bringToFront();
    await stage.options.type('#sign-in-code', (await codeShown()) ?? '');
    await press('Connect');
    await expect.poll(keyOf, { timeout: 5000 }).toBe(key);
  });

  it('in a window of the browser gives a key, which works once it is saved', async () => {
    await stage.options.evaluate(() => {
      const field = document.querySelector<HTMLInputElement>('#field-key');
      if (!field) return;
      field.value = '';
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
    expect(await keyOf()).toBe('');
    await press('Sign in with OpenRouter');
    await expect.poll(keyOf, { timeout: 10_000 }).toBe(key);
    await press('Save');
    const asked = () => service.requests.filter(({ path }) => path === '/api/v1/key').map(({ headers }) => headers.authorization);
    await expect.poll(asked, { timeout: 5000 }).toContain(`Bearer ${key}`);
  });
});
