import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { kit } from '../lib/backends/all.ts';

/** The backends, apart from the background that reads them when it needs one (lib/backends/load-kit.ts). */
export default defineUnlistedScript(() => {
  Object.assign(globalThis, { switchboardKit: kit });
});
