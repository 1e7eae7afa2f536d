import type { Calls } from '../calls.ts';
import { toJson } from '../plain-json.ts';
import { abortReason, isAborted } from '../primordials.ts';
import { exception, type Failure, fail, refuse } from './errors.ts';
import { expose, setHandler, stateOf } from './interfaces.ts';
import type { Late, Session } from './late/late.ts';
import type { Native } from './native.ts';
import { readCoreOptions, readCreateOptions } from './options.ts';
import { apply, SafeEventTarget } from './platform.ts';
import type { CalledTool } from './tools.ts';

/** What the class works with. */
export interface Means {
  calls: Calls;
  native: Native | undefined;
  /** Throws in a document that is gone. */
  checkActive(): void;
  /** The page's permissions policy, as far as the browser tells it. */
  isAllowed(): boolean;
  makeMonitor(): EventTarget;
  makeCall(call: CalledTool): object;
  load(): Promise<Late>;
}

/** Puts LanguageModel on the window. What sessions do is the late part's; here is what a page can see before there is one. */
export function exposeLanguageModel(scope: object, means: Means): void {
  const { calls, native, checkActive, isAllowed } = means;

  // biome-ignore-start lint/complexity/noArguments: a rest parameter would change the length that pages see
  class LanguageModel {
    constructor() {
      fail('new LanguageModel');
    }
    static create(options = {}) {
      return create(options);
    }
    static availability(options = {}) {
      return availability(options);
    }
    get contextUsage() {
      return sessionOf(this).usage;
    }
    get contextWindow() {
      return sessionOf(this).window;
    }
    get samplingMode() {
      return sessionOf(this).samplingMode;
    }
    get oncontextoverflow() {
      return sessionOf(this).handler;
    }
    set oncontextoverflow(value) {
      setHandler(this as unknown as EventTarget, sessionOf(this), 'contextoverflow', value);
    }
    prompt(_input: unknown) {
      return promised(() => sessionOf(this).prompt(arguments));
    }
    promptStreaming(_input: unknown) {
      return sessionOf(this).promptStreaming(arguments);
    }
    append(_input: unknown) {
      return promised(() => sessionOf(this).append(arguments));
    }
    measureContextUsage(_input: unknown) {
      return promised(() => sessionOf(this).measureContextUsage(arguments));
    }
    clone(options = {}) {
      return promised(() => sessionOf(this).clone(options));
    }
    destroy() {
      sessionOf(this).destroy();
    }
  }
  // biome-ignore-end lint/complexity/noArguments: see above
  expose(scope, 'LanguageModel', LanguageModel, SafeEventTarget);

  /** Before the user has agreed the answer is the same on every page. */
  async function availability(options: unknown): Promise<unknown> {
    const asked = readCoreOptions(options, 'options');
    checkActive();
    if (!isAllowed()) return 'unavailable';
    if (native && (await native.works())) return native.availability(options);
    asked.tools = undefined;
    let answer: unknown;
    try {
      answer = await calls.request('prompt.availability', toJson(asked, exception as () => Error));
    } catch {
      // Not for this frame, or nobody is there any more.
      return 'unavailable';
    }
    const { error, availability } = answer as { error?: Failure; availability: string };
    if (error) throw exception(error);
    return availability;
  }

  async function create(options: unknown): Promise<unknown> {
    const asked = readCreateOptions(options, 'options');
    const { signal, monitor: callback } = asked;
    checkActive();
    if (signal && isAborted(signal)) throw abortReason(signal);
    if (!isAllowed()) refuse('NotAllowedError', 'The permissions policy of this page does not allow language-model.');
    const monitor = callback && means.makeMonitor();
    if (callback) apply(callback, undefined, [monitor]);
    if (native && (await native.works())) return native.create(options, monitor);
    return (await means.load())({ ...means, ours: LanguageModel }, asked, monitor);
  }
}

function sessionOf(self: unknown): Session {
  return stateOf<Session>(self, 'LanguageModel');
}

/** What throws, rejects. */
async function promised<T>(work: () => T): Promise<Awaited<T>> {
  return await work();
}
