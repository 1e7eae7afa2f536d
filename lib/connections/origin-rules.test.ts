import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { createOriginRules } from './origin-rules.ts';
import { removeConnection, saveConnection } from './store.ts';

interface Rule {
  id: number;
  condition: { initiatorDomains: string[]; urlFilter: string; resourceTypes: string[] };
  action: unknown;
}

describe('the rules that take Origin off our own requests', () => {
  let rules: Rule[];
  beforeEach(() => {
    fakeBrowser.reset();
    rules = [];
    const { declarativeNetRequest } = fakeBrowser;
    vi.spyOn(declarativeNetRequest, 'getSessionRules').mockImplementation((async () => rules) as never);
    vi.spyOn(declarativeNetRequest, 'updateSessionRules').mockImplementation((async (change: {
      removeRuleIds: number[];
      addRules: Rule[];
    }) => {
      const left = rules.filter(({ id }) => !change.removeRuleIds.includes(id));
      for (const { id } of change.addRules) if (left.some((rule) => rule.id === id)) throw new Error(`Rule ${id} is there already.`);
      rules = [...left, ...change.addRules];
    }) as never);
  });

  const filters = () => rules.map(({ condition }) => condition.urlFilter);
  const local = { backend: 'llamacpp', config: { baseUrl: 'http://127.0.0.1:8080/proxy' } } as const;

  it('touch requests of this extension to connected origins, and nothing else', async () => {
    await saveConnection(local);
    await saveConnection({ backend: 'ondevice' });
    await createOriginRules().ready();
    expect(rules).toEqual([
      {
        id: expect.any(Number),
        priority: 1,
        action: { type: 'modifyHeaders', requestHeaders: [{ header: 'origin', operation: 'remove' }] },
        condition: {
          initiatorDomains: [fakeBrowser.runtime.id],
          urlFilter: '|http://127.0.0.1:8080/',
          resourceTypes: ['xmlhttprequest', 'other'],
        },
      },
    ]);
  });

  it('follow the connections', async () => {
    const originRules = createOriginRules();
    await originRules.ready();
    expect(rules).toEqual([]);
    const id = await saveConnection(local);
    await originRules.ready();
    expect(filters()).toEqual(['|http://127.0.0.1:8080/']);
    await saveConnection({ id, backend: 'llamacpp', config: { baseUrl: 'http://127.0.0.1:9090' } });
    await saveConnection({ backend: 'vllm', config: { baseUrl: 'http://127.0.0.1:9090' } });
    await originRules.ready();
    expect(filters()).toEqual(['|http://127.0.0.1:9090/']);
    await removeConnection(id);
    await originRules.ready();
    expect(filters()).toEqual(['|http://127.0.0.1:9090/']);
  });

  it('stand for an address being probed as long as somebody probes it', async () => {
    const originRules = createOriginRules();
    const inside = Promise.withResolvers<void>();
    const first = originRules.during(['127.0.0.1:11434/v1'], () => inside.promise);
    await originRules.during(['http://127.0.0.1:11434'], async () => expect(filters()).toEqual(['|http://127.0.0.1:11434/']));
    await originRules.ready();
    expect(filters()).toEqual(['|http://127.0.0.1:11434/']);
    inside.resolve();
    await first;
    await originRules.ready();
    expect(filters()).toEqual([]);
  });

  it('let the work say what is wrong with an address, and go when the work fails', async () => {
    const originRules = createOriginRules();
    const failing = originRules.during(['not an address', 'http://127.0.0.1:1'], () => Promise.reject(new Error('refused')));
    await expect(failing).rejects.toThrow('refused');
    await originRules.ready();
    expect(filters()).toEqual([]);
  });

  it('stop nobody where the browser refuses them, and are tried again', async () => {
    vi.mocked(fakeBrowser.declarativeNetRequest.updateSessionRules).mockRejectedValueOnce(new Error('busy'));
    await saveConnection(local);
    const originRules = createOriginRules();
    await originRules.ready();
    expect(filters()).toEqual([]);
    await originRules.ready();
    expect(filters()).toEqual(['|http://127.0.0.1:8080/']);
  });
});
