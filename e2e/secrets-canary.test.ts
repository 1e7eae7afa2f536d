import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { availableBackends } from '../lib/backends/all.ts';
import { type BrowserName, browsers } from './harness.ts';
import { allow, ask, openPage, openScene, type Scene } from './scene.ts';

/** Every place that takes a secret: all secret fields of all backends that have an address. */
const slots = availableBackends
  .filter(({ preset }) => preset.baseUrl !== undefined)
  .flatMap(({ id, fields }) => fields.filter(({ kind }) => kind === 'secret').map(({ name }) => ({ backend: id, name })));

const mark = `canary${'0'.repeat(4)}`;
const canary = (backend: string, name: string) => `sk-${mark}-${backend}-${name}-${'k'.repeat(24)}`;

/** A server of its own for each backend, which repeats in its error whatever it was sent. */
interface Sink {
  backend: string;
  url: string;
  seen: string[];
  server: Server;
}

describe.each(browsers)('a canary in every place for a secret, in %s', (name) => {
  const profile = mkdtempSync(join(tmpdir(), 'switchboard-profile-'));
  const sinks: Sink[] = [];
  const logs: string[] = [];
  let scene: Scene;
  let page: Page;

  beforeAll(async () => {
    for (const backend of new Set(slots.map((slot) => slot.backend))) sinks.push(await openSink(backend));
    scene = await openScene(name, { launch: { args: profileArguments(name, profile) } });
    await scene.stage.options.evaluate(
      async (connections) => {
        for (const { backend, baseUrl, secrets } of connections) {
          const id = await globalThis.switchboard.connections.save({ backend, name: backend, config: { baseUrl }, model: 'any' } as never);
          for (const [secret, value] of secrets) await globalThis.switchboard.secrets.set(id, value, secret);
        }
      },
      sinks.map(({ backend, url }) => ({
        backend,
        baseUrl: url,
        secrets: slots.filter((slot) => slot.backend === backend).map((slot): [string, string] => [slot.name, canary(backend, slot.name)]),
      })),
    );
    await allow(scene, scene.site.origin());
    page = await openPage(scene);
    page.on('console', (message) => logs.push(message.text()));
    scene.stage.options.on('console', (message) => logs.push(message.text()));
  });
  afterAll(async () => {
    await scene?.close();
    for (const { server } of sinks) server.close();
    rmSync(profile, { recursive: true, force: true });
  });

  it('[T1] [E-12] reaches its own address and no other, and no error repeats it', { timeout: 90_000 }, async () => {
    const answers: unknown[] = [];
    for (const { backend } of sinks) {
      const id = await scene.stage.options.evaluate(async (backend) => {
        const { connections, defaults } = globalThis.switchboard;
        const id = (await connections.list()).find((each) => each.name === backend)?.id as string;
        await defaults.set({ connectionId: id, model: 'any' });
        return id;
      }, backend);
      answers.push(await ask(page, 'Hello', `${id}/any`));
      answers.push(await scene.stage.options.evaluate((id) => globalThis.switchboard.connections.test(id), id));
    }
    expect(JSON.stringify(answers)).not.toContain(mark);
    const reached = sinks.filter(({ seen }) => seen.some((text) => text.includes(mark)));
    expect(reached.length).toBeGreaterThan(sinks.length / 2);
    for (const { backend, seen } of sinks) {
      const strangers = seen.join('\n').match(new RegExp(`${mark}-(?!${backend}-)[\\w-]+`, 'g')) ?? [];
      expect(strangers, `at ${backend}`).toEqual([]);
    }
    expect(scene.server.requests.some(({ headers, path }) => JSON.stringify([headers, path]).includes(mark))).toBe(false);
  });

  it('is not in the heap, the document or the messages of a page', async () => {
    const html = await page.evaluate(
      () => document.documentElement.outerHTML + JSON.stringify([localStorage, sessionStorage, document.cookie]),
    );
    expect(html).not.toContain(mark);
    // Firefox has no heap to take from outside; what a page can reach is walked in secrets.test.ts.
    if (name === 'chromium') expect(await heapOf(page)).not.toContain(mark);
  });

  it('is in no storage that content scripts could read, in no list and in no log', async () => {
    const found = await scene.stage.options.evaluate(async () => {
      const scope = globalThis as unknown as Record<
        'browser' | 'chrome',
        { storage: Record<string, { get(keys: null): Promise<unknown> }> }
      >;
      const { storage } = scope.browser ?? scope.chrome;
      const stores = await Promise.all(['local', 'session', 'sync'].map((area) => storage[area]?.get(null)));
      const { connections, activity, grants } = globalThis.switchboard;
      return JSON.stringify([
        stores,
        await connections.list(),
        await activity.list(),
        await grants.list(),
        document.documentElement.outerHTML,
      ]);
    });
    expect(found.length).toBeGreaterThan(100);
    expect(found).not.toContain(mark);
    expect(logs.join('\n')).not.toContain(mark);
  });

  it('[H-13] [T4] is nowhere in clear in the profile on the disk', async () => {
    await scene.close();
    const files = globSync('**/*', { cwd: profile, withFileTypes: true }).filter((file) => file.isFile());
    expect(files.length).toBeGreaterThan(20);
    const needles = [Buffer.from(mark, 'latin1'), Buffer.from(mark, 'utf16le')];
    const contents = files.map((file) => ({
      path: join(file.parentPath, file.name),
      bytes: readFileSync(join(file.parentPath, file.name)),
    }));
    expect(
      contents.some(({ bytes }) => bytes.includes('switchboard')),
      'that the profile was really written',
    ).toBe(true);
    expect(contents.filter(({ bytes }) => needles.some((needle) => bytes.includes(needle))).map(({ path }) => path)).toEqual([]);
  });
});

function profileArguments(name: BrowserName, folder: string): string[] {
  return name === 'chromium' ? [`--user-data-dir=${folder}`] : ['--profile', folder];
}

async function openSink(backend: string): Promise<Sink> {
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += String(piece);
    const text = JSON.stringify([request.url, request.headers, body]);
    seen.push(text);
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        error: { message: `Incorrect API key provided: ${text}`, type: 'invalid_request_error' },
        message: text,
        detail: text,
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { backend, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, server };
}

/** Everything that the renderer holds: of the page's own world and of our content script's. */
async function heapOf(page: Page): Promise<string> {
  const session = await page.createCDPSession();
  let heap = '';
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => (heap += chunk));
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  expect(heap).toContain('switchboard');
  return heap;
}
