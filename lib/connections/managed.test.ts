import { beforeEach, describe, expect, it, vi } from 'vitest';
import { browser } from 'wxt/browser';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { getPolicy } from '../policy/managed.ts';
import { readSecrets, secretNames, setSecret } from '../vault/vault.ts';
import { glance } from './glance.ts';
import { policyProblems } from './managed.ts';
import {
  duplicateConnection,
  getConnection,
  getDefaults,
  listConnections,
  removeConnection,
  saveConnection,
  setDefaults,
  watchConnections,
} from './store.ts';

const gateway = { id: 'gateway', name: 'Company models', kind: 'vllm', address: 'models.example.com/v1', model: 'large', key: 'of-all' };
const own = { backend: 'llamacpp', name: 'Home', config: { baseUrl: 'http://127.0.0.1:8080' } } as const;
const id = 'policy-gateway';

describe('connections of an organisation', () => {
  beforeEach(() => fakeBrowser.reset());

  it('come first, whole, and are the default until the user chooses', async () => {
    const home = await saveConnection(own);
    await setPolicy({ connections: [{ ...gateway, address: 'https://models.example.com/v1' }], defaultConnection: 'gateway' });
    expect(await listConnections()).toMatchObject([
      { id, name: 'Company models', backend: 'vllm', isManaged: true, model: 'large', config: { baseUrl: 'https://models.example.com' } },
      { id: home },
    ]);
    expect((await glance()).connections.map((each) => each.id)).toEqual([id, home]);
    // Home was made before, so it was the choice.
    expect(await getDefaults()).toEqual({ connectionId: home });
    await removeConnection(home);
    expect(await getDefaults()).toEqual({ connectionId: id });
    await setDefaults({ connectionId: id, model: 'small' });
    expect(await getDefaults()).toEqual({ connectionId: id, model: 'small' });
  });

  it('cannot be changed, removed or copied', async () => {
    await setPolicy({ connections: [{ ...gateway, address: 'https://models.example.com' }] });
    const refused = { code: 'denied', message: expect.stringContaining('Your organisation manages this connection') };
    await expect(saveConnection({ id, backend: 'vllm', name: 'Mine' })).rejects.toMatchObject(refused);
    await expect(removeConnection(id)).rejects.toMatchObject(refused);
    await expect(duplicateConnection(id)).rejects.toMatchObject(refused);
    expect(await listConnections()).toHaveLength(1);
  });

  it('bring their key, which nobody replaces; without one the user enters an own', async () => {
    await setPolicy({
      connections: [
        { ...gateway, address: 'https://models.example.com' },
        { id: 'other', kind: 'openrouter' },
      ],
    });
    const [first, second] = await listConnections();
    if (!first || !second) throw new Error('missing');
    expect(await secretNames(first.id)).toEqual(['key']);
    expect(await readSecrets(first)).toEqual({ key: 'of-all' });
    // The same object, so that an opened engine is used again.
    expect(await readSecrets(first)).toBe(await readSecrets(first));
    await expect(setSecret(first.id, 'another')).rejects.toMatchObject({ code: 'denied' });
    await setSecret(second.id, 'my-own');
    expect(await readSecrets(second)).toEqual({ key: 'my-own' });
  });

  it('are left out where they cannot be, and the rest stays', async () => {
    await setPolicy({
      connections: [
        { ...gateway, kind: 'nobody' },
        { id: 'good', kind: 'vllm', address: 'https://good.example' },
      ],
    });
    expect((await listConnections()).map((each) => each.id)).toEqual(['policy-good']);
    expect(policyProblems(await getPolicy())).toEqual([expect.stringMatching(/^connections, "gateway": .*left out\.$/)]);
  });

  it('void grants when they move, and only then', async () => {
    await setPolicy({ connections: [{ ...gateway, address: 'https://one.example/v1' }] });
    const before = (await getConnection(id))?.revision;
    await setPolicy({ connections: [{ ...gateway, name: 'Renamed', address: 'https://one.example' }] });
    expect((await getConnection(id))?.revision).toBe(before);
    await setPolicy({ connections: [{ ...gateway, address: 'https://two.example' }] });
    expect((await getConnection(id))?.revision).not.toBe(before);
  });

  it('can be the only ones', async () => {
    const home = await saveConnection(own);
    await setPolicy({ connections: [{ ...gateway, address: 'https://models.example.com' }], disabledFeatures: ['ownConnections'] });
    expect((await listConnections()).map((each) => each.id)).toEqual([id]);
    expect(await getConnection(home)).toBeUndefined();
    await expect(saveConnection(own)).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('only its own connections'),
    });
    // What the user had is back when the policy goes.
    await setPolicy({});
    expect((await listConnections()).map((each) => each.id)).toEqual([home]);
  });

  it('may come without models inside the browser', async () => {
    await setPolicy({ disabledFeatures: ['onDeviceModels'] });
    await expect(saveConnection({ backend: 'ondevice' })).rejects.toMatchObject({ code: 'denied' });
  });

  it('are told as soon as the policy changes', async () => {
    const heard: string[][] = [];
    const undo = watchConnections((connections) => heard.push(connections.map((each) => each.id)));
    await setPolicy({ connections: [{ ...gateway, address: 'https://models.example.com' }] });
    await vi.waitFor(() => expect(heard.at(-1)).toEqual([id]));
    undo();
  });
});

/** As an administrator's tools do: the fake browser's managed area is one that can be written. */
async function setPolicy(policy: Record<string, unknown>): Promise<void> {
  const area = browser.storage.managed as unknown as typeof browser.storage.local;
  await area.clear();
  await area.set(policy);
}
