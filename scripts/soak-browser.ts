import { setTimeout as sleep } from 'node:timers/promises';
import { allow, openScene, type Scene } from '../e2e/scene.ts';
import type { Scenario } from '../lib/testing/kit/scenario.ts';
import { seeded } from '../lib/testing/seeded.ts';
import type { BrowserName } from './browsers.ts';
import { memoryOf, processesOf } from './processes.ts';
import { ask, type Figures, maxAtOnce, note, words } from './soak-call.ts';
import { canary, check, silenceMs, waitOutSilence } from './soak-check.ts';

/** What a server may do, and how often of a hundred. */
const moods: [number, Scenario][] = [
  [45, {}],
  [10, { tokenDelayMs: 30 }],
  [8, { endless: true, tokenDelayMs: 10 }],
  [6, { headersDelayMs: 3_000 }],
  [6, { failAt: 5, failMode: 'reset' }],
  [5, { failAt: 5, failMode: 'fin' }],
  [4, { failAt: 5, failMode: 'half-character' }],
  [4, { failure: 'server' }],
  [4, { failure: 'rate-limited', retryAfter: '120' }],
  [4, { failure: 'unauthorized', echoSecret: true }],
  [4, { raw: 'html-200' }],
];

/** Loads one browser until the time is over, then lets everything end and checks what must hold. */
export async function soakBrowser(name: BrowserName, forMs: number, seed: number): Promise<Figures> {
  const random = seeded(seed + name.length);
  const scene = await openScene(name, { scenario: { tokens: words } });
  const figures: Figures = {
    calls: 0,
    outcomes: {},
    kills: 0,
    pagesClosed: 0,
    counted: 0,
    firstWordMs: [],
    closeMs: [],
    rssBefore: 0,
    rssAfter: 0,
    broken: [],
  };
  try {
    await prepare(scene);
    figures.rssBefore = memoryOf(scene.stage.browser.process()?.pid);
    // A run that is long enough ends with five minutes of silence, before the first word and before the last.
    const isLong = forMs >= 8 * 60_000;
    const endsAt = Date.now() + (isLong ? forMs - silenceMs - 30_000 : forMs);
    const isOver = () => Date.now() >= endsAt;
    const hosts = ['127.0.0.1', 'localhost', 'one.localhost', 'two.localhost'];
    await Promise.all([
      ...hosts.map((host) => visit(scene, host, random, isOver, figures)),
      killNowAndThen(scene, random, isOver, figures),
      isLong && sleepOnce(scene),
    ]);
    await check(scene, figures);
    if (isLong) await waitOutSilence(scene, figures);
    figures.rssAfter = memoryOf(scene.stage.browser.process()?.pid);
  } finally {
    await scene.close();
  }
  return figures;
}

async function prepare(scene: Scene): Promise<void> {
  const { options } = scene.stage;
  await options.evaluate((id, canary) => globalThis.switchboard.secrets.set(id, canary), scene.connectionId, canary);
  const models = await options.evaluate(async (id) => (await globalThis.switchboard.connections.test(id)).models ?? [], scene.connectionId);
  // With a price every call is paid, and none that reached the server may be missing in the book.
  const price = { inputMicroUsdPerMillion: 1_000, outputMicroUsdPerMillion: 1_000 };
  const prices = { v: 1, value: { [scene.connectionId]: Object.fromEntries(models.map(({ id }) => [id, price])) } };
  await options.evaluate(async (prices) => {
    const { browser, chrome } = globalThis as unknown as Record<'browser' | 'chrome', WithStorage>;
    await (browser ?? chrome).storage.local.set({ prices });
  }, prices);
  for (const host of ['127.0.0.1', 'localhost', 'one.localhost', 'two.localhost']) await allow(scene, scene.site.origin(host));
}

/** One person with one tab: asks, stops, reads half, reloads, closes, comes back. */
async function visit(scene: Scene, host: string, random: Random, isOver: () => boolean, figures: Figures): Promise<void> {
  const newTab = () => scene.stage.newPage(scene.site.url('/', host));
  let page = await newTab();
  while (!isOver()) {
    const count = 1 + Math.floor(random() * maxAtOnce);
    const asked = Array.from({ length: count }, async () => {
      const mood = pick(random);
      scene.server.next(mood);
      // Moods go to whichever request comes first, so that any answer may be the endless one.
      const stopAfterMs = random() < 0.2 ? 200 + random() * 1_500 : 15_000;
      figures.calls += 1;
      note(figures, await ask(page, `call ${figures.calls} of ${host}`, stopAfterMs));
    });
    const leaves = random();
    if (leaves < 0.08) {
      await sleep(random() * 500);
      figures.pagesClosed += 1;
      if (leaves < 0.04) await page.reload().catch(() => {});
      else {
        await page.close().catch(() => {});
        // Once more where the browser slept meanwhile.
        page = await newTab().catch(newTab);
      }
    }
    await Promise.all(asked);
    await sleep(random() * 300);
  }
  await page.close().catch(() => {});
}

async function killNowAndThen(scene: Scene, random: Random, isOver: () => boolean, figures: Figures): Promise<void> {
  while (!isOver()) {
    await sleep(5_000 + random() * 15_000);
    if (isOver()) return;
    // In Chromium every second one is the death of the whole process, with nobody attached to it.
    if (figures.kills % 2 === 0 || !killProcess(scene)) await scene.stage.stopBackground().catch(() => {});
    figures.kills += 1;
  }
}

/** As when the computer sleeps: nothing of the browser runs for longer than it lets a quiet background live. */
async function sleepOnce({ stage }: Scene): Promise<void> {
  await sleep(90_000);
  const found = processesOf(stage.browser.process()?.pid);
  signal('SIGSTOP');
  await sleep(40_000);
  signal('SIGCONT');

  function signal(name: NodeJS.Signals): void {
    for (const { pid } of found) {
      try {
        process.kill(pid, name);
      } catch {
        // It has ended meanwhile.
      }
    }
  }
}

/** Firefox stops starting an extension whose process died five times in a minute, so there it is left alone. */
function killProcess({ stage }: Scene): boolean {
  if (stage.name !== 'chromium') return false;
  const found = processesOf(stage.browser.process()?.pid).filter(({ command }) => command.includes('--extension-process'));
  for (const { pid } of found) process.kill(pid, 'SIGKILL');
  return found.length > 0;
}

/** What an extension page has beyond an ordinary one. */
interface WithStorage {
  storage: { local: { set(values: unknown): Promise<void> } };
}

type Random = () => number;

function pick(random: Random): Scenario {
  let left = random() * 100;
  for (const [share, mood] of moods) {
    left -= share;
    if (left < 0) return mood;
  }
  return {};
}
