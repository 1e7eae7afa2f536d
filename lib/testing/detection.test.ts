import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { detect, discover } from '../backends/detect.ts';
import { knownLocalAddresses } from '../backends/known-addresses.ts';
import { startGateway } from './emulators/gateway.ts';
import { startKoboldAi } from './emulators/koboldai.ts';
import { startKoboldCpp } from './emulators/koboldcpp.ts';
import { startLlamaCpp } from './emulators/llamacpp.ts';
import { startLmStudio } from './emulators/lmstudio.ts';
import { startOllama } from './emulators/ollama.ts';
import { startOobabooga } from './emulators/oobabooga.ts';
import { startOobaboogaLegacy } from './emulators/oobabooga-legacy.ts';
import { type EmulatedId, emulators } from './emulators/start-any.ts';
import { startTabby } from './emulators/tabbyapi.ts';
import { startVllm } from './emulators/vllm.ts';
import type { Emulator } from './kit/start-emulator.ts';

const { signal } = new AbortController();
const key = `local-${'test'}-0123456789`;
let running: Emulator[] = [];
beforeEach(() => {
  running = [];
});
afterEach(() => Promise.all(running.map((emulator) => emulator.close())));

async function start(starting: Promise<Emulator>): Promise<Emulator> {
  const emulator = await starting;
  running.push(emulator);
  return emulator;
}

const local = [
  ...(['llamacpp', 'ollama', 'lmstudio', 'vllm', 'custom'] as const),
  ...(['koboldcpp', 'oobabooga', 'tabbyapi', 'koboldai', 'oobabooga-legacy'] as const),
] satisfies EmulatedId[];
const keyless: EmulatedId[] = ['koboldai', 'oobabooga-legacy'];
const nameOf = (id: EmulatedId) => (id === 'oobabooga-legacy' ? 'oobabooga' : id);

