import type { Calls } from '../calls.ts';
import { descriptorOf } from '../primordials.ts';
import type { Callback } from '../read-options.ts';
import { exposeTasks } from '../tasks/tasks.ts';
import { constructors, refuse } from './errors.ts';
import { exposeLanguageModel } from './language-model.ts';
import { createLoader } from './load.ts';
import { exposeMonitor } from './monitor.ts';
import { replaceNative } from './native.ts';
import { apply } from './platform.ts';
import { exposeTools } from './tools.ts';

/**
 * Gives a window the Prompt API and the task APIs of the Web Machine Learning group, answered by the user's model. The browser's own stays
 * in charge where it works: see docs/decisions/language-model.md. To be called before any page script runs.
 */
export function installLanguageModel(scope: Window & typeof globalThis, calls: Calls): void {
  if (!scope.isSecureContext) return;
  const { featurePolicy } = scope.document as { featurePolicy?: { allowsFeature(name: string): boolean } };
  const allowsFeature = featurePolicy?.allowsFeature.bind(featurePolicy);
  const isClosed = descriptorOf(scope, 'closed')?.get as Callback;
  const { QuotaExceededError } = scope as unknown as typeof constructors;
  if (QuotaExceededError) constructors.QuotaExceededError = QuotaExceededError;
  const means = {
    calls,
    checkActive() {
      if (apply(isClosed, scope, [])) refuse('InvalidStateError', 'The document is not active.');
    },
    // A browser without the feature would say no to every page.
    isAllowed: (native: unknown, feature: string) => !native || !allowsFeature || allowsFeature(feature),
    load: createLoader(scope, calls),
  };
  let makeMonitor!: () => EventTarget;
  replaceNative(scope, (native) => {
    makeMonitor = exposeMonitor(scope);
    exposeLanguageModel(scope, { ...means, native, makeMonitor, makeCall: exposeTools(scope) });
  });
  exposeTasks(scope, { ...means, makeMonitor });
}
