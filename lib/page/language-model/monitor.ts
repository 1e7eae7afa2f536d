import { dispatch } from '../primordials.ts';
import { fail } from './errors.ts';
import { expose, type Handled, make, setHandler, stateOf } from './interfaces.ts';
import { SafeEventTarget, SafeProgressEvent } from './platform.ts';

/** Puts CreateMonitor on the window: what a page listens to while a session is being made. Returns what makes one. */
export function exposeMonitor(scope: object): () => EventTarget {
  class CreateMonitor {
    constructor() {
      fail('new CreateMonitor');
    }
    get ondownloadprogress() {
      return monitorOf(this).handler;
    }
    set ondownloadprogress(value) {
      setHandler(this as unknown as EventTarget, monitorOf(this), 'downloadprogress', value);
    }
  }
  expose(scope, 'CreateMonitor', CreateMonitor, SafeEventTarget);
  return () => make(CreateMonitor, { kind: 'CreateMonitor', handler: null } as Handled) as EventTarget;
}

function monitorOf(self: unknown): Handled {
  return stateOf<Handled>(self, 'CreateMonitor');
}

/** Tells a monitor how much is loaded, 0 to 1. */
export function report(monitor: EventTarget, loaded: number): void {
  dispatch(
    monitor,
    new SafeProgressEvent('downloadprogress', { __proto__: null, lengthComputable: true, loaded, total: 1 } as ProgressEventInit),
  );
}
