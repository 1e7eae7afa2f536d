import { toSwitchboardError } from '../../protocol/errors.ts';
import type { Message } from '../../protocol/message.ts';
import { estimateMessages } from '../../router/estimate.ts';
import type { Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';

/** Tokens of messages by the count of the backend, or by our estimate where it has none or does not answer. */
export async function measure(router: Router, messages: Message[], { caller, signal }: CallContext): Promise<number> {
  if (messages.every(isEmpty)) return 0;
  try {
    return await router.countTokens(caller, { messages }, signal);
  } catch (thrown) {
    const error = toSwitchboardError(thrown);
    if (error.code === 'aborted' || error.code === 'denied') throw error;
    return estimateMessages(messages);
  }
}

function isEmpty({ content }: Message): boolean {
  return content.every((item) => item.type === 'text' && item.text === '');
}
