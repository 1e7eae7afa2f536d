import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { ConnectionDraft } from '../../connections/connection.ts';
import { createOriginRules } from '../../connections/origin-rules.ts';
import { listConnections, removeConnection, saveConnection } from '../../connections/store.ts';
import { createConsent } from '../../permissions/consent.ts';
import { setGrant } from '../../permissions/grants.ts';
import type { SwitchboardError } from '../../protocol/errors.ts';
import type { EndPart } from '../../protocol/part.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import type { Database } from '../../storage/database.ts';
import { createMemoryDatabase } from '../../storage/memory-database.ts';
import { startKoboldCpp } from '../../testing/emulators/koboldcpp.ts';
import { startLlamaCpp } from '../../testing/emulators/llamacpp.ts';
import { startOllama } from '../../testing/emulators/ollama.ts';
import { startOpenAi } from '../../testing/emulators/openai.ts';
import { startVllm } from '../../testing/emulators/vllm.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import type { ActivityEntry } from '../../usage/activity.ts';
import { createLedger } from '../../usage/ledger.ts';
import { createActivityLog } from '../../usage/log.ts';
import type { UsageRows } from '../../usage/rows.ts';
import { setSecret } from '../../vault/vault.ts';
import type { Caller } from '../caller.ts';
import { createRouter } from '../create-router.ts';
import { createEngines } from '../engines.ts';
import { createModelLists, type ModelLists } from '../model-lists.ts';
import { questionContent } from '../question-content.ts';
import type { Asked, Router } from '../router.ts';
import { createConnectionTester } from '../test-connection.ts';
import type { HealthOptions } from './health.ts';
import { createPools } from './pools.ts';

const origin = 'https://app.example';
const user: Caller = { role: 'extension' };
const site: Caller = { role: 'site', origin, tabId: 1, frameId: 0, isPrivate: false, isActive: () => true };
const never = new AbortController().signal;
const hello: Asked<ChatRequest> = { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }] };
const picture: Asked<ChatRequest> = {
  messages: [{ role: 'user', content: [{ type: 'image', mediaType: 'image/png', data: 'iVBORw0KGgo=' }] }],
};

interface Heard {
  text: string;
  end?: EndPart;
  code?: string;
  message?: string;
  retry?: number | undefined;
}

