import type { Page } from 'puppeteer';
import { startEcho } from '../lib/testing/echo.ts';
import type { Emulator } from '../lib/testing/kit/start-emulator.ts';
import type { LanguageModelClass } from '../lib/testing/language-model-stage.ts';
import { type BrowserName, launch, type Stage } from './harness.ts';
import { type Route, type Site, serveSite } from './site.ts';

/** A browser connected to the echo, as any OpenAI-shaped server, and a page that somebody clicked on. */
export interface EchoScene {
  stage: Stage;
  echo: Emulator;
  site: Site;
  page: Page;
  allow(origin: string, decision?: 'always' | 'block'): Promise<void>;
  close(): Promise<void>;
}

/** In the pages of these tests. `failure`: the name of what a promise, or a function, failed with. */
declare global {
  var LanguageModel: typeof LanguageModelClass;
  var failure: (work: unknown) => Promise<string>;
}

const page = `<!doctype html><meta charset="utf-8"><title>LanguageModel</title><button id="ask">Ask</button><script>
  globalThis.failure = async (work) => {
    try {
      await (typeof work === 'function' ? work() : work);
      return 'none';
    } catch (error) {
      return error.name;
    }
  };
</script>`;

/** A frame that does what its parent asks, and says what came of it. */
const frame = `<!doctype html><script>
  onmessage = async ({ data, source }) => {
    let outcome;
    try {
      if (data === 'availability') outcome = await LanguageModel.availability();
      else outcome = await (await LanguageModel.create()).prompt('From the frame');
    } catch (error) {
      outcome = error.name;
    }
    source.postMessage({ asked: data, outcome }, '*');
  };
</script>`;

export async function openEchoScene(name: BrowserName, routes: Record<string, Route> = {}): Promise<EchoScene> {
  const echo = await startEcho();
  const site = await serveSite({ '/lm': page, '/frame': frame, ...routes });
  const stage = await launch(name);
  await stage.options.evaluate(async (baseUrl) => {
    const { switchboard } = globalThis;
    await switchboard.ready();
    const connectionId = await switchboard.connections.save({ backend: 'custom', name: 'Echo', config: { baseUrl } });
    await switchboard.defaults.set({ connectionId });
  }, `${echo.url}/v1`);
  const scene = {
    stage,
    echo,
    site,
    async allow(origin: string, decision: 'always' | 'block' = 'always') {
      const set = async (origin: string, decision: 'always' | 'block') =>
        void (await globalThis.switchboard.grants.set({ origin, decision }));
      await stage.options.evaluate(set, origin, decision);
    },
    async close() {
      await stage.close();
      await site.close();
      await echo.close();
    },
  };
  return { ...scene, page: await openClicked(scene) };
}

/** A page in front that somebody has clicked on. */
export async function openClicked({ stage, site }: Pick<EchoScene, 'stage' | 'site'>, host?: string): Promise<Page> {
  const opened = await stage.newPage(site.url('/lm', host));
  await opened.click('#ask');
  return opened;
}
