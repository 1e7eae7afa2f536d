import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { tellLanguages } from '../lib/serve/tasks/detect/tell-languages.ts';

/** What languages look like: a megabyte that is read when a page first asks for it (lib/serve/tasks/detect/load-languages.ts). */
export default defineUnlistedScript(() => {
  Object.assign(globalThis, { switchboardLanguages: tellLanguages });
});
