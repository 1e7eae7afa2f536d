import type { Calls } from '../calls.ts';
import { descriptorOf } from '../primordials.ts';
import { constructors, refuse } from './errors.ts';
import { exposeLanguageModel } from './language-model.ts';
import { createLoader } from './load.ts';
import { exposeMonitor } from './monitor.ts';
import { replaceNative } from './native.ts';
import { apply } from './platform.ts';
import { exposeTools } from './tools.ts';
import type { Callback } from './webidl.ts';

/**
 * Gives a window the Prompt API of the Web Machine Learning group, answered by the user's model. The browser's own stays
 * in charge where it works: see docs/decisions/language-model.md. To be called before any page script runs.
 */
export function installLanguageModel(scope: Window & typeof globalThis, calls: Calls): void {
  if (!scope.isSecureContext) return;
  const { featurePolicy } = scope.document as { featurePolicy?: { allowsFeature(name: string): boolean } };
  const isClosed = descriptorOf(scope, 'closed')?.get as Callback;
  const { QuotaExceededError } = scope as unknown as typeof constructors;
  if (QuotaExceededError) constructors.QuotaExceededError = QuotaExceededError;
  replaceNative(scope, (native) =>
    exposeLanguageModel(scope, {
      calls,
      native,
      checkActive() {
        if (apply(isClosed, scope, [])) refuse('InvalidStateError', 'The document is not active.');
      },
      // A browser without the feature would say no to every page.
      isAllowed: native && featurePolicy ? featurePolicy.allowsFeature.bind(featurePolicy, 'language-model') : () => true,
      makeMonitor: exposeMonitor(scope),
      makeCall: exposeTools(scope),
      load: createLoader(scope, calls),
    }),
  );
}
