import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerConsent } from './consent.ts';
import { browsers, until } from './harness.ts';
import { allow, answerText, ask, openPage, openScene, type Scene, untilAnswering, untilNewestLine } from './scene.ts';

/** A frame that calls when it is told to, and tells the page around it what came of that. */
const widget = `<!doctype html><p>A widget</p><script>
  addEventListener('message', async () => {
    let outcome;
    try {
      const answer = await window.ai.chat.completions.create({ messages: [{ role: 'user', content: 'From a widget' }] });
      outcome = answer.choices[0].message.content;
    } catch (error) { outcome = error.code ?? error.name; }
    top.postMessage(outcome, '*');
  });
</script>`;

const shop = `<!doctype html><title>A shop</title><button id="ask">Ask</button><script>
  window.outcomes = [];
  addEventListener('message', ({ data }) => window.outcomes.push(data));
</script>`;

describe.each(browsers)('what a site may do, in %s', (name) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(name, { routes: { '/shop': shop, '/widget': widget } });
  });
  afterAll(() => scene?.close());

  it('ends for all sites with one switch, at once, and comes back with it', async () => {
    await allow(scene, scene.site.origin());
    const page = await openPage(scene);
    scene.server.scenario = { count: 500, tokenDelayMs: 40 };
    const running = ask(page, 'Go on and on');
    await untilAnswering(scene);
    const options = await scene.stage.openExtensionPage('/options.html#sites');
    await options.bringToFront();
    await (await options.waitForSelector('.switch input'))?.click();
    expect(await running).toMatchObject({ error: { code: 'denied' } });
    await page.bringToFront();
    expect(await ask(page, 'Please')).toMatchObject({ error: { code: 'denied' } });
    await options.bringToFront();
    await options.click('.switch input');
    scene.server.scenario = { tokens: [answerText] };
    await page.bringToFront();
    await until(async () => 'text' in (await ask(page, 'And now?')), 'the site to be answered again');
    await options.close();
    await page.close();
  });

  it('is asked about anew when it wants more, and the user sees what is new', async () => {
    const page = await openPage(scene, '/', 'more.localhost');
    scene.server.scenario = { tokens: [answerText] };
    const first = ask(page, 'Hello');
    await answerConsent(scene.stage, 'always');
    expect(await first).toMatchObject({ text: answerText });
    await page.bringToFront();
    const more = withTools(page);
    const consent = await scene.stage.waitForExtensionPage('/consent.html');
    await consent.waitForSelector('.facts .new li');
    expect(await consent.$$eval('.facts .new li', (items) => items.map(({ textContent }) => textContent))).toEqual(['tools']);
    await answerConsent(scene.stage, 'deny');
    expect(await more).toBe('denied');
    // What it had it keeps.
    await page.bringToFront();
    expect(await ask(page, 'Still there?')).toMatchObject({ text: answerText });
    await page.close();
  });

  it('ends with its budget, in words that tell the page no figures', async () => {
    const origin = scene.site.origin('budget.localhost');
    await scene.stage.options.evaluate(
      (origin) => globalThis.switchboard.grants.set({ origin, limits: { callsPerDay: 1 } }).then(() => undefined),
      origin,
    );
    const page = await openPage(scene, '/', 'budget.localhost');
    expect(await ask(page, 'One')).toMatchObject({ text: answerText });
    const refused = await ask(page, 'Two');
    expect(refused).toMatchObject({ error: { code: 'budget-exceeded', status: 429 } });
    expect('error' in refused && refused.error.message).not.toMatch(/\d/);
    await untilNewestLine(scene, { origin, outcome: 'budget-exceeded', limit: 'callsPerDay' });
    await page.close();
  });

  it('reaches a frame of another origin only where the page hands it on, and the user is told both names', async () => {
    const { site, stage } = scene;
    const page = await stage.newPage(site.url('/shop', 'shop.localhost'));
    await page.click('#ask');
    await page.evaluate(
      async (src) => {
        for (const allowed of ['', 'language-model']) {
          const frame = Object.assign(document.createElement('iframe'), { src, allow: allowed });
          const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
          document.body.append(frame);
          await loaded;
        }
      },
      site.url('/widget', 'widget.localhost'),
    );
    for (const frame of await page.$$('iframe')) await frame.click();
    const tell = (index: number) => page.evaluate((index) => (window.frames as unknown as Window[])[index]?.postMessage('go', '*'), index);
    const outcomes = () => page.evaluate(() => (window as unknown as { outcomes: string[] }).outcomes);
    await tell(0);
    await until(async () => (await outcomes()).length === 1, 'the first frame to be refused');
    expect(await outcomes()).toEqual(['unsupported-context']);
    await tell(1);
    const consent = await stage.waitForExtensionPage('/consent.html');
    const heading = await consent.$eval('h1', ({ textContent }) => textContent);
    expect(heading).toContain('widget.localhost');
    expect(heading).toContain('shop.localhost');
    await answerConsent(stage, 'session');
    await until(async () => (await outcomes()).length === 2, 'the second frame to be answered', 10_000);
    expect((await outcomes())[1]).toBe(answerText);
    await page.close();
  });
});

/** The error's code, or `answered`. */
function withTools(page: Page): Promise<string> {
  return page.evaluate(async () => {
    try {
      await window.ai.chat.completions.create({
        messages: [{ role: 'user', content: 'What is the weather?' }],
        tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } }],
      });
      return 'answered';
    } catch (thrown) {
      return (thrown as { code: string }).code;
    }
  });
}
