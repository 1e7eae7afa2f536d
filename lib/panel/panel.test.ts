import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { createChatRunner } from '../chats/runner.ts';
import type { ChatEvent } from '../chats/store.ts';
import type { OriginRules } from '../connections/origin-rules.ts';
import { getDefaults, listConnections, saveConnection } from '../connections/store.ts';
import type { ModelWork } from '../model-work/model-work.ts';
import { createModelWorker } from '../model-work/runner.ts';
import { createConsent } from '../permissions/consent.ts';
import { findGrant } from '../permissions/grants.ts';
import { getQuestion } from '../permissions/question.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import { createRouter } from '../router/create-router.ts';
import { createEngines } from '../router/engines.ts';
import { createModelLists } from '../router/model-lists.ts';
import { createPools } from '../router/pool/pools.ts';
import { questionContent } from '../router/question-content.ts';
import type { Router, Run } from '../router/router.ts';
import { createConnectionTester } from '../router/test-connection.ts';
import { lateCalls } from '../serve/calls/late-calls.ts';
import { identify } from '../serve/identify.ts';
import { createLease } from '../serve/keep-alive.ts';
import { createPanelMethods } from '../serve/panel-methods.ts';
import { serve } from '../serve/serve.ts';
import { createMemoryDatabase } from '../storage/memory-database.ts';
import { startLlamaCpp } from '../testing/emulators/llamacpp.ts';
import { startOllama } from '../testing/emulators/ollama.ts';
import { startOpenAi } from '../testing/emulators/openai.ts';
import type { Emulator } from '../testing/kit/start-emulator.ts';
import { createPortPair, type PortEnd } from '../testing/port-pair.ts';
import { createLedger } from '../usage/ledger.ts';
import { createActivityLog } from '../usage/log.ts';
import type { UsageRows } from '../usage/rows.ts';
import { exposeAutomation } from './automation.ts';
import { request, subscribe } from './background.ts';
import { connectDemoModel } from './first-run.ts';

