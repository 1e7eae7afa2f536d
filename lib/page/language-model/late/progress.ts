import { platform } from './platform.ts';

const { floor } = Math;

/** Tells a monitor how far things are: from 0, in steps of a 65,536th, rising, until the signal aborts. */
export function createProgress(monitor: EventTarget | undefined, signal: AbortSignal | undefined): (loaded: number) => void {
  let last = -1;
  return function tell(loaded) {
    if (last < 0 && loaded > 0) tell(0);
    const step = floor(loaded * 65536) / 65536;
    if (!monitor || step <= last || (signal && platform.isAborted(signal))) return;
    last = step;
    platform.report(monitor, step);
  };
}
