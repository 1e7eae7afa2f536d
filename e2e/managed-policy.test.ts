import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVllm } from '../lib/testing/emulators/vllm.ts';
import type { Emulator } from '../lib/testing/kit/start-emulator.ts';
import { browsers, launch, type Stage, until } from './harness.ts';
import { type PolicyFile, setManaged, whyNotManaged } from './managed.ts';
import { ask } from './scene.ts';
import { type Site, serveSite } from './site.ts';

const key = ['of', 'all', 'employees'].join('-');

describe.each(browsers)('an organisation’s policy, in %s', (name) => {
  const why = whyNotManaged(name);
  describe.skipIf(why)(why ? `not tried: ${why}` : 'set by an administrator', () => {
    let server: Emulator;
    let granted: Site;
    let blocked: Site;
    let policy: PolicyFile;
    let stage: Stage;

    beforeAll(async () => {
      server = await startVllm({ apiKey: key, scenario: { tokens: ['From ', 'the ', 'gateway.'] } });
      granted = await serveSite();
      blocked = await serveSite();
      policy = setManaged(name, {
        connections: [{ id: 'gateway', name: 'Company models', kind: 'vllm', address: server.url, key }],
        grantedSites: [{ sites: [granted.origin(), blocked.origin()] }],
        blockedSites: [blocked.origin()],
        limits: { callsPerMinute: 2 },
        disabledFeatures: ['ownConnections', 'sitesByConsent', 'quickChat', 'backup'],
      });
      stage = await launch(name, policy.launch);
      // Chromium brings a policy to an extension a while after that was installed.
      await until(async () => (await connections()).length > 0, 'the policy to arrive', 30_000);
    });
    afterAll(async () => {
      await stage?.close();
      policy?.remove();
      for (const each of [server, granted, blocked]) await each?.close();
    });

    const connections = () => stage.options.evaluate(() => globalThis.switchboard.connections.list());

    it('connects everyone to its gateway, with its key and no other connection', async () => {
      expect(await connections()).toMatchObject([{ name: 'Company models', backend: 'vllm' }]);
      expect(JSON.stringify(await connections())).not.toContain(key);
      const refusal = await stage.options.evaluate((baseUrl) => {
        const { connections } = globalThis.switchboard;
        return connections.save({ backend: 'llamacpp', config: { baseUrl } }).then(
          () => 'saved',
          ({ message }: Error) => message,
        );
      }, server.url);
      expect(refusal).toContain('Your organisation');
    });

    it('lets its sites ask without a question, as often as it says', async () => {
      const page = await stage.newPage(granted.url('/'));
      await page.click('#ask');
      expect(await ask(page, 'Hello')).toMatchObject({ text: 'From the gateway.' });
      expect(server.requests.at(-1)?.headers.authorization).toBe(`Bearer ${key}`);
      await ask(page, 'Hello');
      expect(await ask(page, 'Hello')).toMatchObject({ error: { code: 'rate-limited' } });
      await page.close();
    });

    it('keeps every other site out, and asks nobody', async () => {
      const page = await stage.newPage(blocked.url('/'));
      await page.click('#ask');
      expect(await ask(page, 'Hello')).toMatchObject({ error: { code: 'denied' } });
      await page.close();
    });
  });
});
