import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'puppeteer';
import { until } from '../e2e/harness.ts';
import { allow, openScene, type Scene } from '../e2e/scene.ts';
import { errorCodes } from '../lib/protocol/errors.ts';
import type { Scenario } from '../lib/testing/kit/scenario.ts';
import { seeded } from '../lib/testing/seeded.ts';
import type { BrowserName } from './browsers.ts';

export interface Figures {
  calls: number;
  outcomes: Record<string, number>;
  kills: number;
  pagesClosed: number;
  firstWordMs: number[];
  /** From the page's abort to the server's closed socket. */
  closeMs: number[];
  rssBefore: number;
  rssAfter: number;
  /** What did not hold, in words. */
  broken: string[];
}

/** One call as its page saw it. */
interface Call {
  settled: number;
  outcome: string;
  text: string;
  firstWordMs: number | null;
}

const silenceMs = 5 * 60_000;
const words = Array.from({ length: 60 }, (_, index) => `word${index} `);
const whole = words.join('');
const canary = `sk-${'soak'.repeat(4)}-canary`;

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
    firstWordMs: [],
    closeMs: [],
    rssBefore: 0,
    rssAfter: 0,
    broken: [],
  };
  try {
    await prepare(scene);
    figures.rssBefore = memoryOf(scene);
    // A run that is long enough ends with five minutes of silence before a first word.
    const isLong = forMs >= 8 * 60_000;
    const endsAt = Date.now() + (isLong ? forMs - silenceMs - 30_000 : forMs);
    const isOver = () => Date.now() >= endsAt;
    const hosts = ['127.0.0.1', 'localhost', 'one.localhost', 'two.localhost'];
    await Promise.all([
      ...hosts.map((host) => visit(scene, host, random, isOver, figures)),
      killNowAndThen(scene, random, isOver, figures),
    ]);
    await check(scene, figures);
    if (isLong) await waitOutSilence(scene, figures);
    figures.rssAfter = memoryOf(scene);
  } finally {
    await scene.close();
  }
  return figures;
}

async function prepare(scene: Scene): Promise<void> {
  await scene.stage.options.evaluate((id, canary) => globalThis.switchboard.secrets.set(id, canary), scene.connectionId, canary);
  for (const host of ['127.0.0.1', 'localhost', 'one.localhost', 'two.localhost']) await allow(scene, scene.site.origin(host));
}

/** One person with one tab: asks, stops, reads half, reloads, closes, comes back. */
async function visit(scene: Scene, host: string, random: Random, isOver: () => boolean, figures: Figures): Promise<void> {
  let page = await scene.stage.newPage(scene.site.url('/', host));
  while (!isOver()) {
    const count = 1 + Math.floor(random() * 4);
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
        page = await scene.stage.newPage(scene.site.url('/', host));
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
    await scene.stage.stopBackground().catch(() => {});
    figures.kills += 1;
  }
}

/** Undefined where the page was left before the call could settle. */
async function ask(page: Page, prompt: string, stopAfterMs: number): Promise<Call | undefined> {
  return await page
    .evaluate(
      async (prompt, stopAfterMs) => {
        const call = { settled: 0, outcome: '', text: '', firstWordMs: null as number | null };
        const stop = new AbortController();
        if (stopAfterMs >= 0) setTimeout(() => stop.abort(), stopAfterMs);
        const startedAt = performance.now();
        try {
          const stream = await window.ai.chat.completions.create(
            // Numbered here: a driver may run this again in the document after a reload.
            { messages: [{ role: 'user', content: `${prompt} ${Math.random()}` }], stream: true },
            { signal: stop.signal },
          );
          for await (const chunk of stream) {
            const piece = chunk.choices[0]?.delta.content ?? '';
            if (piece !== '') call.firstWordMs ??= performance.now() - startedAt;
            call.text += piece;
          }
          call.outcome = 'whole';
        } catch (error) {
          const { code, name } = error as { code?: unknown; name: string };
          // A document that is being replaced has no API for a moment.
          call.outcome = 'ai' in window ? (typeof code === 'string' ? code : name) : 'page left';
        }
        call.settled += 1;
        return call;
      },
      prompt,
      stopAfterMs,
    )
    .catch(() => undefined);
}

function note(figures: Figures, call: Call | undefined): void {
  const outcome = call?.outcome ?? 'page left';
  figures.outcomes[outcome] = (figures.outcomes[outcome] ?? 0) + 1;
  if (!call) return;
  if (call.firstWordMs !== null) figures.firstWordMs.push(call.firstWordMs);
  if (call.settled !== 1) figures.broken.push(`a call settled ${call.settled} times`);
  if (call.outcome === 'whole' && call.text !== whole)
    figures.broken.push(`an answer that was whole had ${call.text.length} of ${whole.length} characters`);
  if (call.outcome !== 'whole' && call.text !== '' && !endless(call.text))
    figures.broken.push('the text before an error is not the beginning of the answer');
  const isKnown =
    call.outcome === 'whole' ||
    ['AbortError', 'page left'].includes(call.outcome) ||
    (errorCodes as readonly string[]).includes(call.outcome);
  if (!isKnown) figures.broken.push(`a call ended with "${call.outcome}", which is no code`);
  if (call.outcome === 'internal') figures.broken.push('a call ended as internal');
}

