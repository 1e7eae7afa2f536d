import type { ErrorCode } from '../../lib/protocol/errors.ts';
import type { PlainKey } from './t.ts';

/** What a button on a problem can do about it. */
export type Step = 'retry' | 'look' | 'connection' | 'key' | 'model' | 'newChat' | 'connect' | 'sites' | 'unlock' | 'reload';

interface ProblemText {
  what: PlainKey;
  next: PlainKey;
  /** The first is the one to try first. */
  steps: readonly Step[];
}

/** What happened and what to do next, for each way a call can fail. The error's own message is more exact, but English. */
export const problemText = {
  denied: { what: 'problemDenied', next: 'problemDeniedNext', steps: ['sites'] },
  'needs-user': { what: 'problemNeedsUser', next: 'problemNeedsUserNext', steps: ['sites'] },
  locked: { what: 'problemLocked', next: 'problemLockedNext', steps: ['unlock', 'retry'] },
  'unsupported-context': { what: 'problemContext', next: 'problemContextNext', steps: [] },
  'not-configured': { what: 'problemNotConfigured', next: 'problemNotConfiguredNext', steps: ['connect'] },
  'bad-request': { what: 'problemBadRequest', next: 'problemBadRequestNext', steps: ['retry', 'connection'] },
  'too-large': { what: 'problemTooLarge', next: 'problemTooLargeNext', steps: ['newChat'] },
  'not-supported': { what: 'problemNotSupported', next: 'problemNotSupportedNext', steps: ['model'] },
  'model-not-found': { what: 'problemNoModel', next: 'problemNoModelNext', steps: ['model', 'retry'] },
  unauthorized: { what: 'problemKey', next: 'problemKeyNext', steps: ['key', 'retry'] },
  'payment-required': { what: 'problemCredit', next: 'problemCreditNext', steps: ['retry', 'model'] },
  'rate-limited': { what: 'problemRate', next: 'problemRateNext', steps: ['retry', 'model'] },
  'budget-exceeded': { what: 'problemBudget', next: 'problemBudgetNext', steps: ['sites'] },
  'context-length': { what: 'problemContextLength', next: 'problemContextLengthNext', steps: ['newChat', 'model'] },
  'content-filter': { what: 'problemFilter', next: 'problemFilterNext', steps: ['retry', 'model'] },
  overloaded: { what: 'problemBusy', next: 'problemBusyNext', steps: ['retry', 'model'] },
  loading: { what: 'problemLoading', next: 'problemLoadingNext', steps: ['retry'] },
  unreachable: { what: 'problemUnreachable', next: 'problemUnreachableNext', steps: ['retry', 'look', 'connection'] },
  timeout: { what: 'problemTimeout', next: 'problemTimeoutNext', steps: ['retry', 'connection'] },
  interrupted: { what: 'problemInterrupted', next: 'problemInterruptedNext', steps: ['retry'] },
  'bad-response': { what: 'problemBadResponse', next: 'problemBadResponseNext', steps: ['retry', 'connection'] },
  'backend-error': { what: 'problemBackend', next: 'problemBackendNext', steps: ['retry', 'connection'] },
  aborted: { what: 'problemStopped', next: 'problemStoppedNext', steps: ['retry'] },
  gone: { what: 'problemGone', next: 'problemGoneNext', steps: ['reload'] },
  internal: { what: 'problemInternal', next: 'problemInternalNext', steps: ['retry'] },
} as const satisfies Record<ErrorCode, ProblemText>;

export const stepText = {
  retry: 'stepRetry',
  look: 'stepLook',
  connection: 'stepConnection',
  key: 'stepKey',
  model: 'stepModel',
  newChat: 'stepNewChat',
  connect: 'stepConnect',
  sites: 'stepSites',
  unlock: 'stepUnlock',
  reload: 'stepReload',
} as const satisfies Record<Step, PlainKey>;
