import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JSHandle, Page } from 'puppeteer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startLlamaCpp } from '../lib/testing/emulators/llamacpp.ts';
import { evaluateInFirefox } from './firefox-system.ts';
import { browsers, until } from './harness.ts';
import { allow, answerText, ask, openPage, openScene, type Scene, untilAnswering } from './scene.ts';

/** What a page had of an answer when it ended, and how it ended. */
interface Cut {
  text: string;
  ended: string;
  settled: number;
}

describe.each(browsers)('a background that dies, in %s', (name) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(name);
    await allow(scene, scene.site.origin());
  });
  beforeEach(() => scene.server.reset());
  afterAll(() => scene?.close());

  const paid = () => scene.server.requests.filter(({ path }) => path.endsWith('/chat/completions')).length;

  it('[G-1] before the first word: the call ends as interrupted within two seconds, and is not sent again', async () => {
    const page = await openPage(scene);
    scene.server.next({ headersDelayMs: 20_000 });
    const asked = stream(page);
    await untilAnswering(scene);
    await until(() => scene.stage.isBackgroundRunning(), 'the background to have started');
    const killedAt = Date.now();
    await scene.stage.stopBackground();
    expect(await asked).toEqual({ text: '', ended: 'interrupted', settled: 1 });
    expect(Date.now() - killedAt).toBeLessThan(2_500);
    expect(paid()).toBe(1);
    expect(await ask(page, 'Once more')).toMatchObject({ text: answerText });
    expect(paid()).toBe(2);
    await page.close();
  });

  it('[G-1] in the middle of an answer: what came is kept, and nothing is sent again', async () => {
    const page = await openPage(scene);
    scene.server.next({ tokens: Array(400).fill('word '), tokenDelayMs: 25 });
    const asked = stream(page);
    await until(() => page.evaluate(() => Number(document.body.dataset.length) > 20), 'some words to arrive');
    await scene.stage.stopBackground();
    const { text, ended, settled } = await asked;
    expect(text).toMatch(/^(word )+$/);
    expect({ ended, settled }).toEqual({ ended: 'interrupted', settled: 1 });
    expect(paid()).toBe(1);
    expect(await ask(page, 'Once more')).toMatchObject({ text: answerText });
    await page.close();
  });

  it('[C-9] [G-1] while the user is being asked: the call ends, and the dead question can grant nothing', async () => {
    const page = await openPage(scene, '/', 'asker.localhost');
    const asked = stream(page);
    const consent = await scene.stage.waitForExtensionPage('/consent.html');
    await consent.waitForSelector('[data-decision="always"]:not([aria-disabled="true"])');
    await scene.stage.stopBackground();
    expect(await asked).toMatchObject({ text: '', ended: 'interrupted', settled: 1 });
    await consent.click('[data-decision="always"]').catch(() => {});
    await until(
      () =>
        consent.isClosed() ||
        consent.$('[data-decision="always"]').then(
          (found) => found === null,
          () => true,
        ),
      'the dead question to say so',
    );
    expect(paid()).toBe(0);
    const grants = await scene.stage.options.evaluate(() => globalThis.switchboard.grants.list());
    expect(grants.map(({ origin }) => origin)).not.toContain(scene.site.origin('asker.localhost'));
    if (!consent.isClosed()) await consent.close();
    await page.close();
  });

  it('[G-1] after the last word: nothing is lost, and nothing is sent again', async () => {
    const page = await openPage(scene);
    expect(await ask(page, 'Hello')).toMatchObject({ text: answerText });
    await scene.stage.stopBackground();
    expect(paid()).toBe(1);
    expect(await ask(page, 'Again')).toMatchObject({ text: answerText });
    expect(paid()).toBe(2);
    await page.close();
  });

  it('[G-6] wakes under fifty calls at once, and answers all of them', async () => {
    await allow(scene, scene.site.origin('many.localhost'));
    await scene.stage.options.evaluate(
      async (origin) => void (await globalThis.switchboard.grants.set({ origin, limits: {} })),
      scene.site.origin('many.localhost'),
    );
    const page = await openPage(scene, '/', 'many.localhost');
    await scene.stage.stopBackground();
    const texts = await page.evaluate(async () => {
      const calls = Array.from({ length: 50 }, (_, index) =>
        window.ai.chat.completions.create({ messages: [{ role: 'user', content: `Call ${index}` }] }),
      );
      return (await Promise.allSettled(calls)).map((each) =>
        each.status === 'fulfilled' ? each.value.choices[0]?.message.content : each.reason.code,
      );
    });
    expect(texts).toEqual(Array(50).fill(answerText));
    expect(paid()).toBe(50);
    await page.close();
  });

  it('[G-17] a server that goes away in the middle of an answer and comes back later needs no restart of anything', async () => {
    const page = await openPage(scene);
    const { server } = scene;
    server.next({ tokens: Array(400).fill('word '), tokenDelayMs: 25 });
    const asked = stream(page);
    await until(() => page.evaluate(() => Number(document.body.dataset.length) > 20), 'some words to arrive');
    await server.close();
    expect(await asked).toMatchObject({ text: expect.stringMatching(/^(word )+$/), ended: 'interrupted', settled: 1 });
    expect(await ask(page, 'Anybody?')).toMatchObject({ error: { code: 'unreachable' } });
    scene.server = await startLlamaCpp({ port: server.port, scenario: { tokens: [answerText] } });
    expect(await ask(page, 'Back again?')).toMatchObject({ text: answerText });
    await page.close();
  });

  it('[E-13] [E-14] [E-15] [E-18] servers that want a password, speak no TLS or send commands in headers are told as errors, and change nothing', async () => {
    const odd = createServer((request, response) => {
      if (request.url?.includes('/basic/')) response.writeHead(401, { 'www-authenticate': 'Basic realm="Own"' }).end();
      else
        response
          .writeHead(200, {
            'content-type': 'text/html',
            'set-cookie': 'a=b',
            'clear-site-data': '"*"',
            refresh: '0; url=https://evil.example',
            link: '<https://evil.example>; rel=preload',
          })
          .end('<title>Log in to this network</title>');
    });
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
    const { port } = odd.address() as AddressInfo;
    const page = await openPage(scene);
    const codes: unknown[] = [];
    for (const baseUrl of [`http://127.0.0.1:${port}/basic`, `https://127.0.0.1:${port}`, `http://127.0.0.1:${port}/portal`]) {
      const id = await scene.stage.options.evaluate(
        (baseUrl) => globalThis.switchboard.connections.save({ backend: 'custom', name: 'Odd', config: { baseUrl }, model: 'any' }),
        baseUrl,
      );
      const asked = await ask(page, 'Hello', `${id}/any`);
      codes.push('error' in asked ? asked.error.code : asked);
      await scene.stage.options.evaluate((id) => globalThis.switchboard.connections.remove(id), id);
    }
    expect(codes).toEqual(['unauthorized', 'unreachable', 'bad-response']);
    expect(await ask(page, 'And now?')).toMatchObject({ text: answerText });
    odd.close();
    await page.close();
  });

  it('[G-18] settings that were lost or damaged come back from their copy, and those of a newer version are never written over', async () => {
    const page = await openPage(scene);
    const storage = await storageOf(scene);
    await storage.evaluate((local) => local.clear());
    await scene.stage.stopBackground();
    expect(await ask(page, 'Lost?')).toMatchObject({ text: answerText });
    await storage.evaluate((local) => local.set({ connections: 'half of it' }));
    await scene.stage.stopBackground();
    expect(await ask(page, 'Damaged?')).toMatchObject({ text: answerText });
    const save = () =>
      scene.stage.options.evaluate(() =>
        globalThis.switchboard.connections.save({ backend: 'llamacpp', name: 'One more', config: {} }).then(
          () => 'saved',
          (error: Error & { code: string }) => `${error.code}: ${error.message}`,
        ),
      );
    expect(await save()).toBe('saved');

    const { connections } = (await storage.evaluate((local) => local.get('connections'))) as { connections: { value: object } };
    const newer = { v: 99, value: { ...connections.value, future: true } };
    await storage.evaluate((local, connections) => local.set({ connections }), newer);
    await scene.stage.stopBackground();
    expect(await save()).toMatch(/^not-supported: [A-Z].*\.$/);
    expect(await ask(page, 'Newer?')).toMatchObject({ text: answerText });
    const screen = await scene.stage.openExtensionPage('/options.html#connections');
    await until(
      () => screen.evaluate(() => document.querySelector('.problem') !== null),
      'the page to say that a newer version wrote them',
    );
    await screen.close();
    await page.bringToFront();
    expect(await storage.evaluate((local) => local.get('connections'))).toEqual({ connections: newer });
    await storage.evaluate((local, connections) => local.set({ connections }), connections);
    await scene.stage.stopBackground();
    expect(await ask(page, 'Back again?')).toMatchObject({ text: answerText });
    await page.close();
  });

  it('[G-7] an extension that is switched off in the middle of an answer ends it in words, and leaves the page in peace', async () => {
    const page = await openPage(scene);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    scene.server.next({ tokens: Array(2_000).fill('word '), tokenDelayMs: 25 });
    const asked = stream(page);
    await until(() => page.evaluate(() => Number(document.body.dataset.length) > 20), 'some words to arrive');
    await switchOff(scene);
    const { text, ended, settled } = await asked;
    expect(text).toMatch(/^(word )+$/);
    expect(ended).toMatch(/^(gone|interrupted)$/);
    expect(settled).toBe(1);
    await until(
      async () => ((await ask(page, 'Anybody?')) as { error?: { code: string } }).error?.code === 'gone',
      'the page to be told that it is gone',
      10_000,
    );
    await until(() => scene.server.activeRequests === 0, 'the server to see the connection close', 3_000);
    expect(errors).toEqual([]);
  });
});