describe('a pool', () => {
  const running: Emulator[] = [];
  let database: Database<UsageRows>;
  let router: Router;
  let lists: ModelLists;

  function start(health: HealthOptions = {}): void {
    const engines = createEngines();
    lists = createModelLists(engines);
    const pools = createPools({ engines, lists, listConnections }, health);
    router = createRouter({
      consent: createConsent(),
      describe: questionContent,
      engines,
      lists,
      ledger: createLedger(database),
      log: createActivityLog(database),
      pools: () => pools,
      originRulesReady: async () => {},
    });
  }

  beforeEach(() => {
    fakeBrowser.reset();
    database = createMemoryDatabase();
    start();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.close()));
  });

  async function llama(name: string, options: Parameters<typeof startLlamaCpp>[0] = {}): Promise<{ id: string; server: Emulator }> {
    const server = await startLlamaCpp({ model: name, scenario: { tokens: [name, ' says ', 'so.'] }, ...options });
    running.push(server);
    return { server, id: await saveConnection({ backend: 'llamacpp', name, config: { baseUrl: server.url } }) };
  }

  async function pool(strategy: 'fallback' | 'spread', ...ids: string[]): Promise<string> {
    const members = ids.map((connectionId) => ({ connectionId }));
    return await saveConnection({ backend: 'pool', name: 'All', config: { strategy, members } });
  }

  async function ask(connectionId: string, request = hello, caller: Caller = user, signal = never): Promise<Heard> {
    const heard: Heard = { text: '' };
    try {
      const target = caller.role === 'extension' ? { connectionId } : undefined;
      for await (const parts of router.chat(caller, request, signal, target)) {
        for (const part of parts) {
          if (part.type === 'text') heard.text += part.text;
          if (part.type === 'end') heard.end = part;
        }
      }
    } catch (thrown) {
      const { code, message, retryAfterSeconds: retry } = thrown as SwitchboardError;
      return { ...heard, code, message, retry };
    }
    return heard;
  }

  const answers = ({ requests }: Emulator) => requests.filter(({ wantsAnswer }) => wantsAnswer).length;

  async function activity(count: number): Promise<ActivityEntry[]> {
    return await vi.waitFor(async () => {
      const rows = (await database.list('activity')).map(([, entry]) => entry);
      expect(rows).toHaveLength(count);
      return rows;
    });
  }

  describe('that falls back', () => {
    it('asks the first, names the model that answered, and books it where it happened', async () => {
      const [one, two] = [await llama('one'), await llama('two')];
      expect(await ask(await pool('fallback', one.id, two.id))).toMatchObject({ text: 'one says so.', end: { model: 'one' } });
      expect(answers(two.server)).toBe(0);
      expect(await activity(1)).toMatchObject([{ connectionId: one.id, backend: 'llamacpp', model: 'one', outcome: 'done' }]);
    });

    it('goes on to the next when the first is down, and keeps a line for each attempt', async () => {
      const [one, two] = [await llama('one'), await llama('two')];
      const all = await pool('fallback', one.id, two.id);
      await lists.refresh((await listConnections())[0] as never, never);
      await one.server.close();
      expect(await ask(all)).toMatchObject({ text: 'two says so.', end: { model: 'two' } });
      const [failed, done] = await activity(2);
      expect(failed).toMatchObject({ connectionId: one.id, outcome: 'unreachable' });
      expect(failed).not.toHaveProperty('usage');
      expect(done).toMatchObject({ connectionId: two.id, outcome: 'done' });
    });

    it.each([
      ['overloaded', 'overloaded'],
      ['limited', 'rate-limited'],
      ['loading', 'loading'],
      ['out of credit', 'out-of-credit'],
      ['without that model', 'model-not-found'],
      ['refusing the key', 'unauthorized'],
      ['too small for the text', 'context-length'],
      ['refusing the content', 'content-filter'],
    ] as const)('goes on when the first is %s', async (_, failure) => {
      const one = await startOpenAi({ scenario: { failure } });
      running.push(one);
      const first = await saveConnection({ backend: 'custom', name: 'Cloud', model: 'gpt-4o-mini', config: { baseUrl: `${one.url}/v1` } });
      const two = await llama('two');
      expect(await ask(await pool('fallback', first, two.id))).toMatchObject({ text: 'two says so.' });
      expect(answers(one)).toBe(1);
    });

    it('does not wait for a server that asks for patience while another is free', async () => {
      const [one, two] = [await llama('one', { scenario: { failure: 'rate-limited', retryAfter: '7' } }), await llama('two')];
      const all = await pool('fallback', one.id, two.id);
      const started = performance.now();
      expect(await ask(all)).toMatchObject({ text: 'two says so.' });
      expect(performance.now() - started).toBeLessThan(5_000);
      expect(await ask(all)).toMatchObject({ text: 'two says so.' });
      expect(answers(one.server)).toBe(1);
    });

    it('keeps what was shown when a server dies in the middle, and asks nobody to begin again', async () => {
      const [one, two] = [await llama('one', { scenario: { failAt: 2, failMode: 'reset' } }), await llama('two')];
      const heard = await ask(await pool('fallback', one.id, two.id));
      expect(heard.text).not.toBe('');
      expect(heard).toMatchObject({ code: 'interrupted' });
      expect(heard.end).toBeUndefined();
      expect(answers(two.server)).toBe(0);
    });

    it('does not repeat what a paid service may have worked on', async () => {
      const one = await startOpenAi({ scenario: { failure: 'server' } });
      const two = await llama('two');
      running.push(one);
      const paid = 'https://api.paid.example';
      const engines = createEngines({ fetch: (url, init) => fetch(String(url).replace(paid, one.url), init) });
      lists = createModelLists(engines);
      const pools = createPools({ engines, lists, listConnections });
      const log = createActivityLog(database);
      const deps = {
        consent: createConsent(),
        describe: questionContent,
        engines,
        lists,
        ledger: createLedger(database),
        log,
        originRulesReady: async () => {},
      };
      router = createRouter({ ...deps, pools: () => pools });
      const first = await saveConnection({ backend: 'custom', name: 'Paid', model: 'large', config: { baseUrl: `${paid}/v1` } });
      const all = await pool('fallback', first, two.id);
      expect(await ask(all)).toMatchObject({ text: '', code: 'backend-error' });
      expect(answers(two.server)).toBe(0);
      one.scenario = { failure: 'out-of-credit' };
      expect(await ask(all)).toMatchObject({ text: 'two says so.' });
    });

    it('repeats a failure inside a server at home, which costs nothing', async () => {
      const [one, two] = [await llama('one', { scenario: { failure: 'server' } }), await llama('two')];
      expect(await ask(await pool('fallback', one.id, two.id))).toMatchObject({ text: 'two says so.' });
    });

    it('passes over members that cannot do what is asked', async () => {
      const one = await startOllama();
      running.push(one);
      const blind = await saveConnection({ backend: 'ollama', name: 'Blind', model: 'tiny-instruct:latest', config: { baseUrl: one.url } });
      const connections = await listConnections();
      const [info] = await lists.refresh(connections[0] as never, never);
      await saveConnection({ id: blind, backend: 'ollama', model: info?.id ?? '' });
      const two = await llama('two', { vision: true });
      const all = await pool('fallback', blind, two.id);
      expect(info?.abilities).not.toContain('images');
      expect(await ask(all, picture)).toMatchObject({ text: 'two says so.' });
      expect(answers(one)).toBe(0);
    });

    it('says what is wrong with each when all fail, with the shortest wait', async () => {
      const one = await llama('one', { scenario: { failure: 'rate-limited', retryAfter: '40' } });
      const two = await llama('two', { scenario: { failure: 'overloaded', retryAfter: '20' } });
      const three = await llama('three');
      const all = await pool('fallback', one.id, two.id, three.id);
      await removeConnection(three.id);
      const { code, message, retry } = await ask(all);
      expect(code).toBe('rate-limited');
      expect(retry).toBe(20);
      for (const words of ['pool "All"', 'one: ', 'two: ', 'was removed']) expect(message).toContain(words);
    });

    it('tells a page one plain reason, without names or hosts', async () => {
      const [one, two] = [await llama('one', { scenario: { failure: 'rate-limited' } }), await llama('two')];
      const all = await pool('fallback', one.id, two.id);
      await setGrant({ origin, models: [{ connectionId: all, model: '*', revision: 1 }] });
      await two.server.close();
      const { code, message } = await ask(all, hello, site);
      expect(code).toBe('rate-limited');
      expect(message).not.toMatch(/one|two|All|127/);
    });

    it('says so when it has nobody left', async () => {
      const one = await llama('one');
      const all = await pool('fallback', one.id);
      await removeConnection(one.id);
      expect(await ask(all)).toMatchObject({ code: 'not-configured', message: expect.stringContaining('"All"') });
    });

    it('stops the member at work when the caller stops, and asks no other', async () => {
      const [one, two] = [await llama('one', { scenario: { tokens: ['on '], endless: true, tokenDelayMs: 5 } }), await llama('two')];
      const stop = new AbortController();
      const asked = ask(await pool('fallback', one.id, two.id), hello, user, stop.signal);
      await vi.waitFor(() => expect(one.server.requests.some(({ tokensSent }) => tokensSent > 2)).toBe(true));
      stop.abort();
      expect(await asked).toMatchObject({ code: 'aborted' });
      await vi.waitFor(() => expect(one.server.aborted).toBe(1));
      expect(answers(two.server)).toBe(0);
    });

    it('stops when the member at work is removed, and goes on when another is', async () => {
      const [one, two] = [await llama('one', { scenario: { tokens: ['on '], endless: true, tokenDelayMs: 5 } }), await llama('two')];
      const asked = ask(await pool('fallback', one.id, two.id));
      await vi.waitFor(() => expect(one.server.requests.some(({ tokensSent }) => tokensSent > 2)).toBe(true));
      await removeConnection(two.id);
      expect(router.runs.list()).toMatchObject([{ connectionId: one.id, state: 'answering' }]);
      await removeConnection(one.id);
      expect(await asked).toMatchObject({ code: 'denied' });
    });
  });

  describe('that rests its members', () => {
    it('lets one call try a server that had failed, and the others wait for what it finds', async () => {
      let time = 0;
      start({ clock: () => time, random: almostOne });
      const one = await llama('one', { scenario: { failure: 'overloaded' } });
      const all = await pool('fallback', one.id);
      expect(await ask(all)).toMatchObject({ code: 'overloaded' });
      time = 1_500;
      one.server.scenario = { headersDelayMs: 50, failure: 'overloaded' };
      const heard = await Promise.all([ask(all), ask(all), ask(all), ask(all)]);
      expect(heard.every(({ code }) => code === 'overloaded')).toBe(true);
      expect(answers(one.server)).toBe(2);
      one.server.scenario = { tokens: ['back'], headersDelayMs: 50 };
      time = 10_000;
      expect((await Promise.all([ask(all), ask(all), ask(all)])).map(({ text }) => text)).toEqual(['back', 'back', 'back']);
      expect(answers(one.server)).toBe(5);
    });

    it('asks a resting server all the same when there is no other', async () => {
      start({ clock: () => 0, random: almostOne });
      const one = await llama('one', { scenario: { failure: 'overloaded' } });
      const all = await pool('fallback', one.id);
      await ask(all);
      one.server.scenario = { tokens: ['back'] };
      expect(await ask(all)).toMatchObject({ text: 'back' });
    });

    it('counts one failure for calls that failed together', async () => {
      let time = 0;
      start({ clock: () => time++, random: almostOne });
      const [one, two] = [await llama('one', { scenario: { failure: 'overloaded', headersDelayMs: 500 } }), await llama('two')];
      const all = await pool('fallback', one.id, two.id);
      await Promise.all(Array.from({ length: 6 }, () => ask(all)));
      expect(answers(one.server)).toBe(6);
      time = 2_000;
      one.server.scenario = { tokens: ['back'] };
      expect(await ask(all)).toMatchObject({ text: 'back' });
    });
  });

  describe('that spreads', () => {
    it('gives each of three servers as many calls as it has slots', async () => {
      const slow = { slots: 2, scenario: { count: 3, tokenDelayMs: 60 } };
      const servers = [await llama('one', slow), await llama('two', slow), await llama('three', slow)];
      const all = await pool('spread', ...servers.map(({ id }) => id));
      const heard = await Promise.all(Array.from({ length: 6 }, () => ask(all)));
      expect(heard.every(({ code }) => code === undefined)).toBe(true);
      expect(servers.map(({ server }) => answers(server))).toEqual([2, 2, 2]);
    });

    it('sees the work of others: slots of llama.cpp, requests of vLLM, the queue of KoboldCpp', async () => {
      const vllm = await startVllm({ scenario: { count: 3 } });
      const kobold = await startKoboldCpp({ scenario: { count: 3 } });
      running.push(vllm, kobold);
      const free = await llama('free');
      const busy = { endless: true, tokens: ['x '], tokenDelayMs: 5 };
      vllm.next(busy);
      kobold.next(busy);
      const stop = new AbortController();
      const others = [
        fetch(`${vllm.url}/v1/chat/completions`, post({ model: 'org/tiny-instruct', messages: [], stream: true }, stop)),
        fetch(`${kobold.url}/api/extra/generate/stream`, post({ prompt: 'x' }, stop)),
      ];
      await Promise.all(others);
      const members = [
        await saveConnection({ backend: 'vllm', name: 'vLLM', config: { baseUrl: vllm.url } }),
        await saveConnection({ backend: 'koboldcpp', name: 'Kobold', config: { baseUrl: kobold.url } }),
        free.id,
      ];
      const all = await pool('spread', ...members);
      for (let turn = 0; turn < 4; turn++) expect(await ask(all)).toMatchObject({ text: 'free says so.' });
      stop.abort();
    });

    it('counts its own calls where a server does not tell', async () => {
      const slow = { hidesSlots: true, scenario: { count: 3, tokenDelayMs: 60 } };
      const servers = [await llama('one', slow), await llama('two', slow)];
      const all = await pool('spread', ...servers.map(({ id }) => id));
      await Promise.all(Array.from({ length: 6 }, () => ask(all)));
      expect(servers.map(({ server }) => answers(server))).toEqual([3, 3]);
    });

    it('goes on to another when one is down, and leaves that one in peace', async () => {
      start({ random: almostOne });
      const [one, two] = [await llama('one'), await llama('two')];
      const all = await pool('spread', one.id, two.id);
      one.server.scenario = { failure: 'overloaded', retryAfter: '60' };
      for (let turn = 0; turn < 12; turn++) expect(await ask(all)).toMatchObject({ text: 'two says so.' });
      expect(answers(one.server)).toBeLessThanOrEqual(1);
    });
  });

  describe('as a model', () => {
    it('has the smallest window, and the abilities of all for equals, of any for a chain', async () => {
      const [one, two] = [await llama('one', { contextWindow: 4096, vision: true }), await llama('two', { contextWindow: 2048 })];
      const [spread, chain] = [await pool('spread', one.id, two.id), await pool('fallback', one.id, two.id)];
      const connections = await listConnections();
      const info = async (id: string) => (await lists.refresh(connections.find((each) => each.id === id) as never, never))[0];
      expect(await info(spread)).toMatchObject({ id: 'pool', name: 'All', contextWindow: 2048 });
      expect((await info(spread))?.abilities).not.toContain('images');
      expect((await info(chain))?.abilities).toContain('images');
      expect(await router.contextWindow(user, never)).toBe(4096);
    });

    it('is what a site sees, as far away as its farthest member, and the members are not', async () => {
      const one = await llama('one');
      const cloud = await saveConnection({ backend: 'openai', name: 'Work', model: 'large', config: {} });
      await setSecret(cloud, 'sk-' + 'test');
      const all = await pool('fallback', one.id, cloud);
      await setGrant({ origin, models: [{ connectionId: all, model: 'pool', revision: 1 }] });
      const models = await router.models(site, never);
      expect(models).toMatchObject([{ id: 'pool', name: 'All', place: 'company', isDefault: true }]);
      expect(await ask(all, { ...hello, model: 'pool' }, site)).toMatchObject({ text: 'one says so.', end: { model: 'one' } });
      // A page that nobody has clicked on cannot ask for more either.
      const idle = { ...site, isActive: () => false };
      expect(await ask(all, { ...hello, model: 'one' }, idle)).toMatchObject({ code: 'model-not-found' });
    });

    it('is void for a site once a member moves', async () => {
      const one = await llama('one');
      const two = await llama('two');
      const all = await pool('fallback', one.id);
      await setGrant({ origin, models: [{ connectionId: all, model: '*', revision: 1 }] });
      expect((await router.queryAccess(site)).state).toBe('granted');
      await saveConnection({ id: one.id, backend: 'llamacpp', config: { baseUrl: two.server.url } });
      expect((await router.queryAccess(site)).state).toBe('prompt');
    });

    it('is tested member by member, and works as long as one does', async () => {
      const [one, two] = [await llama('one'), await llama('two')];
      const all = await pool('fallback', one.id, two.id);
      await one.server.close();
      const tester = createConnectionTester(createEngines(), lists, createOriginRules());
      const members = [
        { connectionId: one.id, ok: false, error: { code: 'unreachable' } },
        { connectionId: two.id, ok: true },
      ];
      expect(await tester.saved(all, never)).toMatchObject({ ok: true, members, models: [{ id: 'pool' }] });
      const draft: ConnectionDraft = { backend: 'pool', config: { strategy: 'spread', members: [{ connectionId: two.id }] } };
      expect(await tester.draft(draft, {}, never)).toMatchObject({ ok: true, members: [{ connectionId: two.id, ok: true }] });
      await two.server.close();
      expect(await tester.saved(all, never)).toMatchObject({ ok: false, error: { code: 'unreachable' } });
      await removeConnection(one.id);
      await removeConnection(two.id);
      expect(await tester.saved(all, never)).toMatchObject({ ok: false, error: { code: 'not-configured' } });
    });

    it('spends the budget of the site, at the member that answered', async () => {
      const one = await llama('one');
      const all = await pool('fallback', one.id);
      await setGrant({ origin, models: [{ connectionId: all, model: '*', revision: 1 }], limits: { tokensPerDay: 3 } });
      expect(await ask(all, { ...hello, maxOutputTokens: 100 }, site)).toMatchObject({ code: 'budget-exceeded' });
      expect(answers(one.server)).toBe(0);
    });
  });
});

function post(body: object, { signal }: AbortController): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal };
}

/** The longest rests, and always the last of equals. */
const almostOne = () => 1 - Number.EPSILON;
