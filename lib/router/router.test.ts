import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { getConnection, listConnections, removeConnection, saveConnection, setDefaults } from '../connections/store.ts';
import { type Answer, type Consent, createConsent } from '../permissions/consent.ts';
import { findGrant, findGrants, listGrants, revokeGrant, setGrant } from '../permissions/grants.ts';
import { type ConsentQuestion, getQuestion } from '../permissions/question.ts';
import type { SwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import type { ChatRequest } from '../protocol/request.ts';
import type { Database } from '../storage/database.ts';
import { createMemoryDatabase } from '../storage/memory-database.ts';
import { startLlamaCpp } from '../testing/emulators/llamacpp.ts';
import { startOpenAi } from '../testing/emulators/openai.ts';
import type { Emulator } from '../testing/kit/start-emulator.ts';
import type { ActivityEntry } from '../usage/activity.ts';
import { createLedger } from '../usage/ledger.ts';
import { createActivityLog } from '../usage/log.ts';
import type { UsageRows } from '../usage/rows.ts';
import { readSecrets, setSecret } from '../vault/vault.ts';
import type { Caller, SiteCaller } from './caller.ts';
import { createRouter } from './create-router.ts';
import { createEngines } from './engines.ts';
import { createModelLists } from './model-lists.ts';
import { createPools } from './pool/pools.ts';
import { questionContent } from './question-content.ts';
import type { Asked, Router, Run } from './router.ts';

const origin = 'https://app.example';
const model = 'tiny';
const never = new AbortController().signal;
const hello: Asked<ChatRequest> = { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }] };

function site(more: Partial<SiteCaller> = {}): SiteCaller {
  return { role: 'site', origin, tabId: 1, frameId: 0, isPrivate: false, isActive: () => true, ...more };
}

