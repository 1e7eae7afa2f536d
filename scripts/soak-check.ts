import type { Page } from 'puppeteer';
import { until } from '../e2e/harness.ts';
import type { Scene } from '../e2e/scene.ts';
import { errorCodes } from '../lib/protocol/errors.ts';
import type { Scenario } from '../lib/testing/kit/scenario.ts';
import { ask, type Figures, maxAtOnce, whole } from './soak-call.ts';

export const silenceMs = 5 * 60_000;
/** A key that may be found nowhere. */
export const canary = `sk-${'soak'.repeat(4)}-canary`;

/** After everything has ended: what must hold. */
export async function check(scene: Scene, figures: Figures): Promise<void> {
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
  // Its process may have been killed, and the first page of it with that.
  const options = stage.name === 'chromium' ? await stage.openExtensionPage('/options.html') : stage.options;
  // What was settled last may be on its way to the disk.
  await until(async () => (await readBook(options)).reserved === 0, 'the last call to be settled', 5_000).catch(() => {});
  const kept = await readBook(options);
  figures.counted = kept.counted;
  if (kept.counted <= answers.length) broken.push(`${answers.length + 1} calls reached the server, ${kept.counted} are in the book`);
  // A driver may ask again in the document after a reload.
  const made = figures.calls + 1 + maxAtOnce * figures.pagesClosed;
  if (kept.counted > made) broken.push(`at most ${made} calls were made, ${kept.counted} are in the book`);
  if (kept.reserved > 0) broken.push(`${kept.reserved} reservations were never settled`);
  const listed = kept.entries.reduce((sum, { costMicroUsd = 0 }) => sum + costMicroUsd, 0);
  if (listed !== kept.microUsd) broken.push(`the activity tells of ${listed} millionths of a dollar, the book of ${kept.microUsd}`);
  if ((reachable + kept.text + JSON.stringify(kept.entries)).includes(canary)) broken.push('a key was found where none may be');
  const strange = kept.entries.filter(({ outcome }) => outcome !== 'done' && !(errorCodes as readonly string[]).includes(outcome));
  if (strange.length > 0) broken.push(`${strange.length} lines of the activity have no outcome`);
  await measureClose(scene, page, figures);
  await page.close();
}

/** What was spent and asked, as it is on the disk. */
async function readBook(options: Page) {
  return await options.evaluate(async () => {
    const { activity, connections } = globalThis.switchboard;
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('switchboard-usage');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const rows = <Row>(store: string) =>
      new Promise<Row[]>((resolve) => {
        const reading = database.transaction(store).objectStore(store).getAll();
        reading.onsuccess = () => resolve(reading.result);
      });
    const days = await rows<{ calls: number; microUsd: number }>('days');
    return {
      entries: await activity.list({ limit: 100_000 }),
      text: JSON.stringify(await connections.list()),
      counted: days.reduce((sum, { calls }) => sum + calls, 0),
      microUsd: days.reduce((sum, { microUsd }) => sum + microUsd, 0),
      reserved: (await rows('reservations')).length,
    };
  });
}

/** Nobody attaches to the background meanwhile, which would keep it alive. */
export async function waitOutSilence({ server, stage, site }: Scene, { broken }: Figures): Promise<void> {
  server.reset();
  const silences: [where: string, host: string, scenario: Scenario, text: string][] = [
    ['before the first word', '127.0.0.1', { headersDelayMs: silenceMs }, whole],
    ['in the middle', 'localhost', { tokens: ['One ', 'two'], tokenDelayMs: silenceMs }, 'One two'],
  ];
  const waits: Promise<void>[] = [];
  for (const [where, host, scenario, text] of silences) {
    const { length } = server.requests;
    server.next(scenario);
    const page = await stage.newPage(site.url('/', host));
    // Not awaited in the page: drivers give up on a script after three minutes.
    await page.evaluate(() => {
      void (async () => {
        let text = '';
        const messages = [{ role: 'user' as const, content: 'Think for five minutes' }];
        for await (const chunk of await window.ai.chat.completions.create({ messages, stream: true }))
          text += chunk.choices[0]?.delta.content ?? '';
        return text;
      })().then(
        (text) => (document.body.dataset.ended = text || 'nothing'),
        (error: { code: string }) => (document.body.dataset.ended = error.code),
      );
    });
    await until(() => server.requests.length > length, 'the server to be asked');
    const ended = () => page.evaluate(() => document.body.dataset.ended ?? '');
    waits.push(
      until(async () => (await ended()) !== '', 'the answer after five minutes', silenceMs + 60_000)
        .catch(() => {})
        .then(async () => {
          if ((await ended()) !== text)
            broken.push(`after five minutes of silence ${where} a call ended with "${(await ended()).slice(0, 20)}"`);
          await page.close();
        }),
    );
  }
  await Promise.all(waits);
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
