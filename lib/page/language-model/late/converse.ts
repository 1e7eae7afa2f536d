import type { Calls } from '../../calls.ts';
import type { CalledTool } from '../tools.ts';
import { ask, type Piece } from './ask.ts';
import { write } from './encode.ts';
import { forget, type Memory, remember, writeMemory } from './memory.ts';
import { platform } from './platform.ts';
import { type Functions, runTools } from './run-tools.ts';

/** A model that does not stop calling tools is stopped. */
const maxRounds = 20;

/** One call of a session at work. */
export interface Conversing {
  calls: Calls;
  memory: Memory;
  /** Where the events of the session are fired. */
  target: EventTarget;
  signal: AbortSignal;
  /** The functions of tools that are run here; absent where the page answers the model's calls itself. */
  functions: Functions | undefined;
}

/**
 * Has the model answer messages (JSON, without brackets), running the session's tools until it needs none; resolves with
 * the calls that the page has to answer. The turn is remembered at the very end: what fails or is aborted leaves the
 * session as it was, but for the turns that had to be dropped for it.
 */
export async function prompt(
  conversing: Conversing,
  messages: string,
  constraint: string,
  say: (text: string) => unknown,
): Promise<CalledTool[]> {
  for (let round = 0; round < maxRounds; round++) {
    let text = '';
    const end = await askWith(conversing, 'run', messages, constraint, (chunk) => {
      text += chunk;
      return say(chunk);
    });
    const { called = [], more = [] } = end;
    messages += `,${answerMessage(text, more)}`;
    if (called.length === 0 || !conversing.functions) {
      commit(conversing, messages, end);
      return called;
    }
    messages += `,${await runTools(conversing.functions, called)}`;
  }
  throw platform.exception({ name: 'UnknownError', message: 'The model went on calling tools and gave no answer.' });
}

/** Makes messages part of the session without an answer. */
export async function append(conversing: Conversing, messages: string): Promise<void> {
  const end = await askWith(conversing, 'append', messages, 'null');
  // Without contents there is nothing to remember.
  if (end.tokens) commit(conversing, messages, end);
}

async function askWith(
  conversing: Conversing,
  method: string,
  messages: string,
  constraint: string,
  say?: (text: string) => unknown,
): Promise<Piece> {
  const { calls, memory, signal, target } = conversing;
  const params = `{"memory":${writeMemory(memory)},"messages":[${messages}],"constraint":${constraint}}`;
  return await ask(calls, `prompt.${method}`, params, signal, (text, piece) => {
    if (piece?.overflow !== undefined) {
      forget(memory, piece.overflow, piece.usage as number);
      platform.dispatch(target, new platform.SafeEvent('contextoverflow'));
    }
    return text && say?.(text);
  });
}

function commit({ memory, signal }: Conversing, messages: string, { tokens, usage }: Piece): void {
  if (platform.isAborted(signal)) throw platform.abortReason(signal);
  remember(memory, messages, tokens as number, usage as number);
}

function answerMessage(text: string, more: object[]): string {
  let contents = write({ type: 'text', value: text });
  for (let index = 0; index < more.length; index++) contents += `,${write(more[index])}`;
  return `{"role":"assistant","content":[${contents}]}`;
}