/** What came is the beginning of the answer, said once or again and again. */
function endless(text: string): boolean {
  return whole.repeat(Math.ceil(text.length / whole.length)).startsWith(text.replace(/\ufffd$/, ''));
}

async function check(scene: Scene, figures: Figures): Promise<void> {
  const { server, stage } = scene;
  const { broken } = figures;
  await until(() => server.activeRequests === 0, 'requests to end', 10_000).catch(() =>
    broken.push(`${server.activeRequests} requests are still open`),
  );
  const answers = server.requests.filter(({ path }) => path.endsWith('/chat/completions'));
  const sent = new Map<string, string[]>();
  for (const { text, outcome } of answers) {
    const [prompt = ''] = /call \d+ of [\w.]+ [\d.e-]+/.exec(text) ?? [];
    sent.set(prompt, [...(sent.get(prompt) ?? []), outcome]);
  }
  for (const [prompt, outcomes] of sent)
    if (outcomes.length > 1) broken.push(`${prompt} was sent ${outcomes.length} times (${outcomes.join(', ')})`);
  if (server.faults.length > 0) broken.push(`cookies came back: ${server.faults.length}`);

  // Moods that nobody got must not meet the last call.
  server.reset();
  const page = await stage.newPage(scene.site.url());
  const last = await ask(page, 'the last call', -1);
  if (last?.outcome !== 'whole') broken.push(`after everything, a call ends with "${last?.outcome}"`);
  const reachable = await page.evaluate(() => document.documentElement.outerHTML + JSON.stringify([localStorage, sessionStorage]));
  const kept = await stage.options.evaluate(async () => {
    const { activity, connections } = globalThis.switchboard;
    return { entries: await activity.list({ limit: 100_000 }), text: JSON.stringify(await connections.list()) };
  });
  if ((reachable + kept.text + JSON.stringify(kept.entries)).includes(canary)) broken.push('a key was found where none may be');
  const strange = kept.entries.filter(({ outcome }) => outcome !== 'done' && !(errorCodes as readonly string[]).includes(outcome));
  if (strange.length > 0) broken.push(`${strange.length} lines of the activity have no outcome`);
  await measureClose(scene, page, figures);
  await page.close();
}

/** Nobody attaches to the background meanwhile, which would keep it alive. */
async function waitOutSilence({ server, stage, site }: Scene, { broken }: Figures): Promise<void> {
  server.reset();
  server.next({ headersDelayMs: silenceMs });
  const page = await stage.newPage(site.url());
  // Not awaited in the page: drivers give up on a script after three minutes.
  await page.evaluate(() => {
    window.ai.chat.completions.create({ messages: [{ role: 'user', content: 'Think for five minutes' }] }).then(
      (answer) => (document.body.dataset.ended = answer.choices[0]?.message.content ?? 'nothing'),
      (error: { code: string }) => (document.body.dataset.ended = error.code),
    );
  });
  const ended = () => page.evaluate(() => document.body.dataset.ended ?? '');
  await until(async () => (await ended()) !== '', 'the answer after five minutes', silenceMs + 60_000).catch(() => {});
  if ((await ended()) !== whole) broken.push(`after five minutes of silence a call ended with "${(await ended()).slice(0, 20)}"`);
  await page.close();
}

async function measureClose({ server }: Scene, page: Page, figures: Figures): Promise<void> {
  for (let round = 0; round < 20; round++) {
    server.reset();
    server.next({ endless: true, tokenDelayMs: 5 });
    const abortedAt = await page.evaluate(async () => {
      const stop = new AbortController();
      const stream = await window.ai.chat.completions.create(
        { messages: [{ role: 'user', content: 'Go on' }], stream: true },
        { signal: stop.signal },
      );
      for await (const _ of stream) break;
      return performance.timeOrigin + performance.now();
    });
    await until(() => server.aborted > 0, 'the server to see the connection close', 3_000).catch(() =>
      figures.broken.push('an abort did not reach the server'),
    );
    const [closedAt] = server.abortedAt;
    if (closedAt !== undefined) figures.closeMs.push(Math.max(0, closedAt - abortedAt));
  }
}

/** Bytes of all processes of the browser, where the system tells (Linux). */
function memoryOf({ stage }: Scene): number {
  const root = stage.browser.process()?.pid;
  if (root === undefined || process.platform !== 'linux') return 0;
  const parents = new Map<number, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      parents.set(Number(pid), Number(parent));
    } catch {
      // It has ended meanwhile.
    }
  }
  const isOurs = (pid: number): boolean => pid === root || (parents.has(pid) && isOurs(parents.get(pid) as number));
  let sum = 0;
  for (const pid of parents.keys()) {
    if (!isOurs(pid)) continue;
    try {
      sum += Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
    } catch {
      // The same.
    }
  }
  return sum;
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
