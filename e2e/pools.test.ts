import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLlamaCpp } from '../lib/testing/emulators/llamacpp.ts';
import type { Emulator } from '../lib/testing/kit/start-emulator.ts';
import { browsers, launch, type Stage, until } from './harness.ts';

describe.each(browsers)('a pool, in %s', (name) => {
  let stage: Stage;
  let attic: Emulator;
  let cellar: Emulator;

  beforeAll(async () => {
    attic = await startLlamaCpp({ scenario: { tokens: ['from the attic'] } });
    cellar = await startLlamaCpp({ scenario: { tokens: ['from the cellar'] } });
    stage = await launch(name);
    await stage.options.evaluate(
      async (attic, cellar) => {
        const { ready, connections } = globalThis.switchboard;
        await ready();
        await connections.save({ backend: 'llamacpp', name: 'Attic', config: { baseUrl: attic } });
        await connections.save({ backend: 'llamacpp', name: 'Cellar', config: { baseUrl: cellar } });
      },
      attic.url,
      cellar.url,
    );
  });
  afterAll(async () => {
    await stage?.close();
    await attic?.close();
    await cellar?.close();
  });

  it('is made in the settings by keyboard, asks in the order shown there, and goes on when a member is down', async () => {
    const page = stage.options;
    await page.evaluate(() => {
      location.hash = 'connections/new/pool';
    });
    await page.waitForSelector('#name');
    await page.type('#name', 'Home');
    for (const member of ['Attic', 'Cellar']) {
      await page.focus('section select');
      await page.keyboard.type(member);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await until(async () => (await members(page)).includes(member), `${member} to be a member`);
    }
    await page.focus('button[aria-label="Move Cellar up"]');
    await page.keyboard.press('Enter');
    await until(async () => (await members(page))[0] === 'Cellar', 'Cellar to come first');
    expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toBe('Move Cellar up');
    await page.focus('button[type=submit]');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => [...document.querySelectorAll('button')].some((each) => each.textContent === 'Make default'));
    await page.evaluate(() => [...document.querySelectorAll('button')].find((each) => each.textContent === 'Make default')?.click());

    const popup = await stage.openExtensionPage('/popup.html');
    await popup.bringToFront();
    await popup.waitForSelector('textarea');
    await ask(popup);
    await until(async () => (await answer(popup)).includes('from the cellar'), 'the first member to answer');
    await cellar.close();
    await ask(popup);
    await until(async () => (await answer(popup)).includes('from the attic'), 'the next member to answer', 10_000);
    await popup.close();
  });
});

function members(page: Page): Promise<string[]> {
  return page.$$eval('ol strong', (names) => names.map((each) => each.textContent ?? ''));
}

async function ask(popup: Page): Promise<void> {
  await popup.type('textarea', 'Where are you?');
  await popup.keyboard.press('Enter');
}

function answer(popup: Page): Promise<string> {
  return popup.$$eval('article', (turns) => turns.at(-1)?.textContent ?? '');
}
