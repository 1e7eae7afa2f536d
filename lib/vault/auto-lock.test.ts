import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { browser } from 'wxt/browser';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { startAutoLock } from './auto-lock.ts';
import { announceLock, lockState, open, setLockPolicy } from './lock.ts';

describe('an open vault, while the background watches', () => {
  let whenIdle: (state: string) => void;
  let whenAlarm: (alarm: { name: string }) => void;
  const alarms = new Map<string, number>();

  beforeEach(async () => {
    fakeBrowser.reset();
    alarms.clear();
    Object.assign(browser, {
      idle: { onStateChanged: { addListener: (listener: typeof whenIdle) => (whenIdle = listener) }, setDetectionInterval: vi.fn() },
      alarms: {
        onAlarm: { addListener: (listener: typeof whenAlarm) => (whenAlarm = listener) },
        create: async (name: string, { when }: { when: number }) => void alarms.set(name, when),
        clear: async (name: string) => alarms.delete(name),
      },
    });
    startAutoLock();
    await announceLock('passphrase-1');
    await open('passphrase-1', btoa('k'.repeat(32)));
  });
  afterEach(() => vi.useRealTimers());

  it('sets an alarm for the moment it is due, and locks when that comes', async () => {
    await setLockPolicy({ afterMinutes: 5, onIdle: false });
    await vi.waitFor(() => expect(alarms.get('vault.lock')).toBeGreaterThan(Date.now() + 4 * 60_000));
    expect(alarms.get('vault.lock')).toBeLessThan(Date.now() + 6 * 60_000);
    whenAlarm({ name: 'vault.lock' });
    expect(await lockState(), 'too early').toBe('open');
    vi.setSystemTime(Date.now() + 5 * 60_000 + 1_000);
    whenAlarm({ name: 'vault.lock' });
    await vi.waitFor(async () =>
      expect(await fakeBrowser.storage.session.get('vault.open')).toMatchObject({ 'vault.open': { value: null } }),
    );
    await vi.waitFor(() => expect(alarms.has('vault.lock')).toBe(false));
  });

  it('locks when nobody is at the computer, only where the user wants that', async () => {
    whenIdle('idle');
    whenIdle('locked');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await lockState()).toBe('open');
    await setLockPolicy({ afterMinutes: 30, onIdle: true });
    whenIdle('active');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await lockState()).toBe('open');
    whenIdle('locked');
    await vi.waitFor(async () => expect(await lockState()).toBe('locked'));
  });
});
