import { useKit } from '../backends/registry.ts';
import type { createChatRunner } from '../chats/runner.ts';
import type { createModelWorker } from '../model-work/runner.ts';
import type { createConsent } from '../permissions/consent.ts';
import { refusal } from '../protocol/page-errors.ts';
import type { createPools } from '../router/pool/pools.ts';
import type { questionContent } from '../router/question-content.ts';
import type { createCallMethods } from './calls/call-methods.ts';
import type { doors } from './late-doors.ts';

/**
 * What the background carries no code of until a call needs it: it comes with the backends, which every call needs
 * anyway (lib/backends/load-kit.ts). entrypoints/kit.ts puts it there.
 */
export interface LateCode {
  doors: typeof doors;
  createCallMethods: typeof createCallMethods;
  createPools: typeof createPools;
  createChatRunner: typeof createChatRunner;
  createConsent: typeof createConsent;
  createModelWorker: typeof createModelWorker;
  questionContent: typeof questionContent;
}

/** One entry of the late code, read now if it was not yet. Throws `internal` where the script is missing. */
export function lateCode<Name extends keyof LateCode>(name: Name): LateCode[Name] {
  useKit();
  const { switchboardLate } = globalThis as unknown as { switchboardLate?: LateCode };
  if (!switchboardLate) throw refusal('internal');
  return switchboardLate[name];
}