describe('the router', () => {
  let server: Emulator;
  let database: Database<UsageRows>;
  let consent: Consent;
  let router: Router;
  let home: string;
  let rulesReady: number;

  function start(): void {
    consent = createConsent();
    const engines = createEngines();
    const lists = createModelLists(engines);
    router = createRouter({
      consent,
      describe: questionContent,
      engines,
      lists,
      ledger: createLedger(database),
      log: createActivityLog(database),
      pools: () => createPools({ engines, lists, listConnections }),
      originRulesReady: async () => void rulesReady++,
    });
  }

  beforeEach(async () => {
    fakeBrowser.reset();
    rulesReady = 0;
    vi.spyOn(fakeBrowser.windows, 'create').mockResolvedValue({ id: 1 } as never);
    vi.spyOn(fakeBrowser.windows, 'remove').mockResolvedValue(undefined);
    server = await startLlamaCpp({ model, scenario: { tokens: ['One ', 'two ', 'three.'] } });
    database = createMemoryDatabase();
    home = await saveConnection({ backend: 'llamacpp', name: 'Home', config: { baseUrl: server.url } });
    start();
  });
  afterEach(() => server.close());

  async function read(
    answer: AsyncIterable<Part[]>,
  ): Promise<{ text: string; end?: Part; code?: string; message?: string; retry?: number }> {
    let text = '';
    let end: Part | undefined;
    try {
      for await (const parts of answer) {
        for (const part of parts) {
          if (part.type === 'text') text += part.text;
          if (part.type === 'end') end = part;
        }
      }
    } catch (thrown) {
      const { code, message, retryAfterSeconds } = thrown as SwitchboardError;
      return { text, code, message, ...(retryAfterSeconds !== undefined && { retry: retryAfterSeconds }) };
    }
    return { text, ...(end && { end }) };
  }

  const ask = (request = hello, caller: Caller = site(), signal = never) => read(router.chat(caller, request, signal));

  async function shown(): Promise<ConsentQuestion> {
    return await vi.waitFor(async () => {
      const question = await getQuestion();
      if (!question) throw new Error('nothing is shown');
      return question;
    });
  }

  async function decide(decision: Answer['decision'], more: Partial<Answer> = {}): Promise<ConsentQuestion> {
    const question = await shown();
    await consent.decide({ id: question.id, nonce: question.nonce, decision, ...more });
    // The next question may come at once.
    await vi.waitFor(async () => expect(await getQuestion(question.id)).toBeUndefined());
    return question;
  }

  async function activity(): Promise<ActivityEntry[]> {
    return await vi.waitFor(async () => {
      const rows = await database.list('activity');
      expect(rows.length).toBeGreaterThan(0);
      return rows.map(([, entry]) => entry);
    });
  }

  const answers = () => server.requests.filter(({ method }) => method === 'POST');

  it('keeps the name of the model from a site that may not see the user’s models', async () => {
    await setGrant({ origin, models: [{ connectionId: '*', model: '*' }], abilities: ['chat'] });
    expect((await ask()).end).toMatchObject({ model: 'default' });
    await setGrant({ origin, models: [{ connectionId: '*', model: '*' }], abilities: ['chat', 'list'] });
    expect((await ask()).end).toMatchObject({ model });
  });

  describe('asks the user', () => {
    it('once, shows what is asked, answers the call that asked, and then lets the site go on', async () => {
      const first = ask();
      const question = await decide('always');
      expect(question).toMatchObject({
        origin,
        connectionId: home,
        connectionName: 'Home',
        backend: 'llamacpp',
        model,
        place: 'device',
        host: new URL(server.url).host,
        promptPreview: 'Hello',
        asksAccessOnly: false,
        limits: { callsPerMinute: 240, concurrent: 8, tokensPerDay: 200_000 },
      });
      expect(question.estimate?.inputTokens).toBeGreaterThan(0);
      expect(await first).toMatchObject({ text: 'One two three.', end: { type: 'end', reason: 'stop' } });
      expect(await ask()).toMatchObject({ text: 'One two three.' });
      expect(rulesReady).toBe(2);
    });

    it('and sends nothing anywhere before the answer, nor after a no', async () => {
      const asked = ask();
      await shown();
      expect(answers()).toEqual([]);
      await decide('deny');
      expect(await asked).toMatchObject({ text: '', code: 'denied' });
      expect(answers()).toEqual([]);
    });

    it('and gives "once" to exactly one of the calls that wait', async () => {
      const calls = [ask(), ask(), ask()];
      await decide('once');
      await decide('once');
      await decide('deny');
      const outcomes = (await Promise.all(calls)).map(({ text, code }) => code ?? text);
      expect(outcomes.toSorted()).toEqual(['One two three.', 'One two three.', 'denied']);
      expect(answers()).toHaveLength(2);
      await vi.waitFor(async () => expect(await listGrants()).toEqual([]));
    });

    it('never about a blocked site, and never without a click', async () => {
      expect(await ask(hello, site({ isActive: () => false }))).toMatchObject({ code: 'needs-user' });
      await setGrant({ origin, decision: 'block' });
      expect(await ask()).toMatchObject({ code: 'denied' });
      expect(await getQuestion()).toBeUndefined();
      expect(server.requests).toEqual([]);
    });

    it('about the default, when the site names a model nobody has, and then says so', async () => {
      const asked = ask({ ...hello, model: 'gpt-unknown' });
      expect(await decide('always')).toMatchObject({ model });
      expect(await asked).toMatchObject({ code: 'model-not-found', message: expect.stringContaining('gpt-unknown') });
      expect(answers()).toEqual([]);
    });

    it('again once the connection points elsewhere', async () => {
      const first = ask();
      await decide('always');
      await first;
      const other = await startLlamaCpp({ model, scenario: { tokens: ['Elsewhere.'] } });
      await saveConnection({ id: home, backend: 'llamacpp', config: { baseUrl: other.url } });
      const second = ask();
      await decide('deny');
      expect(await second).toMatchObject({ code: 'denied' });
      expect(other.requests.filter(({ method }) => method === 'POST')).toEqual([]);
      await other.close();
    });

    it('about any model of a server that is down', async () => {
      await server.close();
      const asked = ask();
      expect(await decide('always')).toMatchObject({ model: '*', modelName: 'Home' });
      expect(await asked).toMatchObject({ code: 'unreachable' });
      server = await startLlamaCpp();
    });
  });

  describe('for access', () => {
    it('answers prompt, then what was granted, and no more', async () => {
      const other = await saveConnection({ backend: 'custom', name: 'Other', config: { baseUrl: 'http://127.0.0.1:9' }, model: 'hidden' });
      expect(await router.queryAccess(site())).toEqual({ state: 'prompt', models: [] });
      expect(await router.models(site(), never)).toEqual([]);
      const asked = router.requestAccess(site(), { reason: 'To summarise <b>pages</b>' }, never);
      const question = await decide('session');
      expect(question).toMatchObject({ reason: 'To summarise <b>pages</b>', asksAccessOnly: true });
      expect(question.choices).toContainEqual(expect.objectContaining({ connectionId: other, model: 'hidden' }));
      const access = await asked;
      expect(access).toMatchObject({ state: 'granted', models: [{ id: model, isDefault: true, place: 'device' }] });
      expect(JSON.stringify(access)).not.toContain('hidden');
      expect(JSON.stringify(access)).not.toContain('127.0.0.1');
      expect(await router.queryAccess(site())).toEqual(access);
      expect(await router.requestAccess(site(), {}, never)).toEqual(access);
    });

    it('asks about what a site names, once for all of it, and tells it what it got', async () => {
      const asked = router.requestAccess(site(), { abilities: ['chat', 'tools', 'images'] }, never);
      const question = await decide('always', { abilities: ['chat', 'tools'] });
      expect(question.abilities).toEqual(['chat', 'tools', 'images']);
      expect(await asked).toMatchObject({ state: 'granted', abilities: ['chat', 'tools'] });
      const more = router.requestAccess(site(), { abilities: ['embed'] }, never);
      expect(await decide('always')).toMatchObject({ abilities: ['chat', 'tools', 'embed'], held: { abilities: ['chat', 'tools'] } });
      expect(await more).toMatchObject({ abilities: ['chat', 'embed', 'tools'] });
      // The user kept the names to themselves, and is not asked for them again by a site that names nothing.
      expect((await router.requestAccess(site(), {}, never)).models).toMatchObject([{ id: 'default' }]);
    });

    it('leaves "once" for the next call', async () => {
      const asked = router.requestAccess(site(), {}, never);
      await decide('once');
      expect(await asked).toMatchObject({ state: 'granted' });
      expect(await ask()).toMatchObject({ text: 'One two three.' });
      expect(await router.queryAccess(site())).toEqual({ state: 'prompt', models: [] });
    });

    it('answers denied to a no, to a block, and to whoever asked too often', async () => {
      const asked = router.requestAccess(site(), {}, never);
      await decide('deny');
      expect(await asked).toEqual({ state: 'denied', models: [] });
      await setGrant({ origin, decision: 'block' });
      expect(await router.requestAccess(site(), {}, never)).toEqual({ state: 'denied', models: [] });
      expect(await router.queryAccess(site())).toEqual({ state: 'denied', models: [] });
    });

    it('asks for more when a site names a model it was not granted, and adds it', async () => {
      const second = await startLlamaCpp({ model: 'large' });
      await saveConnection({ backend: 'llamacpp', name: 'Big', config: { baseUrl: second.url }, model: 'large' });
      const connection = await getConnection(home);
      await setGrant({ origin, models: [{ connectionId: home, model, revision: connection?.revision ?? 0 }] });
      const asked = router.requestAccess(site(), { models: ['large'] }, never);
      expect(await decide('always')).toMatchObject({ model: 'large' });
      expect((await asked).models.map(({ id }) => id)).toEqual([model, 'large']);
      // What nobody has cannot be granted: no question.
      expect((await router.requestAccess(site(), { models: ['gpt-unknown'] }, never)).state).toBe('granted');
      await second.close();
    });
  });

  describe('says what is wrong', () => {
    it('when nothing is connected', async () => {
      await removeConnection(home);
      // A page that nobody clicked learns nothing of it, and the user is offered to connect something.
      expect(await ask(hello, site({ isActive: () => false }))).toMatchObject({ code: 'needs-user' });
      const asked = ask();
      expect(await decide('once')).toMatchObject({ isUnconnected: true });
      // The call waits while the user connects one, and the question comes again.
      const connectionId = await saveConnection({ backend: 'llamacpp', name: 'New', config: { baseUrl: server.url } });
      expect(await decide('once')).toMatchObject({ connectionName: 'New', promptPreview: 'Hello' });
      expect(await asked).toMatchObject({ text: 'One two three.' });
      await removeConnection(connectionId);
      const refused = ask();
      await decide('deny');
      expect(await refused).toMatchObject({ code: 'denied' });
      await expect(read(router.chat({ role: 'extension' }, hello, never))).resolves.toMatchObject({ code: 'not-configured' });
      expect(await router.queryAccess(site())).toEqual({ state: 'prompt', models: [] });
    });

    it('when a granted site names another model', async () => {
      await setGrant({ origin });
      expect(await ask({ ...hello, model: 'gpt-unknown' })).toMatchObject({ code: 'model-not-found' });
      expect(await ask({ ...hello, model: `${home}/${model}` })).toMatchObject({ text: 'One two three.' });
    });

    it('to a page without the words of the server, to our own pages with them', async () => {
      await setGrant({ origin });
      server.next({ failure: 'rate-limited', retryAfter: '90' });
      expect(await ask()).toMatchObject({ code: 'rate-limited', retry: 90, message: expect.not.stringContaining('It says') });
      server.next({ failure: 'rate-limited', retryAfter: '90' });
      expect(await ask(hello, { role: 'extension' })).toMatchObject({ code: 'rate-limited', message: expect.stringContaining('It says') });
    });

    it('when the answer stops half-way', async () => {
      await setGrant({ origin });
      server.next({ failAt: 1, failMode: 'reset', failure: 'server' });
      expect(await ask()).toMatchObject({ text: 'One ', code: 'interrupted' });
    });
  });

  describe('stops', () => {
    beforeEach(async () => {
      await setGrant({ origin, limits: {} });
      server.scenario = { endless: true, tokens: ['more '], tokenDelayMs: 5 };
    });

    async function running(request = hello, caller = site(), signal = never): Promise<{ answer: ReturnType<typeof read>; run: Run }> {
      const before = new Set(router.runs.list().map(({ id }) => id));
      const answer = ask(request, caller, signal);
      const run = await vi.waitFor(() => {
        const [found] = router.runs.list().filter(({ id, state }) => !before.has(id) && state === 'answering');
        if (!found) throw new Error('nothing is answering');
        return found;
      });
      return { answer, run };
    }

    const closed = () => vi.waitFor(() => expect(server.openConnections - server.activeRequests >= 0 && server.activeRequests).toBe(0));

    it('at once when the page aborts, down to the socket', async () => {
      const page = new AbortController();
      const { answer } = await running(hello, site(), page.signal);
      page.abort();
      expect(await answer).toMatchObject({ code: 'aborted', text: expect.stringContaining('more') });
      await closed();
      expect(router.runs.list()).toEqual([]);
    });

    it.each([
      ['the grant is revoked', () => revokeGrant(origin)],
      ['the site is blocked', () => setGrant({ origin, decision: 'block' })],
      ['the grant shrinks to another model', () => setGrant({ origin, models: [{ connectionId: home, model: 'other', revision: 1 }] })],
      ['the connection is removed', () => removeConnection(home)],
      ['the connection goes elsewhere', () => saveConnection({ id: home, backend: 'llamacpp', config: { baseUrl: 'http://127.0.0.1:9' } })],
    ])('as denied when %s', async (_, change) => {
      const { answer } = await running();
      await change();
      expect(await answer).toMatchObject({ code: 'denied' });
      await closed();
    });

    it.each([
      ['the grant is revoked', () => revokeGrant(origin)],
      ['the connection is removed', () => removeConnection(home)],
    ])('as denied, with nothing asked, when %s while its model is looked up', async (_, change) => {
      await setGrant({ origin, decision: 'session' });
      const { fetch: send } = globalThis;
      const held = Promise.withResolvers<void>();
      const looking = vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
        await held.promise;
        return send(url, init);
      });
      const answer = ask({ ...hello, model });
      await vi.waitFor(() => expect(looking).toHaveBeenCalled());
      await change();
      held.resolve();
      expect(await answer).toMatchObject({ code: 'denied' });
      expect(server.requests.map(({ method }) => method)).not.toContain('POST');
    });

    it('a call on "once" when it is revoked', async () => {
      await setGrant({ origin, decision: 'once' });
      const { answer } = await running();
      expect(await listGrants()).toMatchObject([{ decision: 'once' }]);
      await revokeGrant(origin);
      expect(await answer).toMatchObject({ code: 'denied' });
    });

    it('nothing when the same is granted anew, or another site is revoked', async () => {
      await setGrant({ origin: 'https://other.example' });
      const { answer, run } = await running();
      await setGrant({ origin, decision: 'session' });
      await revokeGrant('https://other.example');
      await vi.waitFor(() => expect(router.runs.list()[0]?.outputTokens).toBeGreaterThan(run.outputTokens + 10));
      router.runs.stop({ origin });
      expect(await answer).toMatchObject({ code: 'aborted' });
    });

    it('one run or all of a site from the popup, and no other', async () => {
      await setGrant({ origin: 'https://other.example' });
      const first = await running();
      const second = await running();
      const other = await running(hello, site({ origin: 'https://other.example', tabId: 2 }));
      router.runs.stop({ id: first.run.id });
      expect(await first.answer).toMatchObject({ code: 'aborted' });
      expect(
        router.runs
          .list()
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual([second.run.id, other.run.id].toSorted());
      router.runs.stop({ origin });
      expect(await second.answer).toMatchObject({ code: 'aborted' });
      expect(router.runs.list()).toMatchObject([{ origin: 'https://other.example', tabId: 2, model, connectionId: home }]);
      router.runs.stop({ origin: 'https://other.example' });
      await other.answer;
    });

    it('when its reader goes away', async () => {
      for await (const _ of router.chat(site(), hello, never)) break;
      await closed();
      expect(router.runs.list()).toEqual([]);
      expect(await activity()).toMatchObject([{ outcome: 'aborted', usage: { estimated: true } }]);
    });

    it('when the budget ends in the middle of an answer nobody bounded', async () => {
      await setGrant({ origin, limits: { tokensPerDay: 200 } });
      server.scenario = { endless: true, tokens: ['more words '] };
      const { code, text } = await ask();
      expect(code).toBe('budget-exceeded');
      expect(text.length / 3.35).toBeLessThan(400);
      expect(await ask()).toMatchObject({ text: '', code: 'budget-exceeded' });
      const [[, total] = []] = await database.list('totals');
      expect(total?.outputTokens).toBeGreaterThan(100);
    });
  });

  describe('keeps the limits', () => {
    it('of calls a minute and at a time', async () => {
      await setGrant({ origin, limits: { concurrent: 2 } });
      server.scenario = { ...server.scenario, tokenDelayMs: 20 };
      let most = 0;
      const watching = setInterval(() => {
        most = Math.max(most, answers().filter(({ outcome }) => outcome === 'open').length);
      }, 1);
      const outcomes = await Promise.all([ask(), ask(), ask()]);
      clearInterval(watching);
      expect(outcomes.map(({ text }) => text)).toEqual(Array(3).fill('One two three.'));
      expect(most).toBe(2);
      await setGrant({ origin, limits: { callsPerMinute: 4 } });
      expect(await ask()).toMatchObject({ text: 'One two three.' });
      expect(await ask()).toMatchObject({ code: 'rate-limited', retry: expect.any(Number) });
      // The user's own chat has no limits, and does not wait for a site.
      expect(await read(router.chat({ role: 'extension' }, hello, never))).toMatchObject({ text: 'One two three.' });
    });

    it('of tokens a day: of ten calls at the edge only those run that fit', async () => {
      await setGrant({ origin, limits: { tokensPerDay: 100 } });
      server.scenario = { ...server.scenario, headersDelayMs: 200 };
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => ask({ ...hello, maxOutputTokens: 50 })));
      expect(outcomes.filter(({ code }) => code === undefined)).toHaveLength(1);
      expect(outcomes.filter(({ code }) => code === 'budget-exceeded')).toHaveLength(9);
      expect(answers()).toHaveLength(1);
    });

    it('charges nothing for a call that the server refused', async () => {
      await setGrant({ origin });
      server.next({ failure: 'unauthorized' });
      expect(await ask()).toMatchObject({ code: 'unauthorized' });
      expect(await activity()).toMatchObject([{ outcome: 'unauthorized', origin, model, backend: 'llamacpp' }]);
      await vi.waitFor(async () =>
        expect(await database.list('totals')).toMatchObject([[origin, { calls: 1, inputTokens: 0, outputTokens: 0 }]]),
      );
    });
  });

  describe('counts', () => {
    it('what the server says it used, and what it cost where a price is known', async () => {
      const service = await startOpenAi({ apiKey: 'sk-test', scenario: { tokens: ['Paid.'] } });
      const work = await saveConnection({ backend: 'openai', name: 'Work', config: { baseUrl: service.url } });
      await setSecret(work, 'sk-test');
      await setDefaults({ connectionId: work, model: 'gpt-4o-mini' });
      await setGrant({ origin });
      const { end, text } = await ask();
      expect(text).toBe('Paid.');
      expect(end).toMatchObject({ usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) } });
      expect(end).not.toMatchObject({ usage: { estimated: true } });
      expect(await activity()).toMatchObject([
        { outcome: 'done', connectionId: work, model: 'gpt-4o-mini', firstTokenMs: expect.any(Number) },
      ]);
      expect(JSON.stringify(await activity())).not.toContain('Hello');
      expect(JSON.stringify(await activity())).not.toContain('Paid');
      await service.close();
    });

    it('nothing of a private window', async () => {
      const caller = site({ isPrivate: true });
      await setGrant({ origin });
      const asked = ask(hello, caller);
      await decide('always');
      expect(await asked).toMatchObject({ text: 'One two three.' });
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect([await database.list('activity'), await database.list('totals'), await database.list('reservations')]).toEqual([[], [], []]);
      expect(await findGrants(caller)).toHaveLength(1);
      expect((await findGrant(origin))?.decision).toBe('always');
    });

    it('tokens by the server for a granted site, by estimate for the others, without asking anyone', async () => {
      const text = { text: 'How many tokens is this?' };
      const estimate = await router.countTokens(site(), text, never);
      expect(estimate).toBe(8);
      expect(server.requests).toEqual([]);
      await setGrant({ origin });
      await router.countTokens(site(), text, never);
      expect(server.requests.some(({ path }) => path.includes('tokenize'))).toBe(true);
      expect(await getQuestion()).toBeUndefined();
    });
  });

  it("puts the user's settings under the page's, and never lets a page add fields", async () => {
    await saveConnection({
      id: home,
      backend: 'llamacpp',
      generation: {
        sampling: { temperature: 0.1, topP: 0.9 },
        maxOutputTokens: 9,
        systemPrompt: 'Be brief.',
        extra: { cache_prompt: false },
      },
    });
    await setGrant({ origin });
    await ask({ ...hello, sampling: { temperature: 0.7 }, extra: { evil: true } });
    expect(answers()[0]?.body).toMatchObject({
      temperature: 0.7,
      top_p: 0.9,
      max_tokens: 9,
      cache_prompt: false,
      messages: [{ role: 'system' }, { role: 'user' }],
    });
    expect(answers()[0]?.body).not.toHaveProperty('evil');
  });

  it('answers our own pages without asking, with exactly what they name', async () => {
    const second = await startLlamaCpp({ model: 'large', scenario: { tokens: ['Large.'] } });
    const big = await saveConnection({ backend: 'llamacpp', name: 'Big', config: { baseUrl: second.url } });
    const own = { role: 'extension' } as const;
    expect(await read(router.chat(own, hello, never))).toMatchObject({ text: 'One two three.' });
    expect(await read(router.chat(own, hello, never, { connectionId: big }))).toMatchObject({ text: 'Large.' });
    expect(await read(router.chat(own, hello, never, { connectionId: 'gone' }))).toMatchObject({ code: 'not-configured' });
    expect((await router.models(own, never)).map(({ id }) => id)).toEqual([model, 'large']);
    await second.close();
  });

  it('uses a new key at once, and no key after it was taken away', async () => {
    const service = await startLlamaCpp({ model, apiKey: 'sk-test', scenario: { tokens: ['Open.'] } });
    const locked = await saveConnection({ backend: 'llamacpp', name: 'Locked', config: { baseUrl: service.url } });
    await setDefaults({ connectionId: locked, model });
    await setGrant({ origin });
    expect(await ask()).toMatchObject({ code: 'unauthorized' });
    await setSecret(locked, 'sk-test');
    expect(await ask()).toMatchObject({ text: 'Open.' });
    const connection = await getConnection(locked);
    expect(connection && (await readSecrets(connection))).toEqual({ key: 'sk-test' });
    await service.close();
  });

  it('embeds, when the model can', async () => {
    await setGrant({ origin });
    const { vectors } = await router.embed(site(), { input: ['one', 'two'] }, never);
    expect(vectors).toHaveLength(2);
    expect(await activity()).toMatchObject([{ outcome: 'done' }]);
  });

  it('completes a raw prompt, also echoed', async () => {
    await setGrant({ origin });
    expect(await read(router.text(site(), { prompt: 'Count: ' }, never))).toMatchObject({ text: 'One two three.' });
  });

  it('tells who watches what is running, at most every 100 ms', async () => {
    await setGrant({ origin });
    const seen: { at: number; runs: Run[] }[] = [];
    const undo = router.runs.watch((runs) => seen.push({ at: performance.now(), runs }));
    server.scenario = { count: 100, tokenDelayMs: 3 };
    await ask();
    await vi.waitFor(() => expect(seen.at(-1)?.runs).toEqual([]));
    undo();
    const gaps = seen.slice(1).map(({ at }, index) => at - (seen[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(90);
    expect(seen.some(({ runs }) => runs[0]?.state === 'answering' && runs[0].outputTokens > 0)).toBe(true);
  });

  it('survives a hundred calls at once, each with its own answer', { timeout: 20_000 }, async () => {
    await setGrant({ origin });
    server.scenario = { count: 10 };
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => ask()));
    expect(new Set(outcomes.map(({ text, code }) => code ?? text)).size).toBe(1);
    expect(outcomes[0]?.text).toContain('w9');
    await vi.waitFor(async () => expect(await database.list('totals')).toMatchObject([[origin, { calls: 100 }]]));
    expect(await database.list('reservations')).toEqual([]);
  });
});
