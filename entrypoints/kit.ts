import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { kit } from '../lib/backends/all.ts';
import { kitEvent } from '../lib/backends/load-kit.ts';
import { createChatRunner } from '../lib/chats/runner.ts';
import { createModelWorker } from '../lib/model-work/runner.ts';
import { createConsent } from '../lib/permissions/consent.ts';
import { createPools } from '../lib/router/pool/pools.ts';
import { questionContent } from '../lib/router/question-content.ts';
import { createCallMethods } from '../lib/serve/calls/call-methods.ts';
import type { LateCode } from '../lib/serve/late-code.ts';
import { doors } from '../lib/serve/late-doors.ts';

/** The backends, and whatever else the background reads only when it needs it (lib/backends/load-kit.ts, lib/serve/late-code.ts). */
export default defineUnlistedScript(() => {
  Object.assign(globalThis, {
    switchboardKit: kit,
    switchboardLate: {
      doors,
      createCallMethods,
      createPools,
      createChatRunner,
      createConsent,
      createModelWorker,
      questionContent,
    } satisfies LateCode,
  });
  dispatchEvent(new Event(kitEvent));
});
