import { afterEach, expect, it, vi } from 'vitest';
import { browser } from 'wxt/browser';
import { updateWhenIdle } from './update-when-idle.ts';

afterEach(() => vi.useRealTimers());

/** The browser with an update in its hand. */
function stage(isBusy: () => boolean) {
  vi.useFakeTimers();
  let offer = () => {};
  const reload = vi.fn();
  Object.assign(browser.runtime, { onUpdateAvailable: { addListener: (listener: () => void) => (offer = listener) }, reload });
  updateWhenIdle(isBusy);
  return { reload, offer: () => offer() };
}

it('[G-8] an update is installed at once when nothing is going on', () => {
  const { reload, offer } = stage(() => false);
  offer();
  expect(reload).toHaveBeenCalledTimes(1);
});

it('[G-8] an update waits for the answers that are being written, and ten minutes at most', async () => {
  let isBusy = true;
  const { reload, offer } = stage(() => isBusy);
  offer();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(reload).not.toHaveBeenCalled();
  isBusy = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(reload).toHaveBeenCalledTimes(1);

  const endless = stage(() => true);
  endless.offer();
  await vi.advanceTimersByTimeAsync(11 * 60_000);
  expect(endless.reload).toHaveBeenCalled();
});
