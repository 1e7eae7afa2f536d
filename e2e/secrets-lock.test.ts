import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOpenAi } from '../lib/testing/emulators/openai.ts';
import type { Emulator } from '../lib/testing/kit/start-emulator.ts';
import { browsers, until } from './harness.ts';
import { allow, ask, openPage, openScene, type Scene } from './scene.ts';

const key = `sk-${'test'.repeat(3)}-locked`;
const words = 'four words are enough';

describe.each(browsers)('keys behind a passphrase, in %s', (name) => {
  let scene: Scene;
  let service: Emulator;
  let page: Page;
  beforeAll(async () => {
    service = await startOpenAi({ apiKey: key, scenario: { tokens: ['Paid ', 'for'] } });
    scene = await openScene(name);
    await scene.stage.options.evaluate(
      async (baseUrl, key) => {
        const { connections, defaults, secrets } = globalThis.switchboard;
        const id = await connections.save({ backend: 'openai', name: 'Service', config: { baseUrl } });
        await secrets.set(id, key);
        await defaults.set({ connectionId: id });
      },
      `${service.url}/v1`,
      key,
    );
    await allow(scene, scene.site.origin());
    page = await openPage(scene);
  });
  afterAll(async () => {
    await scene?.close();
    await service?.close();
  });

  it('are used once it was set, also after the background slept', async () => {
    const screen = await scene.stage.openExtensionPage('/options.html#keys');
    await screen.waitForSelector('input[autocomplete="new-password"]');
    for (const field of await screen.$$('input[autocomplete="new-password"]')) await field.type(words);
    await screen.click('button[type="submit"]');
    await screen.waitForSelector('#lock-after');
    await screen.close();
    await page.bringToFront();
    expect(await ask(page, 'Hello')).toMatchObject({ text: 'Paid for' });
    await scene.stage.stopBackground();
    expect(await ask(page, 'Hello')).toMatchObject({ text: 'Paid for' });
  });

  it('lock: what runs may finish, and a site is told no more than that the user is needed', async () => {
    service.next({ tokens: Array(40).fill('word '), tokenDelayMs: 50 });
    const running = ask(page, 'A long one');
    await until(() => service.requests.some(({ outcome }) => outcome === 'open'), 'the answer to begin');
    const screen = await scene.stage.openExtensionPage('/options.html#keys');
    await screen.waitForSelector('#lock-after');
    await screen.$$eval('button', (buttons) => buttons.find(({ textContent }) => textContent === 'Lock now')?.click());
    await screen.waitForSelector('input[autocomplete="current-password"]');
    await screen.close();
    await page.bringToFront();
    const before = service.requests.length;
    const asked = await ask(page, 'Hello');
    expect(asked).toMatchObject({ error: { code: 'needs-user', name: 'NotAllowedError' } });
    expect(JSON.stringify(asked)).not.toMatch(/key|passphrase|Service/);
    expect(service.requests.length).toBe(before);
    expect(await running).toMatchObject({ text: 'word '.repeat(40) });
    await scene.stage.stopBackground();
    expect(await ask(page, 'Hello')).toMatchObject({ error: { code: 'needs-user' } });
  });

  it('are opened from the popup, by the right passphrase alone', async () => {
    const popup = await scene.stage.openExtensionPage('/popup.html');
    await popup.waitForSelector('.unlock input');
    await popup.type('.unlock input', 'not these words');
    await popup.click('.unlock button[type="submit"]');
    await popup.waitForSelector('.unlock .wrong');
    await popup.$eval('.unlock input', (input) => (input as HTMLInputElement).select());
    await popup.type('.unlock input', words);
    await popup.click('.unlock button[type="submit"]');
    await until(async () => (await popup.$('.unlock')) === null, 'the popup to be open');
    await popup.close();
    await page.bringToFront();
    expect(await ask(page, 'Hello')).toMatchObject({ text: 'Paid for' });
  });
});
