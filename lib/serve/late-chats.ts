import type { ChatRunner, RunnerDeps } from '../chats/runner.ts';
import { lateCode } from './late-code.ts';

/** The user's own chats, in a background that carries none of their code until one is opened. */
export function lateChats(deps: RunnerDeps): ChatRunner {
  let runner: ChatRunner | undefined;
  const use = () => {
    runner ??= lateCode('createChatRunner')(deps);
    return runner;
  };
  return {
    send: (question) => use().send(question),
    retry: (chatId, target) => use().retry(chatId, target),
    edit: (chatId, turnId, text, target) => use().edit(chatId, turnId, text, target),
    stop: (chatId) => use().stop(chatId),
    watch: (chatId, listener) => use().watch(chatId, listener),
  };
}
