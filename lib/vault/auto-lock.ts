import { browser } from 'wxt/browser';
import { getLockPolicy, lock, lockState, lockWhenDue, watchLock } from './lock.ts';

const alarmName = 'vault.lock';
/** Nobody touched the computer for so long. */
const idleSeconds = 300;

/** Closes the vault by itself. For the background, at its start: an alarm and the system's idle state wake it. */
export function startAutoLock(): void {
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === alarmName) void look();
  });
  browser.idle.onStateChanged.addListener((state) => void lockIfIdle(state));
  watchLock(() => void look());
  void lockState().then((state) => {
    if (state === 'open') void look();
  });
}

/** Locks when it is time, and comes back when it will be. */
async function look(): Promise<void> {
  try {
    const due = await lockWhenDue();
    if (due === undefined) await browser.alarms.clear(alarmName);
    else await browser.alarms.create(alarmName, { when: due });
    if ((await getLockPolicy()).onIdle) browser.idle.setDetectionInterval(idleSeconds);
  } catch {
    // A storage that fails keeps nothing open: what cannot be read is locked.
  }
}

async function lockIfIdle(state: string): Promise<void> {
  if (state !== 'active' && (await getLockPolicy()).onIdle && (await lockState()) === 'open') await lock();
}
