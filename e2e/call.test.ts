import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerConsent } from './consent.ts';
import { browsers, until } from './harness.ts';
import { answerText, ask, openPage, openScene, type Scene } from './scene.ts';

/** Asks as soon as it is there, and reports to its server: a driver's question would count as the user's click. */
const eager = `<!doctype html><title>Eager</title><script>
  window.ai.chat.completions.create({ messages: [{ role: 'user', content: 'Hello' }] })
    .then(() => 'answered', ({ code }) => code)
    .then((code) => fetch('/outcome?code=' + code));
</script>`;

describe.each(browsers)('a page that asks for the first time, in %s', (name) => {
  let scene: Scene;
  let outcome = '';
  beforeAll(async () => {
    scene = await openScene(name, {
      routes: {
        '/eager': eager,
        '/outcome': (request, response) => {
          outcome = new URL(request.url ?? '', 'http://site').searchParams.get('code') ?? '';
          response.end();
        },
      },
    });
  });
  afterAll(() => scene?.close());

  it('is refused when it asks without a click of its user', async () => {
    outcome = '';
    const page = await scene.stage.newPage(scene.site.url('/eager', 'eager.localhost'));
    await until(() => outcome !== '', 'the page to report');
    expect(outcome).toBe('needs-user');
    await page.close();
  });

  it('gets a streamed answer once the user agreed in the window that opened', async () => {
    const page = await openPage(scene);
    const asked = ask(page, 'What is a switchboard?');
    const consent = await scene.stage.waitForExtensionPage('/consent.html');
    const shown = await consent.evaluate(() => document.body.textContent);
    expect(shown).toContain(`127.0.0.1:${scene.site.port}`);
    expect(shown).toContain('What is a switchboard?');
    expect(scene.server.requests.filter(({ path }) => path.includes('chat'))).toEqual([]);
    await answerConsent(scene.stage, 'session');
    const answer = await asked;
    expect(answer).toMatchObject({ text: answerText });
    expect('pieces' in answer && answer.pieces).toBeGreaterThan(1);
    expect(await ask(page, 'And again, without a question?')).toMatchObject({ text: answerText });
    await page.close();
  });

  it('is allowed one call where the user chose once', async () => {
    const page = await openPage(scene, '/', 'once.localhost');
    const first = ask(page, 'Only this');
    await answerConsent(scene.stage, 'once');
    expect(await first).toMatchObject({ text: answerText });
    const second = ask(page, 'One more?');
    await answerConsent(scene.stage, 'deny');
    expect(await second).toMatchObject({ error: { code: 'denied' } });
    await page.close();
  });

  it('is refused where the user closed the window, and cannot ask again at once', async () => {
    const page = await openPage(scene, '/', 'closed.localhost');
    const first = ask(page, 'Please');
    await (await scene.stage.waitForExtensionPage('/consent.html')).close();
    expect(await first).toMatchObject({ error: { code: 'denied' } });
    expect(await ask(page, 'Pretty please')).toMatchObject({ error: { name: expect.any(String) } });
    await page.close();
  });

  it('is refused for good where the user blocked it', async () => {
    const page = await openPage(scene, '/', 'blocked.localhost');
    const first = ask(page, 'Please');
    await answerConsent(scene.stage, 'block');
    expect(await first).toMatchObject({ error: { code: 'denied' } });
    await page.reload();
    await page.click('#ask');
    expect(await ask(page, 'Please')).toMatchObject({ error: { code: 'denied' } });
    const grants = await scene.stage.options.evaluate(() => globalThis.switchboard.grants.list());
    expect(grants).toContainEqual(expect.objectContaining({ origin: scene.site.origin('blocked.localhost'), decision: 'block' }));
    await page.close();
  });
});
