import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { saveConnection } from '../connections/store.ts';
import { listAsking } from '../permissions/asking.ts';
import { type Answer, type Consent, createConsent } from '../permissions/consent.ts';
import type { GrantLimits } from '../permissions/grant.ts';
import { changeGrant, findGrants, type GrantWish, setGrant } from '../permissions/grants.ts';
import { type ConsentQuestion, getQuestion } from '../permissions/question.ts';
import { setSwitches } from '../permissions/switches.ts';
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
import { setOwnPrice } from '../usage/prices.ts';
import type { UsageRows } from '../usage/rows.ts';
import { changeUsageSettings } from '../usage/settings.ts';
import { textDatabase } from '../usage/texts.ts';
import type { SiteCaller } from './caller.ts';
import { createRouter } from './create-router.ts';
import { createEngines } from './engines.ts';
import { createModelLists } from './model-lists.ts';
import { questionContent } from './question-content.ts';
import type { Asked, Router } from './router.ts';

const origin = 'https://app.example';
const model = 'tiny';
const never = new AbortController().signal;
const hello: Asked<ChatRequest> = { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }] };
const withTools: Asked<ChatRequest> = { ...hello, tools: [{ name: 'weather', parameters: { type: 'object' } }] };
const picture = { type: 'image' as const, mediaType: 'image/png', data: 'iVBORw0KGgo=' };
const withPicture: Asked<ChatRequest> = { messages: [{ role: 'user', content: [picture] }] };
const long: Asked<ChatRequest> = { messages: [{ role: 'user', content: [{ type: 'text', text: 'word '.repeat(30_000) }] }] };

const site = (more: Partial<SiteCaller> = {}): SiteCaller => ({
  role: 'site',
  origin,
  tabId: 1,
  frameId: 0,
  isPrivate: false,
  isActive: () => true,
  ...more,
});

/** A machine may be busy. */
const patience = { timeout: 4_000 };

