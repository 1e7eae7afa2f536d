import { parseArgs } from 'node:util';
import type { Page } from 'puppeteer';
import { type BrowserName, browserNames } from './browsers.ts';
import { buildExtension } from './build.ts';
import { chooseModel, type DemoModel } from './demo-model-choice.ts';
import { serveDemo } from './demo-server.ts';
import { extensionFolder, isBuilt } from './extension-folder.ts';
import { askInTerminal } from './headless-demo.ts';
import { installSwitchboard, type Launched, launchBrowser } from './launch.ts';

const help = `npm start -- [--browser chromium|firefox] [--backend URL] [--model NAME] [--prompt TEXT] [--headless]

Opens a browser with a throw-away profile, with Switchboard in it, on a demo page. Without --backend, Pocket answers: a
tiny demo model inside the browser, no network. A server that wants a key gets it from SWITCHBOARD_KEY. With --headless,
or where there is no display, the question, the streamed answer and the figures are printed instead.`;

const { values } = parseArgs({
  options: {
    browser: { type: 'string', default: 'chromium' },
    backend: { type: 'string' },
    model: { type: 'string' },
    prompt: { type: 'string' },
    headless: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(help);
else process.exitCode = await start().catch(failed);

async function start(): Promise<number> {
  const name = readBrowser(values.browser);
  const isHeadless = values.headless || !hasDisplay();
  const model = await chooseModel(values.backend, values.model);
  if (!isBuilt(name)) await buildExtension(name);
  const demo = await serveDemo();
  const launched = await launchBrowser(name, { isHeadless, leavesSignals: true });
  const hasEnded = whenClosed(launched);
  try {
    const trusted = await installSwitchboard(launched, extensionFolder(name));
    await connect(trusted, model);
    const page = await openDemo(launched, demo.origin, values.prompt);
    if (isHeadless) {
      if (!values.headless) console.log('There is no display, so the demo runs here in the terminal.');
      return await askInTerminal({ page, trusted, origin: demo.origin, modelName: model.label });
    }
    console.log(`\nThe demo page is open in ${name}: ${demo.origin}\n${model.label} answers. Close the window or press Ctrl-C to end.`);
    await hasEnded;
    return 0;
  } finally {
    await launched.browser.close().catch(() => {});
    demo.close();
  }
}

/** The same functions that the options page itself uses; docs/testing-your-app.md describes them. */
async function connect(trusted: Page, { connection, secret, label }: DemoModel): Promise<void> {
  await trusted.evaluate(
    async (connection, secret) => {
      const { switchboard } = globalThis;
      await switchboard.ready();
      if (connection === undefined) return void (await switchboard.ondevice.connectDemo());
      const connectionId = await switchboard.connections.save(connection);
      if (secret !== undefined) await switchboard.secrets.set(connectionId, secret);
      await switchboard.defaults.set({ connectionId, ...(connection.model !== undefined && { model: connection.model }) });
    },
    connection,
    secret,
  );
  console.log(`Connected ${label}.`);
}

async function openDemo({ browser }: Launched, origin: string, prompt?: string): Promise<Page> {
  const page = await browser.newPage();
  const question = prompt === undefined ? '' : `?question=${encodeURIComponent(prompt)}`;
  await page.goto(`${origin}/${question}`);
  await page.waitForSelector('body[data-ready]');
  return page;
}

/** Resolves when the person closes the browser, or ends the command. */
function whenClosed({ browser }: Launched): Promise<void> {
  return new Promise((resolve) => {
    browser.once('disconnected', () => resolve());
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, async () => {
        await browser.close().catch(() => {});
        resolve();
      });
    }
  });
}

function readBrowser(text: string): BrowserName {
  const name = browserNames.find((each) => each === text);
  if (!name) throw new Error(`--browser is ${browserNames.join(' or ')}, not ${text}.`);
  return name;
}

function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function failed(error: unknown): number {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  return 1;
}
