import { browser } from 'wxt/browser';

/** No answer is worth more than a fix that waits. */
const longestMs = 10 * 60_000;
const lookEveryMs = 5_000;

/**
 * An update that the browser has fetched is installed when no call is at work, and after ten minutes in any case: it ends
 * every running answer. For the background, at its start.
 */
export function updateWhenIdle(isBusy: () => boolean): void {
  browser.runtime.onUpdateAvailable.addListener(() => {
    const startedAt = performance.now();
    const look = () => {
      if (!isBusy() || performance.now() - startedAt > longestMs) browser.runtime.reload();
      else setTimeout(look, lookEveryMs);
    };
    look();
  });
}
