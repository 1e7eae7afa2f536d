import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { createPromptMethods } from '../lib/serve/prompt/methods.ts';
import type { StandardCode } from '../lib/serve/standard-code.ts';
import { createTaskMethods } from '../lib/serve/tasks/methods.ts';

/** The background's half of LanguageModel and the task APIs (lib/serve/standard-code.ts). */
export default defineUnlistedScript(() => {
  Object.assign(globalThis, { switchboardStandard: { createPromptMethods, createTaskMethods } satisfies StandardCode });
});
