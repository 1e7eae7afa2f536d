import { addListener, define, deleteProperty, descriptorOf, getter } from '../primordials.ts';
import { report } from './monitor.ts';
import { apply } from './platform.ts';
import type { Callback } from './webidl.ts';

/** The browser's own Prompt API, or one of its task APIs. */
export interface Native {
  /** Whether it can answer at all: found out once, by the first who asks. If so, the window gets it back. */
  works(): Promise<boolean>;
  availability(options: unknown): Promise<unknown>;
  /** `monitor`: the page's function for it has been called already. */
  create(options: unknown, monitor: EventTarget | undefined): Promise<unknown>;
}

const { hasInstance } = Symbol;

/** Translator tells nothing without one; the others do not look at it. */
const anyPair = { sourceLanguage: 'en', targetLanguage: 'es' };
const languageModel = ['LanguageModel', 'CreateMonitor', 'LanguageModelToolCall', 'LanguageModelToolError', 'LanguageModelToolSuccess'];

/**
 * Puts ours on the window by `expose`, and keeps what the browser has. To be called before any page script runs. `names`:
 * the class that is asked for its availability, and what goes with it.
 */
export function replaceNative(scope: object, expose: (native: Native | undefined) => void, names = languageModel): void {
  const before = names.map((name) => descriptorOf(scope, name));
  const native = before[0]?.value as Record<'create' | 'availability', Callback> | undefined;
  if (!native) {
    expose(undefined);
    return;
  }
  const { create, availability } = native;
  const loadedOf = getter<number>(ProgressEvent.prototype, 'loaded');
  let working: Promise<boolean> | undefined;
  expose({
    works() {
      working ??= find();
      return working;
    },
    availability: (options) => apply(availability, native, [options]) as Promise<unknown>,
    create(options, monitor) {
      const forward = (own: EventTarget) =>
        addListener(own, 'downloadprogress', (event) => report(monitor as EventTarget, loadedOf(event)));
      return apply(create, native, [monitor ? { __proto__: options as object, monitor: forward } : options]) as Promise<unknown>;
    },
  });
  const ours = names.map((name) => descriptorOf(scope, name)?.value as object);

  async function find(): Promise<boolean> {
    try {
      if ((await apply(availability, native, [anyPair])) === 'unavailable') return false;
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
