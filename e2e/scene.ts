import type { Page } from 'puppeteer';
import { startLlamaCpp } from '../lib/testing/emulators/llamacpp.ts';
import type { RecordedRequest } from '../lib/testing/kit/exchange.ts';
import type { Scenario } from '../lib/testing/kit/scenario.ts';
import type { Emulator } from '../lib/testing/kit/start-emulator.ts';
import type { ActivityEntry } from '../lib/usage/activity.ts';
import type { LaunchSettings } from '../scripts/launch.ts';
import { type BrowserName, launch, type Stage, until } from './harness.ts';
import { type Route, type Site, serveSite } from './site.ts';

/** What most tests need: a browser, a model server that is connected and the default, and a web site. */
export interface Scene {
  stage: Stage;
  /** A test may put another in its place. */
  server: Emulator;
  connectionId: string;
  site: Site;
  close(): Promise<void>;
}

/** What the scene's server answers unless told otherwise, piece by piece. */
export const answerPieces = ['The ', 'switch', 'board ', 'answers: ', '你好', ' 👋'];
export const answerText = answerPieces.join('');

export async function openScene(
  name: BrowserName,
  settings: { launch?: LaunchSettings; routes?: Record<string, Route>; scenario?: Scenario } = {},
): Promise<Scene> {
  const server = await startLlamaCpp({ scenario: { tokens: answerPieces, ...settings.scenario } });
  const site = await serveSite(settings.routes);
  const stage = await launch(name, settings.launch);
  const connectionId = await stage.options.evaluate(async (baseUrl) => {
    const { switchboard } = globalThis;
    await switchboard.ready();
    const connectionId = await switchboard.connections.save({ backend: 'llamacpp', name: 'Test server', config: { baseUrl } });
    await switchboard.defaults.set({ connectionId });
    return connectionId;
  }, server.url);
  const scene: Scene = {
    stage,
    server,
    connectionId,
    site,
    async close() {
      await stage.close();
      await site.close();
      await scene.server.close();
    },
  };
  return scene;
}

/** Allows the site without asking, as the user could have done before. */
export async function allow({ stage }: Scene, origin: string, decision: 'once' | 'session' | 'always' | 'block' = 'always'): Promise<void> {
  await stage.options.evaluate(
    async (origin, decision) => void (await globalThis.switchboard.grants.set({ origin, decision })),
    origin,
    decision,
  );
}

/** Waits until the server is at work on an answer; lists of models are over by then. */
export async function untilAnswering({ server }: Scene): Promise<void> {
  const isAnswer = ({ path, outcome }: RecordedRequest) => path.endsWith('/chat/completions') && outcome === 'open';
  await until(() => server.requests.some(isAnswer), 'the answer to begin');
}

/** Waits until Activity's newest line says so: an answer is written down after it was given. */
export async function untilNewestLine({ stage }: Scene, said: Partial<ActivityEntry>): Promise<void> {
  const isSaid = async (said: Partial<ActivityEntry>) => {
    const [line] = await globalThis.switchboard.activity.list({ limit: 1 });
    return line !== undefined && Object.entries(said).every(([key, value]) => line[key as keyof ActivityEntry] === value);
  };
  await until(() => stage.options.evaluate(isSaid, said), `Activity to say ${JSON.stringify(said)}`);
}

/** A page of the site in front, which somebody has already clicked on. */
export async function openPage({ stage, site }: Scene, path = '/', host?: string): Promise<Page> {
  const page = await stage.newPage(site.url(path, host));
  await page.click('#ask');
  return page;
}

/** An answer as the page got it, or the error as the page saw it. */
export type Asked = { text: string; pieces: number } | { error: PageError };

export interface PageError {
  name: string;
  code: string | null;
  message: string;
  status: number | null;
  retryAfter: number | null;
}

/** Asks from inside the page, streaming; never rejects. */
export function ask(page: Page, prompt: string, model?: string): Promise<Asked> {
  return page.evaluate(
    async (prompt, model) => {
      try {
        const stream = await window.ai.chat.completions.create({
          messages: [{ role: 'user', content: prompt }],
          stream: true,
          ...(model !== undefined && { model }),
        });
        let text = '';
        let pieces = 0;
        for await (const chunk of stream) {
          text += chunk.choices[0]?.delta.content ?? '';
          pieces += 1;
        }
        return { text, pieces };
      } catch (thrown) {
        const { name, code = null, message, status = null, retryAfter = null } = thrown as PageError;
        return { error: { name, code, message, status, retryAfter } };
      }
    },
    prompt,
    model,
  );
}
