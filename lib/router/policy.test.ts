import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { browser } from 'wxt/browser';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { listConnections, saveConnection } from '../connections/store.ts';
import { createConsent } from '../permissions/consent.ts';
import { listGrants, setGrant } from '../permissions/grants.ts';
import { toSwitchboardError } from '../protocol/errors.ts';
import { createMemoryDatabase } from '../storage/memory-database.ts';
import { startLlamaCpp } from '../testing/emulators/llamacpp.ts';
import type { Emulator } from '../testing/kit/start-emulator.ts';
import { createLedger } from '../usage/ledger.ts';
import { createActivityLog } from '../usage/log.ts';
import type { UsageRows } from '../usage/rows.ts';
import type { SiteCaller } from './caller.ts';
import { createRouter } from './create-router.ts';
import { createEngines } from './engines.ts';
import { createModelLists } from './model-lists.ts';
import { createPools } from './pool/pools.ts';
import { questionContent } from './question-content.ts';
import type { Router } from './router.ts';

const origin = 'https://wiki.example.com';

describe('an organisation’s policy', () => {
  let server: Emulator;
  let router: Router;
  let asked: ReturnType<typeof vi.spyOn>;

  beforeEach(async () => {
    fakeBrowser.reset();
    asked = vi.spyOn(fakeBrowser.windows, 'create').mockResolvedValue({ id: 1 } as never);
    vi.spyOn(fakeBrowser.windows, 'remove').mockResolvedValue(undefined);
    server = await startLlamaCpp({ model: 'tiny', scenario: { tokens: ['Yes.'] } });
    const engines = createEngines();
    const lists = createModelLists(engines);
    const database = createMemoryDatabase<UsageRows>();
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

  const gateway = () => ({ id: 'gateway', kind: 'llamacpp', address: server.url });

  it('gives a site access without a question, and leaves no grant behind', async () => {
    await setPolicy({ connections: [gateway()], grantedSites: [{ sites: ['example.com'] }] });
    expect(await ask()).toBe('Yes.');
    expect(asked).not.toHaveBeenCalled();
    expect(await listGrants()).toEqual([]);
    await setPolicy({ connections: [gateway()] });
    expect(await router.queryAccess(site())).toMatchObject({ state: 'prompt' });
  });

  it('does not give it to a frame inside another page', async () => {
    await setPolicy({ connections: [gateway()], grantedSites: [{ sites: ['example.com'] }] });
    expect(await ask({ topOrigin: 'https://elsewhere.example' })).not.toBe('Yes.');
  });

  it.each([
    ['blocks', { blockedSites: ['example.com'] }],
    ['does not allow', { allowedSites: ['https://other.example'] }],
  ])('refuses a site it %s, whatever the user granted', async (_, policy) => {
    await granted();
    expect(await ask()).toBe('Yes.');
    await setPolicy(policy);
    expect(await ask()).toBe('denied');
    expect(asked).not.toHaveBeenCalled();
  });

  it('refuses a frame of a page that is blocked', async () => {
    await setPolicy({ blockedSites: ['elsewhere.example'] });
    expect(await ask({ topOrigin: 'https://elsewhere.example' })).not.toBe('Yes.');
  });

  it('keeps the user from being asked where only it decides', async () => {
    await saveConnection({ backend: 'llamacpp', config: { baseUrl: server.url } });
    await setPolicy({ disabledFeatures: ['sitesByConsent'] });
    expect(await ask()).toBe('denied');
    expect(asked).not.toHaveBeenCalled();
  });

  it('bounds what the user allows, and only downwards', async () => {
    await granted({ callsPerMinute: 50 });
    await setPolicy({ limits: { callsPerMinute: 2 } });
    expect(await ask()).toBe('Yes.');
    expect(await ask()).toBe('Yes.');
    expect(await ask()).toBe('rate-limited');
    await setPolicy({ limits: { tokensPerDay: 1 } });
    expect(await ask({ origin: 'https://other.example' }, true)).toBe('budget-exceeded');
  });

  it('bounds everything in the browser together', async () => {
    await granted();
    await setPolicy({ limits: { totalTokensPerDay: 1 } });
    expect(await ask()).toBe('budget-exceeded');
  });

  it('stops an answer whose site it blocks', async () => {
    const slow = await startLlamaCpp({ model: 'tiny', scenario: { tokens: ['One ', 'two ', 'three.'], tokenDelayMs: 400 } });
    try {
      await saveConnection({ backend: 'llamacpp', config: { baseUrl: slow.url } });
      await setGrant({ origin, models: [{ connectionId: '*', model: '*' }] });
      const answer = ask();
      await vi.waitFor(() => expect(router.runs.list()).toMatchObject([{ state: 'answering' }]));
      await setPolicy({ blockedSites: ['*'] });
      expect(await answer).toBe('denied');
    } finally {
      await slow.close();
    }
  });

  async function granted(limits = {}): Promise<void> {
    await saveConnection({ backend: 'llamacpp', config: { baseUrl: server.url } });
    await setGrant({ origin, models: [{ connectionId: '*', model: '*' }], limits });
  }

  /** The text of the answer, or the code of what was thrown. */
  async function ask(more: Partial<SiteCaller> = {}, isGranted = false): Promise<string> {
    const caller = site(more);
    if (isGranted) await setGrant({ origin: caller.origin, models: [{ connectionId: '*', model: '*' }] });
    let text = '';
    try {
      const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }];
      for await (const parts of router.chat(caller, { messages }, AbortSignal.timeout(5_000)))
        for (const part of parts) if (part.type === 'text') text += part.text;
      return text;
    } catch (error) {
      return toSwitchboardError(error).code;
    }
  }

  function site(more: Partial<SiteCaller> = {}): SiteCaller {
    return { role: 'site', origin, tabId: 1, frameId: 0, isPrivate: false, isActive: () => true, ...more };
  }
});

async function setPolicy(policy: Record<string, unknown>): Promise<void> {
  const area = browser.storage.managed as unknown as typeof browser.storage.local;
  await area.clear();
  await area.set(policy);
}