describe('detection', () => {
  for (const id of local) {
    it(`names ${id}, whatever end of its address was typed`, async () => {
      const emulator = await start(emulators[id].start({}));
      for (const path of ['', '/', '/v1', '/v1/']) {
        const [found, ...others] = await detect(emulator.url + path, { signal });
        expect(found, path).toMatchObject({ backend: nameOf(id), baseUrl: expect.stringContaining(emulator.url) });
        expect(found?.models.length, path).toBeGreaterThan(0);
        expect(others).toEqual([]);
      }
    });

    it.skipIf(keyless.includes(id))(`names ${id} behind a key, and sends the key only where it is asked for`, async () => {
      const emulator = await start(emulators[id].start({ apiKey: key }));
      const [found] = await detect(emulator.url, { signal });
      // Where every path asks for the key, there may be nothing left to tell a server by.
      expect(id === 'ollama' ? [id, 'custom'] : [id]).toContain(found?.backend);
      expect(found?.needsKey).toBe(true);
      expect(emulator.requests.filter((request) => request.headers.authorization)).toEqual([]);

      const [withKey] = await detect(emulator.url, { signal, key });
      expect(withKey?.models.length).toBeGreaterThan(0);
      for (const request of emulator.requests.filter((each) => each.headers.authorization))
        expect(request.path).toMatch(/(models|model|props|tags|ps|info|list|version|list_options|max_context_length)$/);
    });
  }

  it('is not misled by servers that answer for others', async () => {
    const ollamaPaths = {
      'GET /api/tags': { models: [{ name: 'koboldcpp/model', model: 'koboldcpp/model' }] },
      'GET /api/version': { version: '0.7.0' },
      'GET /api/ps': { models: [] },
    };
    const props = { 'GET /props': { default_generation_settings: { n_ctx: 4096 }, chat_template: '', total_slots: 1 } };
    const koboldVersion = { 'GET /api/extra/version': { result: 'KoboldCpp', version: '1.111' } };

    const kobold = await start(
      startGateway({ alsoAnswers: { ...ollamaPaths, ...props, ...koboldVersion, 'GET /api/v1/info/version': { result: '1.2.5' } } }),
    );
    expect((await detect(kobold.url, { signal }))[0]?.version).toMatch(/^KoboldCpp/);

    const tabby = await start(
      startGateway({
        alsoAnswers: {
          ...props,
          ...koboldVersion,
          'GET /.well-known/serviceinfo': { version: 0.1, software: { name: 'TabbyAPI', version: '1.0' } },
        },
      }),
    );
    expect((await detect(tabby.url, { signal }))[0]?.version).toMatch(/^TabbyAPI/);

    const llama = await start(startLlamaCpp({ alsoAnswers: { 'GET /api/tags': { models: [] }, 'GET /version': { version: '0.9.0' } } }));
    expect((await detect(llama.url, { signal }))[0]?.backend).toBe('llamacpp');

    const studio = await start(startLmStudio({ alsoAnswers: props }));
    expect((await detect(studio.url, { signal }))[0]?.backend).toBe('lmstudio');

    const vllm = await start(startVllm({ alsoAnswers: { 'GET /api/version': { version: '0.5.0' } } }));
    expect((await detect(vllm.url, { signal }))[0]?.backend).toBe('vllm');
  });

  it('knows older versions, and one with nothing loaded', async () => {
    const oldLlama = await start(startLlamaCpp({ old: true }));
    expect((await detect(oldLlama.url, { signal }))[0]).toMatchObject({ backend: 'llamacpp', version: 'llama.cpp b4753-0b3863ff' });
    const oldStudio = await start(startLmStudio({ old: true }));
    expect((await detect(oldStudio.url, { signal }))[0]?.backend).toBe('lmstudio');
    const emptyStudio = await start(startLmStudio({ models: [] }));
    expect((await detect(emptyStudio.url, { signal }))[0]?.backend).toBe('lmstudio');
    const emptyOllama = await start(startOllama({ models: [] }));
    expect((await detect(emptyOllama.url, { signal }))[0]).toMatchObject({ backend: 'ollama', version: 'Ollama 0.33.0', models: [] });
  });

  it('knows TabbyAPI that plays KoboldCpp, and both that play others', async () => {
    const tabby = await start(startTabby({ kobold: true, apiKey: key }));
    expect((await detect(tabby.url, { signal }))[0]).toMatchObject({ backend: 'tabbyapi', version: 'TabbyAPI', needsKey: true });
    const empty = await start(startTabby({ kobold: true, loaded: null, old: true }));
    expect((await detect(empty.url, { signal }))[0]?.backend).toBe('tabbyapi');
    for (const version of ['1.76', '1.90', '1.111']) {
      const kobold = await start(startKoboldCpp({ version, alsoAnswers: { 'GET /': 'Ollama is running' } }));
      expect((await detect(`${kobold.url}/api`, { signal }))[0]).toMatchObject({ backend: 'koboldcpp', version: `KoboldCpp ${version}` });
    }
    const locked = await start(startKoboldCpp({ apiKey: key }));
    expect((await detect(locked.url, { signal }))[0]).toMatchObject({ backend: 'koboldcpp', needsKey: true });
  });

  it('knows every age of text-generation-webui, also one that refuses to be called so, and fills in which interface', async () => {
    for (const version of ['2', '3', '4.0', '4.1'] as const) {
      const emulator = await start(startOobabooga({ version }));
      const [found] = await detect(emulator.url, { signal });
      expect(found).toMatchObject({ backend: 'oobabooga', models: [{ id: 'tiny-instruct-Q4.gguf' }, { id: 'other-model' }] });
      expect(found).not.toHaveProperty('config');
    }
    const refusing = await start(startOobabooga({ host: '::1' }));
    expect((await detect(refusing.url, { signal }))[0]).toMatchObject({ backend: 'oobabooga', models: [] });
    const legacy = await start(startOobaboogaLegacy());
    expect((await detect(`${legacy.url}/api/`, { signal }))[0]).toMatchObject({
      backend: 'oobabooga',
      config: { api: 'legacy' },
      models: [{ id: 'TheBloke_tiny-GPTQ' }, { id: 'other-model' }],
    });
    const unloaded = await start(startOobaboogaLegacy({ loaded: null }));
    expect((await detect(unloaded.url, { signal }))[0]).toMatchObject({ backend: 'oobabooga', config: { api: 'legacy' } });
  });

  it('knows both kinds of KoboldAI, with and without a model', async () => {
    const client = await start(startKoboldAi({ mode: 'client' }));
    expect((await detect(client.url, { signal }))[0]).toMatchObject({ backend: 'koboldai', version: 'KoboldAI (API 1.2.1)' });
    const empty = await start(startKoboldAi({ model: null }));
    expect((await detect(empty.url, { signal }))[0]).toMatchObject({ backend: 'koboldai', models: [] });
  });

  it('knows llama.cpp while it loads its model', async () => {
    const emulator = await start(startLlamaCpp({ loadingRequests: 1000 }));
    expect((await detect(emulator.url, { signal }))[0]?.backend).toBe('llamacpp');
  });

  it('finds nothing in a web page, and says where nothing answers', async () => {
    const page = await start(startGateway({ scenario: { raw: 'html-200', scope: 'everything' } }));
    expect(await detect(page.url, { signal })).toEqual([]);
    const gone = await startGateway();
    await gone.close();
    await expect(detect(gone.url, { signal })).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('asks by GET alone, with nothing that could change a server', async () => {
    const emulator = await start(startGateway());
    await detect(emulator.url, { signal });
    expect(new Set(emulator.requests.map((request) => request.method))).toEqual(new Set(['GET']));
    expect(emulator.faults).toEqual([]);
  });
});

describe('discovery', () => {
  it('lists the servers at the known addresses, without a key, and waits for no silent one', async () => {
    const ollama = await start(startOllama());
    const llama = await start(startLlamaCpp());
    const silent = await start(startGateway({ scenario: { raw: 'silence', scope: 'everything' } }));
    const real = new Map([
      ['http://127.0.0.1:11434', ollama.url],
      ['http://127.0.0.1:8080', llama.url],
      ['http://127.0.0.1:5000', silent.url],
    ]);
    const asked = new Set<string>();
    // Ports of this machine may be taken, so the known addresses lead to emulators on free ones.
    const redirected: typeof fetch = (input, init) => {
      const url = new URL(String(input));
      asked.add(url.origin);
      const target = real.get(url.origin);
      return target ? fetch(target + url.pathname + url.search, init) : Promise.reject(new TypeError('fetch failed'));
    };
    const began = performance.now();
    const found = await discover({ signal, fetch: redirected });
    expect(found.map(({ backend, baseUrl }) => [backend, baseUrl])).toEqual([
      ['ollama', 'http://127.0.0.1:11434'],
      ['llamacpp', 'http://127.0.0.1:8080'],
    ]);
    expect(performance.now() - began).toBeLessThan(3000);
    expect([...asked].every((origin) => knownLocalAddresses.includes(origin))).toBe(true);
    for (const emulator of running) expect(emulator.requests.filter((request) => request.headers.authorization)).toEqual([]);
  });
});
