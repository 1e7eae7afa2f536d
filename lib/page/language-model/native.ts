import type { Calls } from '../calls.ts';
import { addListener, define, deleteProperty, descriptorOf, getter } from '../primordials.ts';
import type { Callback } from '../read-options.ts';
import { report } from './monitor.ts';
import { apply, hasInstance } from './platform.ts';

/** The browser's own Prompt API, or one of its task APIs. */
export interface Native {
  /** Whether it is to answer, by what the user chose and by what it can: found out once, by the first who asks. If so, the window gets it back. */
  works(calls: Calls): Promise<boolean>;
  availability(options: unknown): Promise<unknown>;
  /** `monitor`: the page's function for it has been called already. */
  create(options: unknown, monitor: EventTarget | undefined): Promise<unknown>;
}

/** What `availability` says where nothing can answer. */
export const unavailable = 'unavailable';

let loadedOf: ((event: unknown) => number) | undefined;

/** Each looks at its own: Translator tells nothing without languages, and LanguageModel complains in the console. */
const sample = { sourceLanguage: 'en', targetLanguage: 'es', expectedOutputs: [{ type: 'text', languages: ['en'] }] };
const languageModel = ['LanguageModel', 'CreateMonitor', 'LanguageModelToolCall', 'LanguageModelToolError', 'LanguageModelToolSuccess'];

/**
 * Puts ours on the window by `expose`, and keeps what the browser has. To be called before any page script runs. `names`:
 * the class that is asked for its availability, and what goes with it.
 */
export function replaceNative(scope: object, expose: (native: Native | undefined) => void, names = languageModel): void {
  const before = names.map((name) => descriptorOf(scope, name));
  if (before[0]?.value) keepNative(scope, expose, names, before);
  else expose(undefined);
}

function keepNative(scope: object, expose: (native: Native) => void, names: string[], before: (PropertyDescriptor | undefined)[]): void {
  const native = before[0]?.value as Record<'create' | 'availability', Callback>;
  const { create, availability } = native;
  // Chromium without Google's services offers Translator and waits for ever for its models: it gets none at all.
  const detector: typeof native = descriptorOf(scope, 'LanguageDetector')?.value ?? native;
  loadedOf ??= getter<number>(ProgressEvent.prototype, 'loaded');
  const readLoaded = loadedOf;
  let working: Promise<boolean> | undefined;
  expose({
    works(calls) {
      working ??= find(calls);
      return working;
    },
    availability: (options) => apply(availability, native, [options]) as Promise<unknown>,
    create(options, monitor) {
      const forward = (own: EventTarget) =>
        addListener(own, 'downloadprogress', (event) => report(monitor as EventTarget, readLoaded(event)));
      return apply(create, native, [monitor ? { __proto__: options as object, monitor: forward } : options]) as Promise<unknown>;
    },
  });
  const ours = names.map((name) => descriptorOf(scope, name)?.value as object);

  const ask = (kept: typeof native) => apply(kept.availability, kept, [sample]);

  async function find(calls: Calls): Promise<boolean> {
    let use: unknown;
    try {
      use = await calls.request('prompt.native', '{}');
    } catch {
      // A frame that is not served has nothing but the browser's own.
    }
    try {
      if (use === 'always' || (use !== 'never' && ((await ask(native)) === unavailable || (await ask(detector)) === unavailable)))
        return false;
    } catch {
      return false;
    }
    // For who took ours before: the browser's sessions are its instances.
    define(ours[0] as object, hasInstance, { value: (object: unknown) => object instanceof (native as unknown as Callback) });
    for (let index = 0; index < names.length; index++) restore(names[index] as string, ours[index], before[index]);
    return true;
  }

  /** What a page has put in the place of ours stays. */
  function restore(name: string, own: unknown, browsers: PropertyDescriptor | undefined): void {
    if (descriptorOf(scope, name)?.value !== own) return;
    if (browsers) define(scope, name, browsers);
    else deleteProperty(scope, name);
  }
}
