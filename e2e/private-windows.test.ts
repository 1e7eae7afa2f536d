import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerConsent } from './consent.ts';
import { browsers, until } from './harness.ts';
import { answerText, ask, openScene, type Scene } from './scene.ts';

/** What chrome://extensions itself uses; Firefox lets no driver say that an extension may run in private windows. */
interface WithDeveloperPrivate {
  chrome: {
    developerPrivate: {
      updateProfileConfiguration(change: { inDeveloperMode: boolean }): Promise<void>;
      updateExtensionConfiguration(change: { extensionId: string; incognitoAccess: boolean }): Promise<void>;
    };
  };
}

describe.runIf(browsers.includes('chromium'))('a private window, in chromium', () => {
  let scene: Scene;
  let options: Page;
  beforeAll(async () => {
    scene = await openScene('chromium');
    const page = await scene.stage.newPage('chrome://extensions');
    await page.evaluate(async (extensionId) => {
      const { developerPrivate } = (globalThis as unknown as WithDeveloperPrivate).chrome;
      await developerPrivate.updateProfileConfiguration({ inDeveloperMode: true });
      await developerPrivate.updateExtensionConfiguration({ extensionId, incognitoAccess: true });
    }, new URL(scene.stage.extensionOrigin).host);
    await page.close();
    // The browser starts the extension anew for that, and closes its pages.
    options = await scene.stage.newPage();
    const address = `${scene.stage.extensionOrigin}/options.html`;
    await until(() => options.goto(address).then(Boolean, () => false), 'the extension to be there again');
    await options.waitForFunction(() => 'switchboard' in globalThis);
  });
  afterAll(() => scene?.close());

  it('asks for itself, whatever ordinary windows were granted, and leaves nothing behind', async () => {
    const { stage, site } = scene;
    await options.evaluate((origin) => globalThis.switchboard.grants.set({ origin }).then(() => undefined), site.origin());
    const context = await stage.browser.createBrowserContext();
    const page = await context.newPage();
    await page.goto(site.url());
    await page.click('#ask');
    const asked = ask(page, 'A private matter');
    await answerConsent(stage, 'always');
    expect(await asked).toMatchObject({ text: answerText });
    const stored = await options.evaluate(async () => {
      const { storage } = (globalThis as unknown as { chrome: { storage: Record<'local' | 'session', { get(): Promise<object> }> } })
        .chrome;
      const grants = await globalThis.switchboard.grants.list();
      return {
        grants: grants.length,
        activity: await globalThis.switchboard.activity.list(),
        local: JSON.stringify(await storage.local.get()),
        session: JSON.stringify(await storage.session.get()),
      };
    });
    expect([stored.grants, stored.activity]).toEqual([1, []]);
    expect(stored.local).not.toContain('isPrivate');
    expect(stored.session).toContain('"isPrivate":true');
    await context.close();
  });
});