describe('who may call, and how much', () => {
  let server: Emulator;
  let database: Database<UsageRows>;
  let consent: Consent;
  let router: Router;
  let home: string;

  beforeEach(async () => {
    fakeBrowser.reset();
    vi.spyOn(fakeBrowser.windows, 'create').mockResolvedValue({ id: 1 } as never);
    vi.spyOn(fakeBrowser.windows, 'remove').mockResolvedValue(undefined);
    server = await startLlamaCpp({ model, scenario: { tokens: ['One ', 'two ', 'three.'] } });
    database = createMemoryDatabase();
    home = await saveConnection({ backend: 'llamacpp', name: 'Home', config: { baseUrl: server.url } });
    consent = createConsent();
    const engines = createEngines();
    const lists = createModelLists(engines);
    const noPools = () => {
      throw new Error('no pool here');
    };
    const books = { ledger: createLedger(database), log: createActivityLog(database) };
    router = createRouter({
      consent,
      describe: questionContent,
      engines,
      lists,
      ...books,
      pools: noPools,
      originRulesReady: async () => {},
    });
  });
  afterEach(() => server.close());

  interface Heard {
    text: string;
    reason?: string;
    code?: string;
    message?: string;
    retryAfterSeconds?: number;
  }

  async function read(answer: AsyncIterable<Part[]>): Promise<Heard> {
    let text = '';
    let reason: string | undefined;
    try {
      for await (const parts of answer) {
        for (const part of parts) {
          if (part.type === 'text') text += part.text;
          if (part.type === 'end') reason = part.reason;
        }
      }
    } catch (thrown) {
      const { code, message, retryAfterSeconds } = thrown as SwitchboardError;
      return { text, code, message, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
    }
    return { text, ...(reason !== undefined && { reason }) };
  }

  const ask = (request = hello, caller = site()) => read(router.chat(caller, request, never));
  const allow = (wish: Partial<GrantWish> = {}) =>
    setGrant({ origin, models: [{ connectionId: home, model, revision: 1 }], abilities: ['chat', 'list'], ...wish });
  const posts = () => server.requests.filter(({ method }) => method === 'POST');

  async function decide(decision: Answer['decision'], more: Partial<Answer> = {}): Promise<ConsentQuestion> {
    const question = await vi.waitFor(async () => {
      const found = await getQuestion();
      if (!found) throw new Error('nothing is shown');
      return found;
    }, patience);
    await consent.decide({ id: question.id, nonce: question.nonce, decision, ...more });
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

  describe('a site that wants more than it has', () => {
    it.each([
      ['tools', withTools, { abilities: ['chat', 'list', 'tools'] }],
      ['pictures', withPicture, { abilities: ['chat', 'list', 'images'] }],
      ['a longer request', long, { limits: { inputTokensPerCall: 56_000 } }],
    ])('is asked about as a difference: %s', async (_, request, wanted) => {
      await allow({ limits: { inputTokensPerCall: 32_000, tokensPerDay: 200_000 } });
      expect(await ask()).toMatchObject({ text: 'One two three.' });
      const asked = ask(request);
      const question = await decide('always');
      expect(question).toMatchObject({
        model,
        held: { hasModel: true, abilities: ['chat', 'list'], limits: { inputTokensPerCall: 32_000 } },
      });
      expect(question).toMatchObject(wanted);
      await asked;
      const grants = await findGrants({ origin });
      expect(grants).toHaveLength(1);
      expect(grants[0]).toMatchObject(wanted);
      const before = posts().length;
      await ask(request);
      expect([posts().length - before, await getQuestion()]).toEqual([1, undefined]);
    });

    it('keeps what it has when the user says no, and is not asked about again by its next call', async () => {
      await allow();
      const asked = ask(withTools);
      await decide('deny');
      expect(await asked).toMatchObject({ code: 'denied' });
      expect(await ask(withTools)).toMatchObject({ code: 'denied' });
      expect(await ask()).toMatchObject({ text: 'One two three.' });
    });

    it('may have it once', async () => {
      await allow();
      const asked = ask(withTools);
      await decide('once');
      expect(await asked).toMatchObject({ text: 'One two three.' });
      expect((await findGrants({ origin })).map(({ decision, abilities }) => [decision, abilities])).toEqual([
        ['always', ['chat', 'list']],
      ]);
    });

    it('is refused where the user leaves out the very thing', async () => {
      await allow();
      const asked = ask(withTools);
      await decide('always', { abilities: ['chat', 'list'] });
      expect(await asked).toMatchObject({ code: 'denied' });
    });

    it('is listed for the popup where nobody clicked on it', async () => {
      await allow();
      expect(await ask(withTools, site({ isActive: () => false }))).toMatchObject({ code: 'needs-user' });
      expect(await listAsking()).toMatchObject([{ origin, abilities: ['chat', 'tools'] }]);
    });

    it('[H-17] learns from no refusal whether the user has a model of that name', async () => {
      const cloud = await startLlamaCpp({ model: 'large' });
      await saveConnection({ backend: 'llamacpp', name: 'Large', config: { baseUrl: cloud.url }, model: 'large' });
      await allow();
      const idle = site({ isActive: () => false });
      const refusals = [await ask({ ...hello, model: 'large' }, idle), await ask({ ...hello, model: 'none' }, idle)];
      const asked = ask({ ...hello, model: 'large' });
      expect(await decide('deny')).toMatchObject({ model: 'large', held: { hasModel: false } });
      refusals.push(await asked, await ask({ ...hello, model: 'large' }), await ask({ ...hello, model: 'none' }));
      const states = ['large', 'none'].map((name) => router.requestAccess(idle, { models: [name] }, never));
      expect(new Set((await Promise.all(states)).map((state) => JSON.stringify(state))).size).toBe(1);
      const told = refusals.map(({ code, message }) => `${code} ${message}`.replace(/"\w+"/, 'it'));
      expect(new Set(told).size).toBe(1);
      expect(told[0]).toContain('model-not-found');
      await cloud.close();
    });

    it('sees the names of its models only if it may', async () => {
      await allow({ abilities: ['chat'] });
      expect(await router.models(site(), never)).toMatchObject([{ id: 'default', name: 'default', isDefault: true }]);
      await allow();
      expect(await router.models(site(), never)).toMatchObject([{ id: model }]);
    });
  });

  describe('while all sites are paused', () => {
    it('none gets an answer, running ones stop, and nobody is asked', async () => {
      server.scenario = { count: 100, tokenDelayMs: 20 };
      await allow();
      const running = ask();
      await vi.waitFor(() => expect(posts()).toHaveLength(1));
      await setSwitches({ isPaused: true });
      expect(await running).toMatchObject({ code: 'denied' });
      expect(await ask()).toMatchObject({ code: 'denied' });
      expect(await ask(hello, site({ origin: 'https://stranger.example' }))).toMatchObject({ code: 'denied' });
      expect((await router.queryAccess(site())).state).toBe('denied');
      server.scenario = { tokens: ['Again.'] };
      expect(await read(router.chat({ role: 'extension' }, hello, never))).toMatchObject({ text: 'Again.' });
      await setSwitches({ isPaused: false });
      expect(await ask()).toMatchObject({ text: 'Again.' });
    });
  });

  describe('a frame inside a page of another origin', () => {
    const frame = site({ origin: 'https://widget.example', topOrigin: origin, frameId: 4 });
    const scripting = (result: unknown) => vi.spyOn(fakeBrowser.scripting, 'executeScript').mockResolvedValue([{ result }] as never);

    it.each([
      ['handed nothing on', { isAllowed: false, unknown: [] }],
      ['that cannot be looked at', undefined],
    ])('gets no answer from a page that %s', async (_, result) => {
      scripting(result);
      await setGrant({ origin: 'https://widget.example', topOrigin: origin });
      expect(await ask(hello, frame)).toMatchObject({
        code: 'unsupported-context',
        message: expect.stringContaining('allow="language-model"'),
      });
      await expect(router.queryAccess(frame)).rejects.toMatchObject({ code: 'unsupported-context' });
    });

    it('is asked about by both names where the page hands its models on, and does not use the grant of the page', async () => {
      scripting({ isAllowed: true, unknown: [] });
      await allow();
      const asked = ask(hello, frame);
      expect(await decide('session')).toMatchObject({ origin: 'https://widget.example', topOrigin: origin });
      expect(await asked).toMatchObject({ text: 'One two three.' });
      expect(await activity()).toMatchObject([{ origin: 'https://widget.example', topOrigin: origin }]);
    });
  });

  describe('a grant with rules', () => {
    it('refuses a page that nobody sees, or lets it call a tenth as often', async () => {
      const hidden = site({ isVisible: () => false, isActive: () => false });
      await allow({ rules: { whenHidden: 'refuse' } });
      expect(await ask(hello, hidden)).toMatchObject({ code: 'needs-user' });
      expect(await activity()).toMatchObject([{ outcome: 'needs-user', limit: 'whenHidden', model }]);
      await allow({ rules: { whenHidden: 'slow' }, limits: { callsPerMinute: 20 } });
      const outcomes = [await ask(hello, hidden), await ask(hello, hidden), await ask(hello, hidden)];
      expect(outcomes.map(({ code = 'answered' }) => code)).toEqual(['answered', 'answered', 'rate-limited']);
      expect(await ask()).toMatchObject({ text: 'One two three.' });
    });

    it('wants a click before the first call, or before each', async () => {
      await allow({ rules: { gesture: 'first' } });
      expect(await ask(hello, site({ isActive: () => false, wasActive: () => false }))).toMatchObject({ code: 'needs-user' });
      expect(await ask(hello, site({ isActive: () => false, wasActive: () => true }))).toMatchObject({ text: 'One two three.' });
      await allow({ rules: { gesture: 'each' } });
      expect(await ask(hello, site({ isClicked: () => false }))).toMatchObject({ code: 'needs-user' });
      expect(await ask(hello, site({ isClicked: () => true }))).toMatchObject({ text: 'One two three.' });
    });
  });

  describe('each limit', () => {
    it.each<[string, GrantLimits, string]>([
      ['of calls a minute', { callsPerMinute: 1 }, 'rate-limited'],
      ['of calls a day', { callsPerDay: 1 }, 'budget-exceeded'],
      ['of tokens a day', { tokensPerDay: 12 }, 'budget-exceeded'],
    ])('%s ends in its own words for the page, without a figure, and in its name for the user', async (_, limits, code) => {
      await allow({ limits });
      expect(await ask()).toMatchObject({ text: 'One two three.' });
      const refused = await ask();
      expect(refused).toMatchObject({ code, retryAfterSeconds: expect.any(Number) });
      expect(refused.message?.replace(/\d+ seconds/, '')).not.toMatch(/\d/);
      await vi.waitFor(async () =>
        expect((await activity()).map(({ outcome, limit }) => [outcome, limit])).toContainEqual([code, Object.keys(limits)[0]]),
      );
    });

    it('of calls a day counts each answer that is asked for', async () => {
      await allow({ limits: { callsPerDay: 4 } });
      const several = (answers: number) => read(router.chat(site(), hello, never, undefined, (asked) => asked(hello), answers));
      expect(await several(3)).toMatchObject({ text: 'One two three.' });
      expect(await several(2)).toMatchObject({ code: 'budget-exceeded' });
      expect(await several(1)).toMatchObject({ text: 'One two three.' });
      expect(await several(1)).toMatchObject({ code: 'budget-exceeded' });
    });

    it('of an answer ends it there, as the model itself would', async () => {
      server.scenario = { count: 400 };
      await allow({ limits: { outputTokensPerCall: 20 } });
      const { text, reason } = await ask();
      expect(reason).toBe('length');
      expect(text.length).toBeLessThan(2_000);
      expect(await activity()).toMatchObject([{ outcome: 'done' }]);
    });

    it('that the user lowers below what is spent stops what runs', async () => {
      server.scenario = { count: 500, tokenDelayMs: 10 };
      const grant = await allow({ limits: { tokensPerDay: 100_000 } });
      const running = ask();
      await vi.waitFor(() => expect(posts()).toHaveLength(1));
      await changeGrant(grant, { limits: { tokensPerDay: 5 } });
      expect(await running).toMatchObject({ code: 'budget-exceeded' });
    });

    it('over all spending holds for sites and for the user', async () => {
      await setOwnPrice(home, model, { inputMicroUsdPerMillion: 1_000_000, outputMicroUsdPerMillion: 1_000_000 });
      await changeUsageSettings((settings) => ({ ...settings, microUsdPerDay: 40 }));
      await allow();
      const short = { ...hello, maxOutputTokens: 20 };
      expect(await ask(short)).toMatchObject({ text: 'One two three.' });
      const own = read(router.chat({ role: 'extension' }, { ...hello, maxOutputTokens: 40 }, never));
      expect(await own).toMatchObject({ code: 'budget-exceeded' });
      expect(await ask({ ...hello, maxOutputTokens: 40 })).toMatchObject({ code: 'budget-exceeded' });
    });
  });

  describe('money', () => {
    let cloud: Emulator;
    beforeEach(async () => {
      cloud = await startOpenAi();
    });
    afterEach(() => cloud.close());

    it('is on disk before what costs it is asked for', async () => {
      await setOwnPrice(home, model, { inputMicroUsdPerMillion: 1_000_000, outputMicroUsdPerMillion: 1_000_000 });
      await allow();
      const order: string[] = [];
      const write = database.write.bind(database);
      database.write = async (changes) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        if (changes.some(({ store, row }) => store === 'reservations' && row !== undefined)) order.push(`reserved after ${posts().length}`);
        await write(changes);
      };
      expect(await ask()).toMatchObject({ text: 'One two three.' });
      expect(order).toEqual(['reserved after 0']);
    });

    it('without a price is unpriced, is never called free, and no budget in money alone lets it through', async () => {
      const remote = await saveConnection({
        backend: 'openai',
        name: 'Cloud',
        config: { baseUrl: 'https://api.example.com/v1' },
        model: 'gpt-test',
      });
      await setGrant({ origin, models: [{ connectionId: remote, model: 'gpt-test', revision: 1 }], limits: { microUsdPerDay: 1_000_000 } });
      expect(await ask({ ...hello, model: 'gpt-test' })).toMatchObject({
        code: 'budget-exceeded',
        message: expect.stringContaining('price'),
      });
      expect(await activity()).toMatchObject([{ limit: 'unpriced' }]);
    });

    it('is told of each model that can be chosen, at its longest answer', async () => {
      const remote = await saveConnection({
        backend: 'openai',
        name: 'Cloud',
        config: { baseUrl: 'https://api.example.com/v1' },
        model: 'paid',
      });
      await saveConnection({ backend: 'openai', name: 'Odd', config: { baseUrl: 'https://odd.example.com/v1' }, model: 'secret' });
      await setOwnPrice(remote, 'paid', { inputMicroUsdPerMillion: 0, outputMicroUsdPerMillion: 1_000_000 });
      const asked = ask();
      const question = await decide('deny');
      await asked;
      expect(question).toMatchObject({ model, estimate: { microUsd: 0 } });
      expect(question).not.toHaveProperty('mayCost');
      const [paid, unpriced] = ['paid', 'secret'].map((name) => question.choices.find((choice) => choice.model === name));
      // Nobody named a length: the longest that the limits allow.
      expect(paid).toMatchObject({ mayCost: true, estimate: { microUsd: 8_000 } });
      expect(paid?.estimate).not.toHaveProperty('outputTokens');
      expect(unpriced).toMatchObject({ mayCost: true });
      expect(unpriced?.estimate).not.toHaveProperty('microUsd');
    });

    it('is what the user says that it is, also where the service names another', async () => {
      await setOwnPrice(home, model, { inputMicroUsdPerMillion: 1_000_000, outputMicroUsdPerMillion: 0, requestMicroUsd: 7 });
      await allow();
      await ask();
      const [entry] = await activity();
      expect(entry?.costMicroUsd).toBe(7 + (entry?.usage?.inputTokens ?? 0));
    });

    it('is nothing on this computer: free, and said so', async () => {
      await allow();
      await ask();
      expect(await activity()).toMatchObject([{ costMicroUsd: 0 }]);
    });
  });

  describe('activity', () => {
    it('keeps nothing, who and how much, or the words, as the user says of the site', async () => {
      await allow({ history: 'off' });
      await ask();
      await allow({ history: 'full' });
      await ask();
      const [entry, ...others] = await activity();
      expect([others, entry?.hasText]).toEqual([[], true]);
      const texts = (await textDatabase.list('texts')).map(([, text]) => text);
      expect(texts).toEqual([{ asked: 'user: Hello', answered: 'One two three.' }]);
      await allow();
      await ask();
      await vi.waitFor(async () => expect(await database.count('activity')).toBe(2));
      expect(await textDatabase.count('texts')).toBe(1);
    });

    it('and the ledger know nothing of private windows', async () => {
      const secret = site({ origin: 'https://secret.example', isPrivate: true });
      await setGrant({ origin: secret.origin, isPrivate: true, history: 'full', limits: { callsPerDay: 1 } });
      expect(await ask(hello, secret)).toMatchObject({ text: 'One two three.' });
      expect(await ask(hello, secret)).toMatchObject({ code: 'budget-exceeded' });
      const stored = [
        await database.list('activity'),
        await database.list('days'),
        await database.list('totals'),
        await database.list('reservations'),
        await fakeBrowser.storage.local.get(null),
      ];
      expect(JSON.stringify(stored)).not.toContain('secret.example');
    });
  });
});
