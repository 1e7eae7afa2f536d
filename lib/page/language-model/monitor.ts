import { bare, dispatch, SafeEventTarget } from '../primordials.ts';
import { exposeInterface } from './expose-interface.ts';
import { type Handled, make } from './interfaces.ts';
import { SafeProgressEvent } from './platform.ts';

/** Puts CreateMonitor on the window: what a page listens to while a session is being made. Returns what makes one. */
export function exposeMonitor(scope: object): () => EventTarget {
  const ours = exposeInterface(scope, 'CreateMonitor', () => [['ondownloadprogress']], SafeEventTarget);
  return () => make(ours, { kind: 'CreateMonitor', handler: null } as Handled) as EventTarget;
}

/** Tells a monitor how much is loaded, 0 to 1. */
export function report(monitor: EventTarget, loaded: number): void {
  dispatch(monitor, new SafeProgressEvent('downloadprogress', bare({ lengthComputable: true, loaded, total: 1 })));
}
