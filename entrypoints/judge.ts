import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { judge } from '../lib/serve/prompt/constraint/judge.ts';

/** Put beside a page whose constraint is to be decided, where that page cannot reach it (lib/serve/prompt/constraint/judge-in-frame.ts). */
export default defineUnlistedScript(() => {
  Object.assign(globalThis, { switchboardJudge: judge });
});
