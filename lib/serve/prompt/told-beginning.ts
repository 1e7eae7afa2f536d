import type { Message } from '../../protocol/message.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import type { Asked } from '../../router/router.ts';
import { isRefusal } from './asking.ts';
import { beginningOf, tell } from './tell.ts';
import type { AskEngine } from './told-tools.ts';

/**
 * Has an answer go on from where the page began it, also where the backend only knows answers from their start: then
 * the model is told how to begin, and what it repeats is left out.
 */
export async function* askBegun(ask: AskEngine, request: Asked<ChatRequest>): AsyncGenerator<Part[]> {
  const beginning = beginningOf(request.messages);
  if (beginning === '') return yield* ask(request);
  let hasAnswered = false;
  try {
    for await (const parts of ask(request)) {
      hasAnswered = true;
      yield parts;
    }
  } catch (thrown) {
    if (hasAnswered || !isRefusal(thrown)) throw thrown;
    yield* without(beginning, ask({ ...request, messages: toldToBegin(request.messages, beginning) }));
  }
}

function toldToBegin(messages: Message[], beginning: string): Message[] {
  return tell(messages.slice(0, -1), `Begin your answer with exactly this text, and go on from there:\n${beginning}`);
}

/** Holds back what may be the repeated beginning, until it is one or is none. */
async function* without(beginning: string, answer: AsyncIterable<Part[]>): AsyncGenerator<Part[]> {
  let held: string | undefined = '';
  for await (const parts of answer) {
    const passed: Part[] = [];
    for (const part of parts) {
      if (held === undefined || (part.type !== 'text' && part.type !== 'end')) {
        passed.push(part);
        continue;
      }
      if (part.type === 'text') held += part.text;
      const start: string = held.trimStart();
      const isOpen: boolean = part.type === 'text' && start.length < beginning.length && beginning.startsWith(start);
      if (isOpen) continue;
      const text: string = start.startsWith(beginning) ? start.slice(beginning.length) : held;
      if (text !== '') passed.push({ type: 'text', text });
      if (part.type === 'end') passed.push(part);
      held = undefined;
    }
    if (passed.length > 0) yield passed;
  }
}
