import type { Page } from 'puppeteer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browsers, until } from './harness.ts';
import { openScene, type Scene, untilAnswering } from './scene.ts';

const words = Array.from({ length: 40 }, (_, index) => `word${index} `);

describe.each(browsers)('the quick chat, in %s', (name) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(name);
  });
  beforeEach(() => scene.server.reset());
  afterAll(() => scene?.close());

  it('goes on when the popup closes, and is there when it opens again', async () => {
    scene.server.next({ tokens: words, tokenDelayMs: 50 });
    const first = await say(await scene.stage.openExtensionPage('/popup.html'), 'Count your words');
    await until(async () => (await answerOf(first)).includes('word3'), 'the answer to begin');
    await first.close();
    await until(() => scene.server.activeRequests === 0, 'the answer to end', 10_000);
    expect(scene.server.aborted).toBe(0);
    const second = await scene.stage.openExtensionPage('/popup.html');
    await until(async () => (await answerOf(second)).includes('word39'), 'the answer to be there');
    expect(await answerOf(second)).toContain('word0 word1 word2');
    await second.close();
  });

  it('stops when it is told to, at the server too', async () => {
    scene.server.next({ endless: true, tokenDelayMs: 30 });
    const popup = await say(await scene.stage.openExtensionPage('/popup.html'), 'Never stop');
    await untilAnswering(scene);
    await until(() => popup.$('button[aria-label="Stop"], button[aria-label^="Stop"]').then(Boolean), 'the stop button');
    await popup.click('button[aria-label^="Stop"]');
    await until(() => scene.server.aborted === 1, 'the server to see the connection close', 2000);
    await popup.close();
  });

  it('shows markup in an answer as text and never runs it', async () => {
    scene.server.next({ tokens: ['<img src=x onerror="document.title=1">', '**bold**', ' <script>document.title=1</script>'] });
    const popup = await say(await scene.stage.openExtensionPage('/popup.html'), 'Show me markup');
    await until(async () => (await answerOf(popup)).includes('bold'), 'the answer');
    expect(await popup.$$eval('article img[src], article script', (found) => found.length)).toBe(0);
    expect(await popup.$$eval('article strong', (found) => found.map((each) => each.textContent))).toEqual(['bold']);
    expect(await popup.title()).not.toBe('1');
    await popup.close();
  });
});

async function say(popup: Page, text: string): Promise<Page> {
  await popup.bringToFront();
  await popup.waitForSelector('textarea');
  await popup.type('textarea', text);
  await popup.keyboard.press('Enter');
  return popup;
}

/** The text of the latest answer. */
function answerOf(popup: Page): Promise<string> {
  return popup.$$eval('article', (turns) => turns.at(-1)?.textContent ?? '').catch(() => '');
}