describe('our own pages', () => {
  let server: Emulator;
  let router: Router;
  let consent: ReturnType<typeof createConsent>;
  let probed: string[];
  let ends: PortEnd[];
  let pages: PortEnd[];

  /** A background without a browser around it: everything of it but the origin rules is real. */
  function startBackground(): void {
    const originRules: OriginRules = {
      ready: async () => {},
      during(urls, work) {
        probed.push(...urls);
        return work();
      },
    };
    const database = createMemoryDatabase<UsageRows>();
    const engines = createEngines();
    const lists = createModelLists(engines);
    const ledger = createLedger(database);
    consent = createConsent();
    const pools = createPools({ engines, lists, listConnections });
    const log = createActivityLog(database);
    router = createRouter({
      consent,
      describe: questionContent,
      engines,
      lists,
      ledger,
      log,
      pools: () => pools,
      originRulesReady: originRules.ready,
    });
    const lease = createLease(() => {});
    const chats = createChatRunner({ router, hold: lease.hold });
    const tester = createConnectionTester(engines, lists, originRules);
    const panel = createPanelMethods({
      router,
      onDevice: { async *add() {} },
      calls: lateCalls(router),
      chats,
      consent,
      engines,
      lists,
      tester,
      originRules,
      readWorker: () => createModelWorker,
      lease,
      ready: Promise.resolve(),
    });
    const sender = {
      id: fakeBrowser.runtime.id,
      origin: fakeBrowser.runtime.getURL('').replace(/\/$/, ''),
      url: fakeBrowser.runtime.getURL('/popup.html'),
    };
    vi.spyOn(fakeBrowser.runtime, 'connect').mockImplementation((() => {
      const { content, background } = createPortPair(sender, 'panel');
      serve(background, { identify, site: {}, panel, lease });
      ends.push(background);
      pages.push(content);
      return content;
    }) as never);
  }

  const killBackground = async () => {
    for (const end of ends.splice(0)) end.disconnect();
    await new Promise((resolve) => setTimeout(resolve, 5));
  };

  /** What the background does goes on. The next page has another port. */
  const changePage = async () => {
    for (const end of pages.splice(0)) end.disconnect();
    await request('ready', {}).catch(() => {});
  };

  beforeEach(async () => {
    fakeBrowser.reset();
    ends = [];
    pages = [];
    probed = [];
    vi.spyOn(fakeBrowser.windows, 'create').mockResolvedValue({ id: 1 } as never);
    vi.spyOn(fakeBrowser.windows, 'remove').mockResolvedValue(undefined);
    server = await startLlamaCpp({ model: 'tiny', scenario: { tokens: ['One ', 'two.'] } });
    startBackground();
  });
  afterEach(async () => {
    await killBackground();
    await server.close();
  });

  const home = () => saveConnection({ backend: 'llamacpp', name: 'Home', config: { baseUrl: server.url } });

  it('chat: send, watch, and hear the answer grow', async () => {
    await home();
    const { chatId } = await request('chats.send', { text: 'Hello' });
    const events: ChatEvent[] = [];
    const undo = subscribe('chats.watch', { chatId }, (event) => events.push(event));
    await vi.waitFor(() => {
      const last = events.at(-1);
      const turn = last && ('turns' in last ? last.turns.at(-1) : last.turn);
      expect(turn).toMatchObject({ text: 'One two.', state: 'done' });
    });
    undo();
  });

  it('are told in plain sentences what is wrong with their parameters', async () => {
    await expect(request('chats.send', { text: 7 } as never)).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('text'),
    });
    await expect(request('chats.stop', {} as never)).rejects.toBeInstanceOf(SwitchboardError);
    await expect(request('no.such' as never, {} as never)).rejects.toMatchObject({ code: 'bad-request' });
    const heard = vi.fn();
    subscribe('chats.watch', { chatId: 'gone' }, () => {}, heard);
    await vi.waitFor(() => expect(heard).toHaveBeenCalledWith(expect.objectContaining({ code: 'bad-request' })));
  });

  it('subscribe again by themselves after the background died, and fail what was waiting', async () => {
    await home();
    const seen: Run[][] = [];
    const undo = subscribe('runs.watch', {}, (runs) => seen.push(runs));
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    server.scenario = { scope: 'everything', headersDelayMs: 5_000 };
    const connectionId = (await listConnections())[0]?.id ?? '';
    const lost = expect(request('connections.test', { connectionId })).rejects.toMatchObject({ code: 'interrupted' });
    await vi.waitFor(() => expect(server.activeRequests).toBe(1));
    startBackground();
    await killBackground();
    await lost;
    await vi.waitFor(() => expect(seen).toHaveLength(2));
    undo();
    await killBackground();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen).toHaveLength(2);
  });

  it('see what is running and stop it', async () => {
    await home();
    server.scenario = { endless: true, tokens: ['more '], tokenDelayMs: 5 };
    const { chatId } = await request('chats.send', { text: 'Hello' });
    let runs: Run[] = [];
    const undo = subscribe('runs.watch', {}, (now) => {
      runs = now;
    });
    await vi.waitFor(() => expect(runs).toMatchObject([{ origin: 'extension', state: 'answering' }]));
    await request('runs.stop', { id: runs[0]?.id ?? '' });
    await vi.waitFor(() => expect(runs).toEqual([]));
    undo();
    await request('chats.stop', { chatId });
  });

  it('answer a question for the user', async () => {
    await home();
    const caller = { role: 'site', origin: 'https://a.example', tabId: 1, frameId: 0, isPrivate: false, isActive: () => true } as const;
    const asked = router.requestAccess(caller, {}, new AbortController().signal);
    const question = await vi.waitFor(async () => {
      const shown = await getQuestion();
      if (!shown) throw new Error('nothing is shown');
      return shown;
    });
    const { id, nonce } = question;
    await expect(request('consent.decide', { id, nonce, decision: 'perhaps' } as never)).rejects.toMatchObject({ code: 'bad-request' });
    await expect(request('consent.decide', { id, nonce, decision: 'always', limits: { wealth: 1 } } as never)).rejects.toMatchObject({
      code: 'bad-request',
    });
    await request('consent.decide', { id, nonce, decision: 'always', limits: { concurrent: 2 } });
    expect((await asked).state).toBe('granted');
    expect(await findGrant('https://a.example')).toMatchObject({ limits: { concurrent: 2 } });
  });

  it('list models, and refresh them', async () => {
    const connectionId = await home();
    expect(await request('connections.models', { connectionId })).toMatchObject([{ id: 'tiny' }]);
    const asked = server.requests.length;
    await request('connections.models', { connectionId });
    expect(server.requests).toHaveLength(asked);
    await request('connections.models', { connectionId, refresh: true });
    expect(server.requests.length).toBeGreaterThan(asked);
  });

  it('test a form before it is saved, with the key typed there or the one kept for the same service', async () => {
    const service = await startOpenAi({ apiKey: 'sk-test' });
    const draft = { backend: 'openai', config: { baseUrl: service.url } } as const;
    expect(await request('connections.test', { draft })).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
    expect(await request('connections.test', { draft, secrets: { key: 'sk-test' } })).toMatchObject({
      ok: true,
      models: expect.any(Array),
    });
    expect(probed).toContain(service.url);
    expect(await listConnections()).toEqual([]);

    const id = await saveConnection(draft);
    await switchboard().secrets.set(id, 'sk-test');
    expect(await request('connections.test', { draft: { ...draft, id } })).toMatchObject({ ok: true });
    const elsewhere = await startOpenAi({ apiKey: 'sk-test' });
    const moved = { ...draft, id, config: { baseUrl: elsewhere.url } };
    expect(await request('connections.test', { draft: moved })).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
    expect(elsewhere.requests.some(({ headers }) => headers.authorization !== undefined)).toBe(false);
    await expect(request('connections.test', { draft: { backend: 'openai', config: { baseUrl: 'ftp://x' } } })).rejects.toMatchObject({
      code: 'bad-request',
    });
    await service.close();
    await elsewhere.close();
  });

  it('find out what answers at an address', async () => {
    expect(await request('connections.detect', { input: `${server.url}/v1` })).toMatchObject([
      { backend: 'llamacpp', baseUrl: server.url },
    ]);
    expect(probed).toContain(`${server.url}/v1`);
  });

  it('show how a conversation is put to a model, and which samplers reach it', async () => {
    const connectionId = await saveConnection({ backend: 'llamacpp', config: { baseUrl: server.url } });
    const own = await request('template.preview', { connectionId });
    expect(own).toMatchObject({ name: 'chatml', chosenBecause: 'server', prompt: expect.stringContaining('Be brief.') });
    const tried = await request('template.preview', { connectionId, template: 'gemma' });
    expect(tried).toMatchObject({ name: 'gemma', chosenBecause: 'settings', stop: ['<end_of_turn>'] });
    const rows = await request('samplers', { connectionId });
    expect(rows).toContainEqual({ name: 'repetitionPenalty', knownAs: 'repeat_penalty' });
    expect(rows).toContainEqual({ name: 'topA' });
  });

  it('say what a server cannot do', async () => {
    const connectionId = await home();
    await expect(request('models.unload', { connectionId: 'gone', model: 'tiny' })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(request('models.load', { connectionId: 'gone', model: 'tiny' })).rejects.toMatchObject({ code: 'bad-request' });
    expect(await request('account', { connectionId })).toEqual({});
    await expect(request('models.remove', { connectionId, model: 'tiny' })).rejects.toMatchObject({ code: 'not-supported' });
    await expect(request('models.pull', { connectionId, model: 'tiny' })).rejects.toMatchObject({ code: 'not-supported' });
    expect(await request('connections.abilities', { connectionId })).toContain('models');
    expect(await request('connections.abilities', { connectionId })).not.toContain('pull');
  });

  describe('models of a server', () => {
    let ollama: Emulator;
    let connectionId: string;
    let seen: ModelWork[][];
    let undo: () => void;
    beforeEach(async () => {
      ollama = await startOllama({ scenario: { tokenDelayMs: 60 } });
      connectionId = await saveConnection({ backend: 'ollama', name: 'Ollama', config: { baseUrl: ollama.url } });
      seen = [];
      undo = subscribe('models.work', {}, (all) => seen.push(all));
    });
    afterEach(async () => {
      undo();
      await ollama.close();
    });
    const target = (model: string) => ({ connectionId, model });
    const ids = async () => (await request('connections.models', { connectionId })).map(({ id }) => id);
    const ended = () => vi.waitFor(() => expect(seen.length > 1 && seen.at(-1)).toEqual([]), 3000);

    it('can be got, which tells how far it is, and deleted', async () => {
      await request('models.pull', target('tiny:1b'));
      await ended();
      const said = seen.flat().flatMap((work) => work.said ?? []);
      expect(said.some(({ bytes = 0, totalBytes = 0 }) => bytes > 0 && totalBytes >= bytes)).toBe(true);
      expect(await ids()).toContain('tiny:1b');
      await request('models.remove', target('tiny:1b'));
      expect(await ids()).not.toContain('tiny:1b');
    });

    it('go on being got when the page closes, and stop when told to', async () => {
      await request('models.pull', target('tiny:1b'));
      await changePage();
      await vi.waitFor(() => expect(seen.at(-1)).toMatchObject([{ model: 'tiny:1b', kind: 'pull', state: 'running' }]));
      expect(ollama.aborted).toBe(0);
      await request('models.stop', target('tiny:1b'));
      await ended();
      await vi.waitFor(() => expect(ollama.aborted).toBe(1));
      expect(await ids()).not.toContain('tiny:1b');
    });

    it('are asked for once, however often it is clicked, and what failed is told until it is forgotten', async () => {
      await Promise.all([request('models.pull', target('no-such')), request('models.pull', target('no-such'))]);
      await vi.waitFor(() => expect(seen.at(-1)).toMatchObject([{ state: 'failed', error: { code: expect.any(String) } }]));
      expect(ollama.requests.filter(({ path }) => path === '/api/pull')).toHaveLength(1);
      await request('models.stop', target('no-such'));
      await vi.waitFor(() => expect(seen.at(-1)).toEqual([]));
    });
  });

  it('connect the demo model in one step, once', async () => {
    const id = await connectDemoModel();
    expect(await connectDemoModel()).toBe(id);
    expect(await listConnections()).toMatchObject([{ id, backend: 'ondevice', name: 'Pocket (demo model)', model: 'pocket' }]);
    expect(await getDefaults()).toEqual({ connectionId: id, model: 'pocket' });
  });

  function switchboard() {
    if (!('switchboard' in globalThis)) exposeAutomation();
    return globalThis.switchboard;
  }

  describe('automation', () => {
    it('is frozen, and ready when the background is', async () => {
      expect(Object.isFrozen(switchboard()) && Object.isFrozen(switchboard().connections)).toBe(true);
      expect(() => Object.assign(globalThis, { switchboard: {} })).toThrow();
      await switchboard().ready();
    });

    it('lists the names of secrets, never their values', async () => {
      const id = await switchboard().connections.save({ backend: 'openai', config: {} });
      await switchboard().secrets.set(id, 'sk-test-canary');
      const listed = await switchboard().connections.list();
      expect(listed).toMatchObject([{ id, secrets: ['key'] }]);
      expect(JSON.stringify(listed)).not.toContain('canary');
    });

    it('grants any model, a named one, or one of a named connection', async () => {
      const first = await home();
      const other = await startLlamaCpp({ model: 'large' });
      const second = await saveConnection({ backend: 'llamacpp', name: 'Other', config: { baseUrl: other.url } });
      const { grants } = switchboard();
      const origin = 'https://a.example';
      expect((await grants.set({ origin })).models).toEqual([{ connectionId: '*', model: '*' }]);
      expect((await grants.set({ origin, models: ['*'] })).models).toEqual([{ connectionId: '*', model: '*' }]);
      expect(await grants.set({ origin, models: ['large', 'tiny'], decision: 'session' })).toMatchObject({
        decision: 'session',
        models: [
          { connectionId: second, model: 'large', revision: 1 },
          { connectionId: first, model: 'tiny', revision: 1 },
        ],
        limits: {},
      });
      expect((await grants.set({ origin, models: [`${second}/anything`] })).models).toEqual([
        { connectionId: second, model: 'anything', revision: 1 },
      ]);
      expect(await grants.list()).toHaveLength(1);
      await grants.revoke(origin);
      expect(await grants.list()).toEqual([]);
      await other.close();
    });

    it.each([
      ['a model nobody has', () => switchboard().grants.set({ origin: 'https://a.example', models: ['nobody'] }), 'nobody'],
      ['no origin', () => switchboard().grants.set({} as never), 'origin'],
      ['what is no site', () => switchboard().grants.set({ origin: 'a.example' }), 'https://'],
      ['an unknown decision', () => switchboard().grants.set({ origin: 'https://a.example', decision: 'maybe' as never }), 'decision'],
      ['a misspelt field', () => switchboard().grants.set({ origin: 'https://a.example', model: ['x'] } as never), 'model'],
      ['a default that is not there', () => switchboard().defaults.set({ connectionId: 'gone' }), 'gone'],
      ['a connection that is not there', () => switchboard().connections.test('gone'), 'gone'],
      ['no id', () => switchboard().connections.remove(undefined as never), 'string'],
      ['an empty key', () => switchboard().secrets.set('gone', ''), 'connection'],
    ])('refuses %s with a sentence about it', async (_, act, word) => {
      await home();
      await expect(act()).rejects.toMatchObject({ message: expect.stringContaining(word) });
    });
  });
});
