import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { openLanguages } from '../lib/serve/tasks/detect/open-languages.ts';

/** What languages look like: two megabytes that are read when a page first asks for it (lib/serve/tasks/detect/load-languages.ts). */
export default defineUnlistedScript(() => {
  Object.assign(globalThis, { switchboardLanguages: openLanguages() });
});
