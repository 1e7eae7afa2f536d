import type { Caller } from '../../router/caller.ts';
import type { Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';
import type { Availability } from '../prompt/availability.ts';
import { isLanguage, isSameLanguage, languagesOf } from './languages.ts';
import { readTaskOptions, type TaskOptions } from './read.ts';

/** What a page may know before it creates anything. What needs a model is before consent the same for every page and user. */
export async function availability(router: Router, params: unknown, { caller }: CallContext): Promise<Availability> {
  const options = readTaskOptions(params);
  if (!languagesOf(options).every(isLanguage)) return 'unavailable';
  if (!needsModel(options)) {
    await checkFrame(router, caller);
    return 'available';
  }
  const { state } = await router.queryAccess(caller);
  if (state === 'prompt') return 'downloadable';
  return state === 'granted' ? 'available' : 'unavailable';
}

/** Languages are told apart by our own list, and what is in the language already is translated. */
export function needsModel(options: TaskOptions): options is Exclude<TaskOptions, { task: 'LanguageDetector' }> {
  if (options.task === 'Translator') return !isSameLanguage(options.sourceLanguage, options.targetLanguage);
  return options.task !== 'LanguageDetector';
}

/** A frame of another origin has only what its page handed on, also where nobody has to be asked. Throws `unsupported-context`. */
export async function checkFrame(router: Router, caller: Caller): Promise<void> {
  if (caller.role === 'site' && caller.topOrigin !== undefined) await router.queryAccess(caller);
}
