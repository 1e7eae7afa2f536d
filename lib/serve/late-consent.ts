import type { Consent } from '../permissions/consent.ts';
import { means } from '../permissions/means.ts';
import { putQuestion } from '../permissions/question.ts';
import type { Describe } from '../router/question-content.ts';
import { lateCode } from './late-code.ts';

/** The consent queue in a background that carries none of its code: asking is rare, and needs the backends anyway. */
export function lateConsent(): Consent {
  let made: Consent | undefined;
  const use = () => {
    made ??= lateCode('createConsent')(means);
    return made;
  };
  // A question whose background died cannot be answered any more; the window that shows it says so.
  void putQuestion(undefined).catch(() => {});
  return { ask: (request, signal) => use().ask(request, signal), decide: (answer) => use().decide(answer) };
}

/** What makes the questions; it comes with the queue. */
export const describe: Describe = (...asked) => lateCode('questionContent')(...asked);
