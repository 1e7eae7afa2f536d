import axe from 'axe-core';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browsers, until } from './harness.ts';
import { allow, ask, openPage, openScene, type Scene } from './scene.ts';

const screens = [
  '/popup.html',
  '/sidepanel.html',
  '/options.html',
  '/options.html#connections/new',
  '/options.html#connections/new/pool',
  '/options.html#connections/new/horde',
  '/options.html#sites',
  '/options.html#sites/https%3A%2F%2Fnotes.example',
  '/options.html#activity',
  '/options.html#models',
  '/options.html#keys',
  '/options.html#backup',
  '/options.html#about',
  '/playground.html',
  '/devtools-panel.html?tabId=1',
];

describe.each(browsers)('every screen, in %s', (name) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(name);
    await scene.stage.options.evaluate(async () => {
      for (const origin of ['https://notes.example', 'https://blocked.example']) {
        await globalThis.switchboard.grants.set({ origin, decision: origin.includes('blocked') ? 'block' : 'always' });
      }
    });
    // A call, so that there is activity to show.
    await allow(scene, scene.site.origin('localhost'));
    const page = await openPage(scene, '/', 'localhost');
    await ask(page, 'Hello');
    await page.close();
  });
  afterAll(() => scene?.close());

  it.each(screens)('%s renders, without a mistake that axe knows, by day and by night', async (path) => {
    const page = await scene.stage.openExtensionPage(path);
    for (const scheme of schemesOf(page)) {
      await useScheme(page, scheme);
      await until(() => page.evaluate(() => (document.body.textContent ?? '').trim().length > 20), 'the screen to show something');
      expect(await mistakes(page)).toEqual([]);
    }
    await page.close();
  });

  it('/consent.html does too, with a question in it', async () => {
    const page = await openPage(scene);
    const asked = ask(page, 'May I?');
    const consent = await scene.stage.waitForExtensionPage('/consent.html');
    await consent.waitForSelector('button');
    for (const scheme of schemesOf(consent)) {
      await useScheme(consent, scheme);
      expect(await mistakes(consent)).toEqual([]);
    }
    await consent.close();
    expect(await asked).toMatchObject({ error: { code: 'denied' } });
    await page.close();
  });
});

type Scheme = 'light' | 'dark';

/** Only Chromium lets a driver choose. */
function schemesOf(page: Page): Scheme[] {
  return page.browser().process()?.spawnfile.includes('firefox') ? ['light'] : ['light', 'dark'];
}

async function useScheme(page: Page, scheme: Scheme): Promise<void> {
  if (schemesOf(page).length === 1) return;
  // Without movement, or colours would be measured on their way from one to the other.
  const still = { name: 'prefers-reduced-motion', value: 'reduce' };
  await page.emulateMediaFeatures([still, { name: 'prefers-color-scheme', value: scheme }]);
}

/** What axe finds wrong, one line for each element. */
async function mistakes(page: Page): Promise<string[]> {
  await until(() => page.evaluate(isAtRest), 'the screen to come to rest');
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`));
}

/** Nobody is looking for servers, after which the first button changes its colour, and no colour is on its way. */
function isAtRest(): boolean {
  return !document.querySelector('.ways .lamp.busy') && document.getAnimations().every(({ playState }) => playState !== 'running');
}
