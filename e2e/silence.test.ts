import { describe, expect, it } from 'vitest';
import { browsers } from './harness.ts';
import { allow, answerText, ask, openPage, openScene } from './scene.ts';

/**
 * Both browsers end a background that is quiet for 30 seconds, even with a request open; Firefox also one that posts the
 * words of an answer. Nothing here attaches to the background: a debugger would keep it alive by itself.
 */
describe.concurrent.each(browsers)('a server that takes its time, in %s', (name) => {
  it('[G-2] for 36 seconds before its first word is waited for', { timeout: 120_000 }, async () => {
    const scene = await openScene(name, { scenario: { headersDelayMs: 36_000 } });
    try {
      await allow(scene, scene.site.origin());
      const page = await openPage(scene);
      await scene.stage.options.close();
      const startedAt = Date.now();
      expect(await ask(page, 'Think first')).toMatchObject({ text: answerText });
      expect(Date.now() - startedAt).toBeGreaterThan(35_000);
    } finally {
      await scene.close();
    }
  });

  it('[G-3] [G-4] for twelve seconds before each next word is listened to until its end', { timeout: 120_000 }, async () => {
    const scene = await openScene(name, { scenario: { tokens: ['One ', 'word ', 'at ', 'a time'], tokenDelayMs: 12_500 } });
    try {
      await allow(scene, scene.site.origin());
      const page = await openPage(scene);
      await scene.stage.options.close();
      const startedAt = Date.now();
      expect(await ask(page, 'Slowly')).toMatchObject({ text: 'One word at a time' });
      expect(Date.now() - startedAt).toBeGreaterThan(35_000);
    } finally {
      await scene.close();
    }
  });
});
