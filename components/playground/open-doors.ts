import { announce } from '../../lib/page/announce.ts';
import type { Calls } from '../../lib/page/calls.ts';
import { toPageError } from '../../lib/page/errors.ts';
import { createInfo } from '../../lib/page/info.ts';
import { installLanguageModel } from '../../lib/page/language-model/install.ts';
import { startLate } from '../../lib/page/language-model/late/late.ts';
import { lateKey } from '../../lib/page/language-model/late-key.ts';
import { createProvider } from '../../lib/page/provider.ts';
import { openCalls } from '../../lib/panel/background.ts';

/**
 * Gives this page of ours the doors that every web page has, the same code, over the trusted port: the background takes its
 * calls for the user's own, so no grant is needed and none is used.
 */
export function openDoors(version: string): void {
  // The browser's own would stay in charge where it works; this page is about the user's models.
  for (const name of platformNames) Reflect.deleteProperty(window, name);
  const info = createInfo(version);
  const calls = withLatePart(openCalls(toPageError));
  installLanguageModel(window, calls);
  announce(window, createProvider(calls, window, info), info);
}

const platformNames = ['LanguageModel', 'Summarizer', 'Writer', 'Rewriter', 'Translator', 'LanguageDetector', 'Proofreader'];

/** The background puts the late part into web pages; this page has brought it. */
function withLatePart(calls: Calls): Calls {
  return {
    ...calls,
    async request(method, params, signal) {
      if (method !== 'prompt.load') return await calls.request(method, params, signal);
      Object.assign(window, { [lateKey]: startLate });
      return true;
    },
  };
}
