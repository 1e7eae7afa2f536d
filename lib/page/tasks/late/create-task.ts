import type { Calls } from '../../calls.ts';
import type { Interface } from '../../language-model/interfaces.ts';
import { ask } from '../../language-model/late/ask.ts';
import { write } from '../../language-model/late/encode.ts';
import { platform } from '../../language-model/late/platform.ts';
import { createProgress } from '../../language-model/late/progress.ts';
import type { Asked } from '../options.ts';
import { openTask } from './open-task.ts';

/** What objects of a task API are made of. */
export interface TaskMold {
  calls: Calls;
  /** Their class and its name. */
  ours: Interface;
  name: string;
  /** The names of what they do: the task itself, `destroy`, and where there are such measuring and streaming. */
  operations: string[];
  /** Their attributes, with what these tell where the page gave nothing. */
  defaults: Record<string, unknown>;
  /** Throws in a document that is gone. */
  checkActive(): void;
}

/** Makes an object of a task API; its options are read and its monitor is called already. Asks the user where they have not agreed yet. Only somebody who has just clicked
 * or typed is asked. */
export async function createTask(scope: Window, mold: TaskMold, asked: Asked, monitor: EventTarget | undefined): Promise<object> {
  const { calls, name, defaults } = mold;
  const { signal } = asked;
  if (signal && platform.isAborted(signal)) throw platform.abortReason(signal);
  const progress = createProgress(monitor, signal);
  delete asked.signal;
  delete asked.monitor;
  const options = write({ ...asked, task: name });
  const { window: quota = null, usage: overhead = 0 } = await ask(
    calls,
    'task.create',
    `{"options":${options},"isClicked":${!!scope.navigator.userActivation.isActive}}`,
    signal,
    (_, piece) => piece?.loaded !== undefined && progress.tell(piece.loaded),
  );
  await progress.finish();

  const values: Record<string, unknown> = { __proto__: null, ...defaults };
  for (const key in defaults) if (asked[key] !== undefined) values[key] = isEmpty(asked[key]) ? null : asked[key];
  if ('inputQuota' in values) values.inputQuota = quota ?? Infinity;
  return openTask(mold, values, `"options":${options},"overhead":${overhead},"quota":${quota}`, signal);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && (value as string[]).length === 0;
}
