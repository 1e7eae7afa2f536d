import { platform } from './platform.ts';

const { floor } = Math;

/** How far the making of an object is, 0 to 1, for its monitor. */
export interface Progress {
  tell(loaded: number): void;
  /** Tells that all is there. Resolves in a task of its own: a page that hears of it can still abort. */
  finish(): Promise<void>;
}

/** Tells a monitor how far things are: from 0, in steps of a 65,536th, rising, until the signal aborts. */
export function createProgress(monitor: EventTarget | undefined, signal: AbortSignal | undefined): Progress {
  const { isAborted, later, report, SafePromise } = platform;
  let last = -1;
  tell(0);
  return {
    tell,
    async finish() {
      tell(1);
      if (monitor) await new SafePromise((resolve) => later(resolve));
      if (signal && isAborted(signal)) throw platform.abortReason(signal);
    },
  };

  function tell(loaded: number): void {
    const step = floor(loaded * 65536) / 65536;
    if (!monitor || step <= last || (signal && isAborted(signal))) return;
    last = step;
    report(monitor, step);
  }
}
