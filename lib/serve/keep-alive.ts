import { browser } from 'wxt/browser';

/** Keeps the background alive while work is in flight, and only then. */
export interface Lease {
  /** Work begins; call what it returns when the work ends (calling it again does nothing). */
  hold(): () => void;
}

/**
 * Both browsers end a background that called no extension API for 30 seconds, even with a fetch open (facts: Chromium
 * 156, Firefox 153). So one cheap call every 20 seconds while at least one hold is out, and none when idle.
 */
export function createLease(ping: () => void = askPlatform, everyMs = 20_000): Lease {
  let held = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  return {
    hold() {
      let isHeld = true;
      held += 1;
      timer ??= setInterval(ping, everyMs);
      return () => {
        if (!isHeld) return;
        isHeld = false;
        held -= 1;
        if (held > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

function askPlatform(): void {
  browser.runtime.getPlatformInfo().catch(() => {});
}
