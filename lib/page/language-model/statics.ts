import type { Calls } from '../calls.ts';
import { abortReason, bare, isAborted } from '../primordials.ts';
import type { Callback } from '../read-options.ts';
import { exception, type Failure, refuse } from './errors.ts';
import type { Late } from './late/late.ts';
import { type Native, unavailable } from './native.ts';
import { apply } from './platform.ts';
import type { Convert } from './webidl.ts';

/** What `create` and `availability` work with, whatever they are of. */
export interface StaticMeans {
  calls: Calls;
  native: Native | undefined;
  /** Throws in a document that is gone. */
  checkActive(): void;
  /** The page's permissions policy, as far as the browser tells it. */
  isAllowed(native: unknown, feature: string): boolean;
  makeMonitor(): EventTarget;
  load(): Promise<Late>;
}

interface Creating {
  signal?: AbortSignal | undefined;
  monitor?: Callback | undefined;
}

/** What one class has of its own. */
export interface Statics<Core, Options extends Creating> {
  /** The policy-controlled feature. */
  feature: string;
  /** What reads the options of `availability` and of `create`. */
  core: Convert<Core>;
  create: Convert<Options>;
  /** The method that knows the availability, and its parameters in JSON. */
  method: string;
  write(asked: Core): string;
  make(late: Late, asked: Options, monitor: EventTarget | undefined): Promise<object>;
}

/** The static operations that such a class has on the window, in the order of the standard. */
export function createStatics<Core, Options extends Creating>(
  { calls, native, checkActive, isAllowed, makeMonitor, load }: StaticMeans,
  { core, create: whole, feature, method, write, make }: Statics<Core, Options>,
): Record<'create' | 'availability', (options?: unknown) => Promise<unknown>> {
  return bare({
    async create(options: unknown = {}): Promise<unknown> {
      const asked = whole(options, 'options');
      const { signal, monitor: callback } = asked;
      checkActive();
      if (signal && isAborted(signal)) throw abortReason(signal);
      if (!isAllowed(native, feature)) refuse('NotAllowedError', `The permissions policy forbids ${feature}.`);
      const monitor = callback && makeMonitor();
      if (callback) apply(callback, undefined, [monitor]);
      if (native && (await native.works(calls))) return await native.create(options, monitor);
      return await make(await load(), asked, monitor);
    },

    /** Before the user has agreed the answer is the same on every page. */
    async availability(options: unknown = {}): Promise<unknown> {
      const asked = core(options, 'options');
      checkActive();
      if (!isAllowed(native, feature)) return unavailable;
      if (native && (await native.works(calls))) return await native.availability(options);
      let answer: unknown;
      try {
        answer = await calls.request(method, write(asked));
      } catch {
        // Not for this frame, or nobody is there any more.
        return unavailable;
      }
      const { error, availability } = answer as { error?: Failure; availability: string };
      if (error) throw exception(error);
      return availability;
    },
  });
}
