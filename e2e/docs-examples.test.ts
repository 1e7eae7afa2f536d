import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEcho } from '../lib/testing/echo.ts';
import type { Emulator } from '../lib/testing/kit/start-emulator.ts';
import { type Example, examplePackages, hasImports, moduleOf, readExamples } from '../scripts/doc-examples.ts';
import { type Consumer, packClient } from '../scripts/pack-client.ts';
import { bundle } from './bundle.ts';
import { type BrowserName, browsers, launch, type Stage } from './harness.ts';
import { type Route, type Site, serveSite } from './site.ts';

const examples = readExamples();

/** What happened on the page of an example; kept on its window by the page itself. */
interface Outcome {
  logged: string[];
  failed: string[];
  isOver: boolean;
}

/** The module starts with a click, as the first call of a page does. */
const page = (name: string) => `<!doctype html><meta charset="utf-8"><title>Example</title>
<button id="start">Start</button>
<script>
  window.outcome = { logged: [], failed: [], isOver: false };
  const text = (value) => (typeof value === 'string' ? value : JSON.stringify(value) ?? String(value));
  console.log = (...values) => outcome.logged.push(values.map(text).join(' '));
  addEventListener('error', ({ message }) => outcome.failed.push(message));
  addEventListener('unhandledrejection', ({ reason }) => outcome.failed.push(String(reason)));
  document.getElementById('start').addEventListener('click', () => {
    const script = Object.assign(document.createElement('script'), { type: 'module', src: '/${name}.js' });
    document.head.append(script);
  }, { once: true });
</script>`;

let consumer: Consumer;
let echo: Emulator;
let site: Site;

beforeAll(async () => {
  consumer = packClient(examplePackages);
  echo = await startEcho({ contextWindow: 100_000 });
  site = await serveSite(Object.fromEntries((await Promise.all(examples.map(routesOf))).flat()));
}, 240_000);

afterAll(async () => {
  await site?.close();
  await echo?.close();
  consumer?.remove();
});

it('has examples of every page that speaks to the model', () => {
  const pages = new Set(examples.map(({ place }) => place.split(':')[0]));
  expect([...pages]).toEqual(
    expect.arrayContaining(['docs/web/api.md', 'docs/web/moving.md', 'docs/web/openai.md', 'lib/client/README.md']),
  );
});

describe.each(browsers)('every runnable example of docs/web, in %s', (name) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await launch(name);
    await stage.options.evaluate(async (baseUrl) => {
      const { switchboard } = globalThis;
      await switchboard.ready();
      const connectionId = await switchboard.connections.save({ backend: 'custom', name: 'Echo', config: { baseUrl } });
      await switchboard.defaults.set({ connectionId, model: 'echo' });
    }, `${echo.url}/v1`);
  });
  afterAll(() => stage?.close());

  it.each(examples.filter((example) => runsIn(example, name)))('$place ($needs)', async (example) => {
    await decide(stage, example);
    const page = await openIn(stage, example);
    try {
      if (example.language === 'html') await expectAnswer(page);
      else await expectOutcome(page, example);
    } finally {
      await page.close();
    }
  });
});

/** All of them in one browser, and every second one in the other. Only Chromium has windows without the extension. */
function runsIn(example: Example, name: BrowserName): boolean {
  if (example.needs === 'without') return name === 'chromium';
  return name === 'chromium' || examples.indexOf(example) % 2 === 0;
}

async function openIn(stage: Stage, example: Example): Promise<Page> {
  const page = example.needs === 'without' ? await (await stage.browser.createBrowserContext()).newPage() : await stage.newPage();
  await page.goto(site.url(`/${nameOf(example)}`));
  return page;
}

const decided = new WeakMap<Stage, Example['needs']>();

async function decide(stage: Stage, { needs }: Example): Promise<void> {
  if (decided.get(stage) === needs) return;
  decided.set(stage, needs);
  await stage.options.evaluate(
    async (origin, needs) => {
      const { grants } = globalThis.switchboard;
      await grants.revoke(origin);
      if (needs === 'granted') await grants.set({ origin, decision: 'always' });
      if (needs === 'blocked') await grants.set({ origin, decision: 'block' });
    },
    site.origin(),
    needs,
  );
}

async function expectOutcome(page: Page, { prints }: Example): Promise<void> {
  await page.click('#start');
  const read = () => page.evaluate(() => (window as unknown as { outcome: Outcome }).outcome);
  await page.waitForFunction(
    (expected) => {
      const { logged, failed, isOver } = (window as unknown as { outcome: Outcome }).outcome;
      return failed.length > 0 || (isOver && (expected === undefined || logged.length >= expected));
    },
    { timeout: 10_000 },
    prints?.length,
  );
  const { logged, failed } = await read();
  expect(failed).toEqual([]);
  if (prints) expect(logged).toEqual(prints);
}

/** A whole page: its first button asks, and the answer appears. */
async function expectAnswer(page: Page): Promise<void> {
  await page.click('button');
  await page.waitForFunction(() => document.body.innerText.includes('only an echo'), { timeout: 10_000 });
}

async function routesOf(example: Example): Promise<[string, Route][]> {
  const name = nameOf(example);
  if (example.language === 'html') return [[`/${name}`, example.code]];
  const written = `${moduleOf(example)}\nwindow.outcome.isOver = true;\n`;
  const code = hasImports(example) ? await bundle(written, consumer.folder) : written;
  return [
    [`/${name}`, page(name)],
    [`/${name}.js`, { type: 'text/javascript', body: code }],
  ];
}

function nameOf({ place }: Example): string {
  return place.replace(/\W+/g, '-');
}
