import type { Calls } from '../../calls.ts';
import type { Interface } from '../interfaces.ts';
import type { CalledTool } from '../tools.ts';
import { ask } from './ask.ts';
import { type Constraint, readConstraint } from './constraint.ts';
import { append as appendTo, type Conversing, prompt as promptTo } from './converse.ts';
import { type Accepts, encode, write } from './encode.ts';
import { enqueue, type Queue } from './enqueue.ts';
import type { Session } from './late.ts';
import { type Memory, writeMemory } from './memory.ts';
import { platform } from './platform.ts';
import type { Functions } from './run-tools.ts';
import { anyOf } from './signals.ts';
import { createStream } from './stream.ts';

/** What sessions of a window share. */
export interface SessionMeans {
  calls: Calls;
  /** The class they are objects of. */
  ours: Interface;
  /** Throws in a document that is gone. */
  checkActive(): void;
  makeCall(call: CalledTool): object;
}

/** What a session begins with. */
export interface Opening {
  memory: Memory;
  samplingMode: string;
  accepts: Accepts;
  functions: Functions | undefined;
}

interface Begun extends Conversing {
  messages: Promise<string>;
  constraint: string;
}

/** A LanguageModel as a page gets it. `also` destroys it too, with its reason. */
export function openSession(means: SessionMeans, { memory, samplingMode, accepts, functions }: Opening, also?: AbortSignal): object {
  const { calls, ours, checkActive, makeCall } = means;
  const { append, SafeAbortController, abort, abortReason, exception, isAborted, signalOf } = platform;
  const { boolean, dictionary, readers, signal: readSignal } = platform;
  const { prompt: readPrompt } = readers();
  const readSignalOptions = dictionary({ 'signal?': readSignal });
  const readPromptOptions = dictionary({
    'omitResponseConstraintInput?': boolean,
    'responseConstraint?': readConstraint,
    'signal?': readSignal,
  });
  const life = new SafeAbortController();
  const destroyed = anyOf(signalOf(life), also);
  const queue: Queue = { idle: undefined };

  const session: Session = {
    kind: 'LanguageModel',
    handler: null,
    samplingMode,
    get contextUsage() {
      return memory.usage;
    },
    get contextWindow() {
      return memory.window;
    },
    async prompt(given) {
      const begun = begin(given, 'prompt');
      return await enqueue(queue, begun.signal, begun.messages, (messages) => answer(begun, messages));
    },
    promptStreaming(given) {
      return stream(begin(given, 'promptStreaming'));
    },
    append(given) {
      const begun = begin(given, 'append');
      return enqueue(queue, begun.signal, begun.messages, (messages) => appendTo(begun, messages));
    },
    async measureContextUsage(given) {
      const { messages, constraint, signal } = begin(given, 'measureContextUsage');
      const params = `{"memory":${writeMemory(memory)},"messages":[${await messages}],"constraint":${constraint}}`;
      return (await ask(calls, 'prompt.measure', params, signal)).usage as number;
    },
    async clone({ 0: options }) {
      const { signal } = readSignalOptions(options, 'options');
      check(signal);
      await undefined;
      check(signal);
      return openSession(means, { memory: { ...memory }, samplingMode, accepts, functions });
    },
    destroy() {
      abort(life, exception({ name: 'InvalidStateError', message: 'The session was destroyed.' }));
    },
  };
  const target = platform.make(ours, session) as EventTarget;
  return target;

  /** What every call with messages begins with, in the order of the standard. */
  function begin({ length, 0: given, 1: more }: IArguments, operation: string): Begun {
    if (length < 1) refuse('TypeError', 'The input is missing.');
    const input = readPrompt(given, 'input');
    const options = (operation === 'append' ? readSignalOptions : readPromptOptions)(more, 'options');
    const { signal, responseConstraint, omitResponseConstraintInput = false } = options as Partial<ReturnType<typeof readPromptOptions>>;
    check(signal);
    if (omitResponseConstraintInput && !responseConstraint) refuse('TypeError', 'omitResponseConstraintInput needs a responseConstraint.');
    return {
      calls,
      memory,
      functions,
      target,
      signal: anyOf(destroyed, signal),
      messages: encode(input, accepts),
      constraint: write(
        responseConstraint
          ? { ...(responseConstraint as Constraint), isTold: !omitResponseConstraintInput, isLive: operation === 'promptStreaming' }
          : null,
      ),
    };
  }

  function check(signal: AbortSignal | undefined): void {
    checkActive();
    if (signal && isAborted(signal)) throw abortReason(signal);
    if (isAborted(destroyed)) throw abortReason(destroyed);
  }

  /** The text, or a list of contents where the page has calls to answer. */
  async function answer(begun: Begun, messages: string): Promise<unknown> {
    let text = '';
    const called = await promptTo(begun, messages, begun.constraint, (chunk) => {
      text += chunk;
    });
    if (called.length === 0) return text;
    const contents: object[] = [];
    if (text !== '') append(contents, { type: 'text', value: text });
    for (let index = 0; index < called.length; index++) append(contents, toContent(called[index] as CalledTool));
    return contents;
  }

  function stream(begun: Begun): ReadableStream {
    const reader = new SafeAbortController();
    const signal = anyOf(begun.signal, signalOf(reader));
    return createStream(
      signal,
      () => abort(reader),
      (say) =>
        enqueue(queue, signal, begun.messages, async (messages) => {
          const called = await promptTo({ ...begun, signal }, messages, begun.constraint, say);
          for (let index = 0; index < called.length; index++) await say(toContent(called[index] as CalledTool));
        }),
    );
  }

  function toContent(call: CalledTool): object {
    return { type: 'tool-call', value: makeCall(call) };
  }

  function refuse(name: string, message: string): never {
    throw exception({ name, message });
  }
}
