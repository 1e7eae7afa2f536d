import type { Message } from '../../protocol/message.ts';
import { estimateMessages } from '../../router/estimate.ts';
import type { Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';
import { PromptFailure } from '../prompt/failure.ts';
import { measure } from '../prompt/measure.ts';
import type { TaskInput } from './read.ts';

/** Tokens of an input with its context, by the backend's count. */
export async function weigh(router: Router, messages: Message[], { overhead }: TaskInput, context: CallContext): Promise<number> {
  return Math.max(1, (await measure(router, messages, context)) - overhead);
}

/** Throws QuotaExceededError for an input that is too long. Counted only where it is close: counting may be a request of its own. */
export async function checkQuota(router: Router, messages: Message[], input: TaskInput, context: CallContext): Promise<void> {
  const { quota } = input;
  if (quota === null || (estimateMessages(messages) - input.overhead) * 2 + 200 < quota) return;
  const requested = await weigh(router, messages, input, context);
  if (requested > quota) throw tooLong(requested, quota);
}

export function tooLong(requested: number, quota: number): PromptFailure {
  return new PromptFailure('QuotaExceededError', 'The input is longer than inputQuota. Give it in parts.', { requested, quota });
}
