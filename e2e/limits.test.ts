import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browsers, until } from './harness.ts';
import { allow, answerText, ask, openPage, openScene, type Scene, untilAnswering } from './scene.ts';

describe.each(browsers)('a page that overdoes it, in %s', (name) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(name);
    await allow(scene, scene.site.origin());
    await allow(scene, scene.site.origin('localhost'));
  });
  beforeEach(() => scene.server.reset());
  afterAll(() => scene?.close());

  it('is told that a prompt of 9 MiB is too large, and can go on', async () => {
    const page = await openPage(scene);
    const error = await page.evaluate(async () => {
      try {
        await window.ai.chat.completions.create({ messages: [{ role: 'user', content: 'x'.repeat(9 * 1024 * 1024) }] });
        return undefined;
      } catch (thrown) {
        return (thrown as { code?: string }).code;
      }
    });
    expect(error).toBe('too-large');
    expect(await ask(page, 'A short one')).toMatchObject({ text: answerText });
    await page.close();
  });

  it('is not read ahead for where it never reads, and other sites’ answers go on', async () => {
    const page = await openPage(scene);
    scene.server.next({ endless: true, tokens: ['x'.repeat(4096)] });
    await page.evaluate(async () => {
      const held = window as unknown as { held: unknown };
      held.held = await window.ai.chat.completions.create({ messages: [{ role: 'user', content: 'Never read' }], stream: true });
    });
    await untilAnswering(scene);
    const other = await openPage(scene, '/', 'localhost');
    for (let call = 0; call < 3; call++) expect(await ask(other, 'And me?')).toMatchObject({ text: answerText });
    expect(scene.server.activeRequests).toBe(1);
    await page.close();
    await until(() => scene.server.activeRequests === 0, 'the unread answer to end', 2000);
    await other.close();
  });

  it('may open 2,000 calls at once, each of which ends, and others are answered', async () => {
    const page = await openPage(scene);
    const other = await openPage(scene, '/', 'localhost');
    await page.bringToFront();
    const storm = page.evaluate(async () => {
      const calls = Array.from({ length: 2000 }, () =>
        window.ai.chat.completions.create({ messages: [{ role: 'user', content: 'Storm' }] }),
      );
      const settled = await Promise.allSettled(calls);
      return {
        answered: settled.filter(({ status }) => status === 'fulfilled').length,
        codes: [
          ...new Set(settled.map((each) => (each.status === 'rejected' ? (each.reason as { code?: string }).code : 'answered'))),
        ].sort(),
      };
    });
    expect(await ask(other, 'In the storm')).toMatchObject({ text: answerText });
    const { answered, codes } = await storm;
    expect(answered).toBeGreaterThan(0);
    expect(codes.filter((code) => !['answered', 'rate-limited', 'overloaded'].includes(String(code)))).toEqual([]);
    expect(await ask(other, 'After the storm')).toMatchObject({ text: answerText });
    await page.close();
    await other.close();
  });

  it('may have 100 frames that call, of which some are refused, and others are answered', async () => {
    const page = await scene.stage.newPage(scene.site.url());
    await page.evaluate(() => {
      for (let count = 0; count < 100; count++)
        document.body.append(Object.assign(document.createElement('iframe'), { srcdoc: 'A frame' }));
    });
    await until(
      () =>
        page.evaluate(() => Array.from({ length: frames.length }, (_, index) => frames[index] as Window).every((frame) => 'ai' in frame)),
      'every frame to have the API',
      15_000,
    );
    // The click counts for the frames that are there by then.
    await page.click('#ask');
    const codes = await page.evaluate(async () => {
      const call = (frame: Window) =>
        (frame as typeof window).ai.chat.completions.create({ messages: [{ role: 'user', content: 'Me too' }] });
      const settled = await Promise.allSettled(Array.from({ length: frames.length }, (_, index) => frames[index] as Window).map(call));
      return settled.map((each) => (each.status === 'rejected' ? (each.reason as { code?: string }).code : 'answered'));
    });
    expect(codes).toHaveLength(100);
    expect(codes.filter((code) => code === 'answered').length).toBeGreaterThan(10);
    expect(codes.filter((code) => !['answered', 'rate-limited', 'overloaded'].includes(String(code)))).toEqual([]);
    const other = await openPage(scene, '/', 'localhost');
    expect(await ask(other, 'After the frames')).toMatchObject({ text: answerText });
    await other.close();
    await page.close();
  });
});
