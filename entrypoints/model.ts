import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { startLate } from '../lib/page/language-model/late/late.ts';
import { lateKey } from '../lib/page/language-model/late-key.ts';

/** The late part of LanguageModel, put into a page that makes a session (lib/serve/prompt/load.ts). */
export default defineUnlistedScript(() => {
  if (lateKey in window) (window as unknown as Record<string, typeof startLate>)[lateKey] = startLate;
});
