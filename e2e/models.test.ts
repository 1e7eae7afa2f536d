import { readFile } from 'node:fs/promises';
import type { ElementHandle, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOllama } from '../lib/testing/emulators/ollama.ts';
import { startTabby } from '../lib/testing/emulators/tabbyapi.ts';
import type { Emulator } from '../lib/testing/kit/start-emulator.ts';
import { browsers, launch, type Stage, until } from './harness.ts';
import { serveSite } from './site.ts';

describe.each(browsers)('models and files, in %s', (name) => {
  let stage: Stage;
  let ollama: Emulator;
  let tabby: Emulator;
  let ids: { ollama: string; tabby: string };

  beforeAll(async () => {
    ollama = await startOllama();
    tabby = await startTabby({ adminKey: 'admin' });
    stage = await launch(name);
    ids = await stage.options.evaluate(
      async (ollama, tabby) => {
        const { ready, connections, defaults, secrets } = globalThis.switchboard;
        await ready();
        const ids = {
          ollama: await connections.save({ backend: 'ollama', config: { baseUrl: ollama } }),
          tabby: await connections.save({ backend: 'tabbyapi', config: { baseUrl: tabby } }),
        };
        await secrets.set(ids.tabby, 'admin', 'adminKey');
        await defaults.set({ connectionId: ids.tabby });
        return ids;
      },
      ollama.url,
      tabby.url,
    );
  });
  afterAll(async () => {
    await stage?.close();
    await ollama?.close();
    await tabby?.close();
  });

  it('a server gets a model that is asked for, also while the page is away, and deletes it only when one is sure', async () => {
    const page = stage.options;
    await goTo(page, `connections/${ids.ollama}`);
    ollama.scenario = { tokenDelayMs: 250 };
    await page.waitForSelector('#pull');
    await page.type('#pull', 'ollama pull tiny:1b');
    await page.keyboard.press('Enter');
    await page.waitForSelector('progress');
    await reload(page);
    await until(() => ollama.requests.some(({ path, outcome }) => path === '/api/pull' && outcome === 'answered'), 'the download to end');
    await button(page, 'Delete tiny:1b').then((each) => each.click());
    expect(ollama.requests.some(({ path }) => path === '/api/delete')).toBe(false);
    await button(page, "Delete it from the server's disk, 2 GB").then((each) => each.click());
    await until(async () => !(await textOf(page)).includes('tiny:1b'), 'the model to be gone');
    expect(ollama.requests.some(({ path }) => path === '/api/delete')).toBe(true);
  });

  it('a server without a loaded model loads one from the chat, and the question is answered then', async () => {
    await fetch(`${tabby.url}/v1/model/unload`, { method: 'POST', headers: { 'x-admin-key': 'admin' } });
    const popup = await stage.openExtensionPage('/popup.html');
    await popup.bringToFront();
    await popup.waitForSelector('textarea');
    await popup.type('textarea', 'Hello');
    await popup.keyboard.press('Enter');
    tabby.scenario = { tokenDelayMs: 100 };
    await button(popup, 'Load').then((each) => each.click());
    await popup.waitForSelector('progress');
    await until(async () => (await textOf(popup)).includes('tok/s'), 'the answer', 10_000);
    await popup.close();
  });

  it('images come into the chat by paste and by drop, a model file into the browser by drop', async () => {
    await stage.options.evaluate(async (connectionId) => {
      await globalThis.switchboard.connections.test(connectionId);
      await globalThis.switchboard.defaults.set({ connectionId, model: 'llava:7b' });
    }, ids.ollama);
    const popup = await stage.openExtensionPage('/popup.html');
    await popup.waitForSelector('textarea');
    await drop(popup, 'textarea', 'paste', image);
    await popup.waitForSelector('.attached');
    await drop(popup, 'main', 'drop', image);
    await until(async () => (await popup.$$('.attached')).length === 2, 'both images');
    await popup.close();
    const page = stage.options;
    await goTo(page, 'models');
    const model = await readFile(new URL('../public/models/pocket.gguf', import.meta.url));
    await page.waitForSelector('.drop');
    await drop(page, '.drop', 'drop', { name: 'own.gguf', type: '', base64: model.toString('base64') });
    await until(async () => (await page.$$('.offer strong')).length === 2, 'the second model');
  });

  it('a model file is downloaded into the browser, also while the page is away', async () => {
    const model = await readFile(new URL('../public/models/pocket.gguf', import.meta.url));
    let isWaiting = false;
    let goOn = () => {};
    const site = await serveSite({
      '/model.gguf': async (_, response) => {
        response.writeHead(200, { 'content-length': model.length });
        response.write(model.subarray(0, 500_000));
        isWaiting = true;
        await new Promise<void>((resolve) => (goOn = resolve));
        response.end(model.subarray(500_000));
      },
    });
    const page = stage.options;
    await goTo(page, 'models');
    await page.waitForSelector('#model-url');
    const before = (await page.$$('.offer strong')).length;
    await page.type('#model-url', site.url('/model.gguf'));
    await page.keyboard.press('Enter');
    await until(() => isWaiting, 'the download to begin');
    await reload(page);
    await page.waitForSelector('progress');
    goOn();
    await until(async () => (await page.$$('.offer strong')).length === before + 1, 'the model to be there', 10_000);
    await site.close();
  });
});

const image = {
  name: 'dot.png',
  type: 'image/png',
  base64: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
};

/** As the browser does it when a file is pasted or let go over an element. */
async function drop(page: Page, selector: string, type: 'paste' | 'drop', file: typeof image): Promise<void> {
  await page.$eval(
    selector,
    (element, type, { name, type: mediaType, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], name, { type: mediaType }));
      const event = new Event(type, { bubbles: true, cancelable: true });
      // Firefox takes no files into a paste event that is made by hand.
      Object.defineProperty(event, type === 'paste' ? 'clipboardData' : 'dataTransfer', { value: data });
      element.dispatchEvent(event);
    },
    type,
    file,
  );
}

async function goTo(page: Page, section: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, section);
}

/** `page.reload()` waits for a load that an extension page in Firefox does not tell of; a mark in the old document does not. */
async function reload(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.body.dataset.old = '';
    setTimeout(() => location.reload());
  });
  await until(() => page.evaluate(() => document.body?.dataset.old === undefined).catch(() => false), 'the page to load again');
}

/** A button by the name that is read out, or else by its text. */
async function button(page: Page, name: string) {
  const found = await page.waitForFunction(
    (name) => [...document.querySelectorAll('button')].find((each) => (each.ariaLabel ?? each.textContent) === name),
    {},
    name,
  );
  return found.asElement() as ElementHandle<HTMLButtonElement>;
}

function textOf(page: Page): Promise<string> {
  return page.evaluate(() => document.body.textContent ?? '');
}
