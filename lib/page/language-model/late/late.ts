import type { Callback } from '../../read-options.ts';
import { createTask, type TaskMold } from '../../tasks/late/create-task.ts';
import type { Asked } from '../../tasks/options.ts';
import type { Ground } from '../ground.ts';
import type { Handled } from '../interfaces.ts';
import type { CreateOptions, Tool } from '../options.ts';
import { ask } from './ask.ts';
import { encode, write } from './encode.ts';
import { platform, standOn } from './platform.ts';
import { createProgress } from './progress.ts';
import { exposeQuotaError } from './quota-error.ts';
import type { Functions } from './run-tools.ts';
import { openSession, type SessionMeans } from './sessions.ts';

/** Makes sessions, and objects of the task APIs, for `create`, whose options are read and whose monitor is called already. */
export interface Late {
  createSession(means: SessionMeans, asked: CreateOptions, monitor: EventTarget | undefined): Promise<object>;
  createTask(mold: TaskMold, asked: Asked, monitor: EventTarget | undefined): Promise<object>;
}

/** What a LanguageModel holds. The operations take the arguments as the page gave them. */
export interface Session extends Handled {
  kind: 'LanguageModel';
  samplingMode: string;
  readonly contextUsage: number;
  readonly contextWindow: number;
  prompt(given: IArguments): Promise<unknown>;
  promptStreaming(given: IArguments): ReadableStream;
  append(given: IArguments): Promise<void>;
  measureContextUsage(given: IArguments): Promise<number>;
  clone(given: IArguments): Promise<object>;
  destroy(): void;
}

/** The late part of LanguageModel, standing on what the page script kept. */
export function startLate(scope: object, ground: Ground): Late {
  standOn(ground);
  exposeQuotaError(scope);
  return { createSession, createTask: (mold, asked, monitor) => createTask(scope as Window, mold, asked, monitor) };
}

/** Asks the user where they have not agreed yet. */
async function createSession(means: SessionMeans, asked: CreateOptions, monitor: EventTarget | undefined): Promise<object> {
  const { signal, initialPrompts = [], samplingMode = 'balanced', expectedInputs = [], expectedOutputs = [], tools = [] } = asked;
  if (signal && platform.isAborted(signal)) throw platform.abortReason(signal);
  const progress = createProgress(monitor, signal);
  const functions = takeFunctions(tools);
  const types = { __proto__: null, text: true } as unknown as Record<string, true>;
  for (let index = 0; index < expectedInputs.length; index++) types[(expectedInputs[index] as (typeof expectedInputs)[number]).type] = true;
  const accepts = (type: string) => type in types;
  const options = write({ expectedInputs, expectedOutputs, samplingMode, tools });
  const initial = initialPrompts.length > 0 ? await encode(initialPrompts, accepts) : '';

  const params = `{"options":${options},"initial":[${initial}]}`;
  const { window, usage = 0 } = await ask(
    means.calls,
    'prompt.create',
    params,
    signal,
    (_, piece) => piece?.loaded !== undefined && progress.tell(piece.loaded),
  );
  await progress.finish();
  const memory = { options, initial, turns: undefined, usage, window: window ?? Infinity };
  return openSession(means, { memory, samplingMode, accepts, functions }, signal);
}

/** The tools' functions by name, if they have any. What is left can be written. */
function takeFunctions(tools: Tool[]): Functions | undefined {
  let functions: Functions | undefined;
  for (let index = 0; index < tools.length; index++) {
    const tool = tools[index] as Tool;
    if (!tool.execute) continue;
    functions ??= { __proto__: null } as unknown as Functions;
    functions[tool.name] = tool.execute;
    // For the background, which sees that there was one.
    tool.execute = true as unknown as Callback;
  }
  return functions;
}
