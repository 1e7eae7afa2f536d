import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOpenAi } from '../lib/testing/emulators/openai.ts';
import type { Emulator } from '../lib/testing/kit/start-emulator.ts';
import { browsers } from './harness.ts';
import { allow, ask, openPage, openScene, type Scene } from './scene.ts';

const key = `sk-${'test'.repeat(3)}-canary`;

describe.each(browsers)('a key, in %s', (name) => {
  let scene: Scene;
  let service: Emulator;
  let connectionId: string;
  beforeAll(async () => {
    service = await startOpenAi({ apiKey: key, scenario: { tokens: ['Paid ', 'for'] } });
    scene = await openScene(name);
    connectionId = await scene.stage.options.evaluate(
      async (baseUrl, key) => {
        const { switchboard } = globalThis;
        const id = await switchboard.connections.save({ backend: 'openai', name: 'Service', config: { baseUrl } });
        await switchboard.secrets.set(id, key);
        await switchboard.defaults.set({ connectionId: id });
        return id;
      },
      `${service.url}/v1`,
      key,
    );
    await allow(scene, scene.site.origin());
  });
  afterAll(async () => {
    await scene?.close();
    await service?.close();
  });

  it('reaches the service it was entered for', async () => {
    const page = await openPage(scene);
    expect(await ask(page, 'Hello')).toMatchObject({ text: 'Paid for' });
    expect(service.requests.at(-1)?.headers.authorization).toBe(`Bearer ${key}`);
    await page.close();
  });

  it('is nowhere a page could look, not even in an error that repeats it', async () => {
    const page = await openPage(scene);
    service.next({ failure: 'unauthorized', echoSecret: true });
    const asked = await ask(page, 'Hello');
    const reachable = await page.evaluate(() => {
      const seen = new Set<unknown>();
      const texts: string[] = [document.documentElement.outerHTML];
      const walk = (value: unknown, depth: number) => {
        if (typeof value === 'string') texts.push(value);
        if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value) || depth > 6) return;
        seen.add(value);
        for (const name of Object.getOwnPropertyNames(value)) {
          texts.push(name);
          try {
            walk((value as Record<string, unknown>)[name], depth + 1);
          } catch {
            // Some properties of a window may not be read; then a page cannot read a key from them either.
          }
        }
      };
      walk(window.ai, 0);
      for (const storage of [localStorage, sessionStorage]) texts.push(JSON.stringify(storage));
      return texts.join('\n');
    });
    expect(JSON.stringify(asked)).not.toContain(key);
    expect(reachable).not.toContain(key);
    expect(reachable).not.toContain(String(service.port));
    await page.close();
  });

  it('is not in the storage that Firefox lets content scripts read, and cannot be read back', async () => {
    const found = await scene.stage.options.evaluate(async () => {
      const api =
        (globalThis as unknown as { browser?: Storages; chrome: Storages }).browser ??
        (globalThis as unknown as { chrome: Storages }).chrome;
      const stored = await Promise.all([api.storage.local.get(null), api.storage.session.get(null), api.storage.sync.get(null)]);
      return JSON.stringify([stored, await globalThis.switchboard.connections.list()]);
    });
    expect(found).toContain(connectionId);
    expect(found).not.toContain(key);
  });

  it('does not follow the connection to another address', async () => {
    const elsewhere = await startOpenAi({ scenario: { tokens: ['Thanks'] } });
    try {
      await scene.stage.options.evaluate(
        async (id, baseUrl) =>
          void (await globalThis.switchboard.connections.save({ id, backend: 'openai', name: 'Service', config: { baseUrl } })),
        connectionId,
        `${elsewhere.url}/v1`,
      );
      const page = await openPage(scene);
      await ask(page, 'Hello');
      expect(elsewhere.requests.filter(({ headers }) => JSON.stringify(headers).includes(key))).toEqual([]);
      await page.close();
    } finally {
      await elsewhere.close();
    }
  });
});

interface Storages {
  storage: Record<'local' | 'session' | 'sync', { get(keys: null): Promise<unknown> }>;
}