interface Storage {
  get(key: string): Promise<unknown>;
  set(values: unknown): Promise<void>;
  clear(): Promise<void>;
}

interface Extension {
  storage: { local: Storage };
  runtime: { reload(): void };
}

/** Streams in the page; the length so far stands in the document. */
function stream(page: Page): Promise<Cut> {
  return page.evaluate(async () => {
    let text = '';
    let settled = 0;
    document.body.dataset.length = '0';
    try {
      const chunks = await window.ai.chat.completions.create({ messages: [{ role: 'user', content: 'Go on' }], stream: true });
      for await (const chunk of chunks) {
        text += chunk.choices[0]?.delta.content ?? '';
        document.body.dataset.length = String(text.length);
      }
      settled += 1;
      return { text, ended: 'whole', settled };
    } catch (error) {
      settled += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { text, ended: (error as { code: string }).code, settled };
    }
  });
}

/** The extension's own storage, past the extension. */
async function storageOf({ stage }: Scene): Promise<JSHandle<Storage>> {
  return await stage.options.evaluateHandle(() => {
    const { browser, chrome } = globalThis as unknown as Record<'browser' | 'chrome', Extension>;
    return (browser ?? chrome).storage.local;
  });
}

/** As the user would in the browser's list of extensions; Chromium's own way for an extension itself is a reload. */
async function switchOff({ stage }: Scene): Promise<void> {
  if (stage.name === 'firefox') {
    await evaluateInFirefox(
      stage.browser,
      `(async () => { const { AddonManager } = ChromeUtils.importESModule('resource://gre/modules/AddonManager.sys.mjs'); await (await AddonManager.getAddonByID('switchboard@switchboard.invalid')).disable(); return true; })()`,
    );
  } else await stage.options.evaluate(() => (globalThis as unknown as Record<'chrome', Extension>).chrome.runtime.reload()).catch(() => {});
}
