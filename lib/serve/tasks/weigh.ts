import type { Message } from '../../protocol/message.ts';
import type { Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';
import { PromptFailure } from '../prompt/failure.ts';
import { measure } from '../prompt/measure.ts';
import type { TaskInput } from './read.ts';

/** Tokens of an input with its context, by the backend's count. */
export async function weigh(router: Router, messages: Message[], { overhead }: TaskInput, context: CallContext): Promise<number> {
  return Math.max(1, (await measure(router, messages, context)) - overhead);
}

/** Marks around the context, and the name of a language. */
const besideInput = 100;

/**
 * Throws QuotaExceededError for an input that is too long. Counting may be a request of its own, so it is done only where
 * it could be: no tokenizer makes more tokens than there are bytes.
 */
export async function checkQuota(router: Router, messages: Message[], input: TaskInput, context: CallContext): Promise<void> {
  const { quota } = input;
  if (quota === null || new TextEncoder().encode(input.input + input.context).length + besideInput < quota) return;
  const requested = await weigh(router, messages, input, context);
  if (requested > quota) throw tooLong(requested, quota);
}

export function tooLong(requested: number, quota: number): PromptFailure {
  return new PromptFailure('QuotaExceededError', 'The input is longer than inputQuota. Give it in parts.', { requested, quota });
}
