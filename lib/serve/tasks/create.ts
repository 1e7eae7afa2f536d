import type { Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';
import { PromptFailure } from '../prompt/failure.ts';
import { measure } from '../prompt/measure.ts';
import { checkFrame, needsModel } from './availability.ts';
import { isLanguage, languagesOf } from './languages.ts';
import type { TaskPiece } from './piece.ts';
import { readTaskCreate } from './read.ts';
import { inputShare, messagesOf } from './task.ts';

/**
 * Begins a task: asks a user who has just clicked where they have not agreed, loads the model where its backend loads,
 * and tells how long an input may be once everything else has its place.
 */
export async function* create(router: Router, params: unknown, context: CallContext): AsyncGenerator<TaskPiece[]> {
  const { caller, signal } = context;
  const { options, isClicked } = readTaskCreate(params);
  if (!languagesOf(options).every(isLanguage)) {
    throw new PromptFailure('NotSupportedError', 'One of the languages is none that a model could know.');
  }
  if (!needsModel(options)) {
    await checkFrame(router, caller);
    return yield [{ window: null, usage: 0 }];
  }

  if (!isClicked && (await router.queryAccess(caller)).state === 'prompt') {
    throw new PromptFailure('NotAllowedError', 'The user has to allow this first. Call create() from a click.');
  }
  const access = await router.requestAccess(caller, {}, signal);
  if (access.state !== 'granted') throw new PromptFailure('NotAllowedError', 'The user did not allow this site to use their model.');
  for await (const parts of router.load(caller, signal)) {
    for (const part of parts) if (part.type === 'loading' && part.progress !== undefined) yield [{ loaded: Math.min(part.progress, 1) }];
  }
  const window = await router.contextWindow(caller, signal);
  const overhead = await measure(router, messagesOf(options, { input: '' }), context);
  if (window !== undefined && overhead >= window) {
    throw new PromptFailure('QuotaExceededError', 'The shared context is longer than the model takes. Shorten it.', {
      requested: overhead + 1,
      quota: window,
    });
  }
  yield [{ window: window === undefined ? null : Math.max(1, Math.floor((window - overhead) * inputShare(options))), usage: overhead }];
}
