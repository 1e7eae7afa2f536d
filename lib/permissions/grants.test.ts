import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { listAsking, noteAsking } from './asking.ts';
import { endOnce, pruneGrants, takeOnce, touchGrant } from './grant-use.ts';
import { addGrant, changeGrant, findGrant, findGrants, isHeld, listGrants, revokeGrant, setGrant, watchGrants } from './grants.ts';
import { watchPrivateWindows } from './private-windows.ts';
import { setSwitches } from './switches.ts';

const origin = 'https://app.example';
const one = { connectionId: 'c', model: 'one', revision: 1 };
const two = { connectionId: 'c', model: 'two', revision: 1 };
const day = 24 * 3_600_000;

describe('grants', () => {
  beforeEach(() => {
    fakeBrowser.reset();
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => void vi.useRealTimers());

  it('allow any model, always and without limits unless told otherwise', async () => {
    await setGrant({ origin: 'https://app.example/some/page?q=1' });
    expect(await listGrants()).toMatchObject([
      { v: 2, origin, decision: 'always', models: [{ connectionId: '*', model: '*' }], limits: {}, expiresAt: Date.now() + 30 * day },
    ]);
  });

  it.each(['app.example', 'file:///home', 'chrome-extension://abc', '', 'null'])('are refused for %j, which is no site', async (text) => {
    await expect(setGrant({ origin: text })).rejects.toMatchObject({ code: 'bad-request', message: expect.stringContaining('https://') });
  });

  it('belong to one exact origin', async () => {
    await setGrant({ origin });
    for (const other of ['http://app.example', 'https://app.example:8443', 'https://app.example.', 'https://sub.app.example']) {
      expect(await findGrant(other)).toBeUndefined();
    }
  });

  it('of the session and of one call are not in the storage that stays', async () => {
    await setGrant({ origin, decision: 'session' });
    await setGrant({ origin: 'https://other.example', decision: 'once' });
    expect(JSON.stringify(await fakeBrowser.storage.local.get(null))).not.toContain('.example');
    expect((await listGrants()).map(({ decision }) => decision)).toEqual(['session', 'once']);
  });

  it('replace what the site held before', async () => {
    await setGrant({ origin, decision: 'always' });
    await setGrant({ origin, decision: 'session', models: [one] });
    expect(await listGrants()).toMatchObject([{ decision: 'session', models: [one] }]);
    await setGrant({ origin, decision: 'block', models: [one] });
    expect(await listGrants()).toMatchObject([{ decision: 'block', models: [] }]);
  });

  it('add up when the user agrees to more, the new one last', async () => {
    const first = await addGrant({ origin, models: [one], decision: 'always' });
    const second = await addGrant({ origin, models: [two], decision: 'always', limits: { concurrent: 2 } });
    expect(second).toMatchObject({ id: first.id, models: [one, two], limits: { concurrent: 2 } });
    await addGrant({ origin, models: [one], decision: 'once' });
    expect((await findGrants({ origin })).map(({ decision }) => decision)).toEqual(['always', 'once']);
  });

  it('for one call are spent by exactly one of a hundred callers, and end with it', async () => {
    const { id } = await setGrant({ origin, decision: 'once' });
    const taken = await Promise.all(Array.from({ length: 100 }, () => takeOnce(id)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await findGrant(origin)).toBeUndefined();
    expect(await isHeld({ origin }, id)).toBe(true);
    await endOnce(id);
    expect(await isHeld({ origin }, id)).toBe(false);
    expect(await listGrants()).toEqual([]);
  });

  it('are taken away at once, also while a call of theirs runs', async () => {
    const { id } = await setGrant({ origin, decision: 'once' });
    await takeOnce(id);
    let heard = 0;
    watchGrants(() => heard++);
    await revokeGrant(origin);
    expect(heard).toBe(1);
    expect(await isHeld({ origin }, id)).toBe(false);
  });

  it('are void beside a block', async () => {
    const { id } = await addGrant({ origin, decision: 'session', models: [one] });
    await addGrant({ origin, decision: 'block' });
    expect(await isHeld({ origin }, id)).toBe(false);
    expect((await findGrants({ origin }))[0]?.decision).toBe('block');
  });

  it('end after thirty idle days, and use puts that off', async () => {
    const grant = await setGrant({ origin });
    vi.setSystemTime(Date.now() + 29 * day);
    await touchGrant(grant);
    vi.setSystemTime(Date.now() + 29 * day);
    expect(await findGrant(origin)).toMatchObject({ lastUsedAt: Date.now() - 29 * day });
    vi.setSystemTime(Date.now() + 2 * day);
    expect(await findGrant(origin)).toBeUndefined();
    await pruneGrants();
    expect(JSON.stringify(await fakeBrowser.storage.local.get('grants'))).not.toContain(origin);
  });

  it('do not come back to life when the clock is set back', async () => {
    await setGrant({ origin });
    vi.setSystemTime(Date.now() + 40 * day);
    await setGrant({ origin: 'https://other.example' });
    vi.setSystemTime(Date.now() - 39 * day);
    expect(await findGrant(origin)).toBeUndefined();
  });

  it('write at most once an hour that they are used', async () => {
    await touchGrant(await setGrant({ origin }));
    const grant = await findGrant(origin);
    let writes = 0;
    watchGrants(() => writes++);
    if (grant) await touchGrant(grant);
    expect(writes).toBe(0);
  });

  it('of private windows are a space of their own, in memory only', async () => {
    await setGrant({ origin });
    expect(await findGrants({ origin, isPrivate: true })).toEqual([]);
    await addGrant({ origin: 'https://secret.example', decision: 'always', isPrivate: true });
    expect(await findGrants({ origin: 'https://secret.example', isPrivate: true })).toHaveLength(1);
    expect(await findGrants({ origin: 'https://secret.example' })).toEqual([]);
    expect(JSON.stringify(await fakeBrowser.storage.local.get(null))).not.toContain('secret.example');
  });

  it('of the first version become what they meant, and nothing of them is lost', async () => {
    const before = {
      id: '1',
      origin,
      decision: 'always',
      models: [one],
      limits: { tokensPerDay: 5, concurrent: 2 },
      createdAt: 3,
      lastUsedAt: 4,
    };
    const envelope = { v: 1, value: { grants: [{ v: 1, ...before }], seenAt: 3 } };
    await fakeBrowser.storage.local.set({ grants: envelope });
    const meant = {
      ...before,
      v: 2,
      abilities: ['chat', 'embed', 'list', 'tools', 'images'],
      rules: { whenHidden: 'allow', gesture: 'never' },
      history: 'meta',
      source: 'settings',
    };
    expect(await listGrants()).toEqual([meant]);
    await setGrant({ origin: 'https://other.example' });
    expect(await listGrants()).toMatchObject([meant, { origin: 'https://other.example' }]);
    expect(await fakeBrowser.storage.local.get('grants')).toMatchObject({ grants: { v: 2 } });
  });

  it('that a newer version wrote are left alone', async () => {
    const newer = { v: 3, value: { grants: [], seenAt: 0 } };
    await fakeBrowser.storage.local.set({ grants: newer });
    await expect(setGrant({ origin })).rejects.toMatchObject({ code: 'not-supported' });
  });

  it('of a frame inside another page are not those of its own pages, nor of that page', async () => {
    const widget = { origin: 'https://widget.example', topOrigin: origin };
    await setGrant(widget);
    expect(await findGrants(widget)).toHaveLength(1);
    for (const other of [
      { origin: widget.origin },
      { origin },
      { ...widget, topOrigin: 'https://evil.example' },
      { ...widget, isPrivate: true },
    ]) {
      expect(await findGrants(other)).toEqual([]);
    }
    await setGrant({ origin });
    await revokeGrant({ origin });
    expect(await findGrants(widget)).toHaveLength(1);
    await revokeGrant(origin);
    expect(await findGrants(widget)).toEqual([]);
  });

  it('add abilities up, and are changed in place', async () => {
    const first = await addGrant({ origin, models: [one], abilities: ['chat'], rules: { whenHidden: 'refuse' }, history: 'full' });
    const second = await addGrant({ origin, models: [one], abilities: ['tools'] });
    expect(second).toMatchObject({ id: first.id, abilities: ['chat', 'tools'], rules: { whenHidden: 'refuse' }, history: 'full' });
    await changeGrant(second, { abilities: ['chat'], limits: { callsPerDay: 3 }, expiresAt: undefined });
    const [changed] = await listGrants();
    expect(changed).toMatchObject({ abilities: ['chat'], limits: { callsPerDay: 3 } });
    expect(changed).not.toHaveProperty('expiresAt');
    await revokeGrant(origin);
    await expect(changeGrant(second, { limits: {} })).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('of ordinary windows hold in private ones only if the user says so, and nobody writes that they were used', async () => {
    const site = { origin, isPrivate: true };
    const grant = await setGrant({ origin });
    expect(await findGrants(site)).toEqual([]);
    await setSwitches({ privateInherits: true });
    const [inherited] = await findGrants(site);
    expect(inherited).toMatchObject({ id: grant.id, isPrivate: true });
    expect(await isHeld(site, grant.id)).toBe(true);
    if (inherited) await touchGrant(inherited);
    expect((await findGrant(origin))?.lastUsedAt).toBeUndefined();
    await setSwitches({ privateInherits: false });
    expect(await isHeld(site, grant.id)).toBe(false);
  });

  it('of private windows end with the last of them', async () => {
    await setGrant({ origin, isPrivate: true });
    await noteAsking({ origin, isPrivate: true, tabId: 1, abilities: ['chat'] });
    vi.spyOn(fakeBrowser.windows, 'getAll').mockResolvedValue([{ id: 1, incognito: true }] as never);
    let ended = 0;
    watchPrivateWindows(() => ended++);
    await fakeBrowser.windows.onCreated.trigger({ id: 2, incognito: true } as never);
    await vi.waitFor(async () =>
      expect(await fakeBrowser.storage.session.get('private-windows')).toMatchObject({
        'private-windows': { value: expect.arrayContaining([1, 2]) },
      }),
    );
    for (const other of [7, 1]) await fakeBrowser.windows.onRemoved.trigger(other);
    await vi.waitFor(async () =>
      expect(await fakeBrowser.storage.session.get('private-windows')).toMatchObject({ 'private-windows': { value: [2] } }),
    );
    expect(await findGrants({ origin, isPrivate: true })).toHaveLength(1);
    await fakeBrowser.windows.onRemoved.trigger(2);
    await vi.waitFor(async () => expect(await findGrants({ origin, isPrivate: true })).toEqual([]));
    await vi.waitFor(async () => expect(await listAsking()).toEqual([]));
    expect(ended).toBe(1);
  });

  it('that a dead background left spent are cleared at the next start', async () => {
    const { id } = await setGrant({ origin, decision: 'once' });
    await takeOnce(id);
    await pruneGrants();
    expect(await listGrants()).toEqual([]);
  });
});
