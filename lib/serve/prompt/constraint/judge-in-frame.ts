import { browser } from 'wxt/browser';
import { refusal } from '../../../protocol/page-errors.ts';
import { orAborted } from '../../../router/or-aborted.ts';
import type { CallContext } from '../../method.ts';
import { PromptFailure } from '../failure.ts';
import { judge, type Question, type Verdict } from './judge.ts';

/** Where questions are decided. */
export type Judge = (question: Question, context: CallContext) => Promise<Verdict>;

/** The script of entrypoints/judge.ts. */
const script = '/judge.js';

/** An honest constraint is decided in a millisecond. */
const patienceMs = 10_000;

/**
 * Decides in the frame that asked, apart from its scripts. What takes for ever there holds up that page, which chose it;
 * in the background it would hold up every other page and the user. Our own pages ask as the user, and on the spot.
 */
export const judgeInFrame: Judge = async (question, { caller, signal }) => {
  const verdict = caller.role === 'extension' ? judge(question) : await orAborted(inTime(ask(caller, question)), signal);
  if (verdict.isUndecidable) throw new PromptFailure('NotSupportedError', 'The responseConstraint cannot be decided.');
  return verdict;
};

async function ask({ tabId, frameId }: { tabId: number; frameId: number }, question: Question): Promise<Verdict> {
  const target = { tabId, frameIds: [frameId] };
  const decide = async () => {
    const [ran] = await browser.scripting.executeScript({ target, func: decideHere, args: [question] });
    return ran?.result as Verdict | null | undefined;
  };
  try {
    const verdict = await decide();
    if (verdict) return verdict;
    await browser.scripting.executeScript({ target, files: [script] });
    return (await decide()) ?? { isUndecidable: true };
  } catch {
    throw refusal('unsupported-context');
  }
}

/** Runs in the frame. Nothing where the script is not there yet. */
function decideHere(question: Question): Verdict | null {
  const { switchboardJudge } = globalThis as { switchboardJudge?: typeof judge };
  return switchboardJudge ? switchboardJudge(question) : null;
}

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new PromptFailure('NotSupportedError', 'The responseConstraint takes too long to decide. Use a simpler one.')),
    patienceMs,
  );
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
