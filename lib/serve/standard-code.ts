import { lateScript } from './late-script.ts';
import type { createPromptMethods } from './prompt/methods.ts';
import type { createTaskMethods } from './tasks/methods.ts';

/** The background's half of LanguageModel and of the task APIs. */
export interface StandardCode {
  createPromptMethods: typeof createPromptMethods;
  createTaskMethods: typeof createTaskMethods;
}

/**
 * A script of its own, read when a page first uses one of them: a fifth of the late code, which Firefox would otherwise
 * read at each start (entrypoints/standard.ts).
 */
const script = lateScript<StandardCode>('/standard.js', 'switchboardStandard');

export const keepStandardCode = script.keep;

export function standardCode<Name extends keyof StandardCode>(name: Name): StandardCode[Name] | Promise<StandardCode[Name]> {
  const code = script.read();
  return code instanceof Promise ? code.then((read) => read[name]) : code[name];
}
