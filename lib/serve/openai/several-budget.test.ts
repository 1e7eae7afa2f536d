import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { listConnections, saveConnection, setDefaults } from '../../connections/store.ts';
import { createConsent } from '../../permissions/consent.ts';
import { setGrant } from '../../permissions/grants.ts';
import type { SiteCaller } from '../../router/caller.ts';
import { createRouter } from '../../router/create-router.ts';
import { createEngines } from '../../router/engines.ts';
import { createModelLists } from '../../router/model-lists.ts';
import { createPools } from '../../router/pool/pools.ts';
import { questionContent } from '../../router/question-content.ts';
import type { Router } from '../../router/router.ts';
import type { Database } from '../../storage/database.ts';
import { createMemoryDatabase } from '../../storage/memory-database.ts';
import { startLlamaCpp } from '../../testing/emulators/llamacpp.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { all } from '../../testing/road.ts';
import { createLedger } from '../../usage/ledger.ts';
import { createActivityLog } from '../../usage/log.ts';
import type { UsageRows } from '../../usage/rows.ts';
import { openAiFetch } from './fetch.ts';

const caller: SiteCaller = { role: 'site', origin: 'https://app.example', tabId: 1, frameId: 0, isPrivate: false, isActive: () => true };

describe('several answers, for the user who pays', () => {
  let server: Emulator;
  let router: Router;
  let database: Database<UsageRows>;

  beforeEach(async () => {
    fakeBrowser.reset();
    server = await startLlamaCpp({ scenario: { tokens: ['One ', 'two.'] } });
    const connectionId = await saveConnection({ backend: 'llamacpp', name: 'Home', config: { baseUrl: server.url } });
    await setDefaults({ connectionId });
    const engines = createEngines();
    const lists = createModelLists(engines);
    database = createMemoryDatabase();
    router = createRouter({
      consent: createConsent(),
      describe: questionContent,
      engines,
      lists,
      ledger: createLedger(database),
      log: createActivityLog(database),
      pools: () => createPools({ engines, lists, listConnections }),
      originRulesReady: async () => {},
    });
  });
  afterEach(() => server.close());

  async function ask(body: object) {
    const params = { method: 'POST', url: 'https://x.example/v1/chat/completions', body: JSON.stringify({ ...body, messages }) };
    const [[head] = []] = await all(openAiFetch(router, params, { caller, signal: new AbortController().signal }));
    const { status, body: text = '{}' } = head as { status: number; body?: string };
    return { status, answer: JSON.parse(text) };
  }
  const messages = [{ role: 'user', content: 'Hello' }];
  const answers = () => server.requests.filter(({ path }) => path.endsWith('/chat/completions')).length;

  it('are one call in the log, with the tokens of all', async () => {
    await setGrant({ origin: caller.origin, decision: 'session' });
    const { status, answer } = await ask({ n: 3 });
    expect([status, answer.choices.length, answers()]).toEqual([200, 3, 3]);
    const entries = await vi.waitFor(async () => {
      const rows = await database.list('activity');
      expect(rows).not.toEqual([]);
      return rows.map(([, entry]) => entry);
    });
    expect(entries.map(({ usage }) => usage?.outputTokens)).toEqual([answer.usage.completion_tokens]);
    expect(answer.usage.completion_tokens).toBe(6);
  });

  it('are refused before anything is asked where the budget has no room for all of them', async () => {
    await setGrant({ origin: caller.origin, limits: { tokensPerDay: 250 } });
    expect((await ask({ n: 4, max_tokens: 100 })).status).toBe(429);
    expect(answers()).toBe(0);
    expect((await ask({ n: 2, max_tokens: 100 })).status).toBe(200);
    expect(answers()).toBe(2);
  });

  it('are as long as asked for, whatever our own estimate says', async () => {
    await setGrant({ origin: caller.origin, decision: 'always' });
    const tokens = Array.from({ length: 12 }, () => 'longwords ');
    server.scenario = { tokens };
    const { answer } = await ask({ n: 2, max_tokens: 10 });
    const cut = { message: { content: tokens.slice(0, 10).join('') }, finish_reason: 'length' };
    expect(answer.choices).toMatchObject([cut, cut]);
  });
});
