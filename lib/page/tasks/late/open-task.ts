import type { State } from '../../language-model/interfaces.ts';
import { ask } from '../../language-model/late/ask.ts';
import { platform } from '../../language-model/late/platform.ts';
import { anyOf } from '../../language-model/late/signals.ts';
import { createStream } from '../../language-model/late/stream.ts';
import type { TaskMold } from './create-task.ts';

interface Begun {
  params: string;
  signal: AbortSignal;
}

/** An object of a task API as a page gets it. `about`: fields in JSON that each of its calls has. `also` destroys it too, with its reason. */
export function openTask(mold: TaskMold, values: Record<string, unknown>, about: string, also: AbortSignal | undefined): object {
  const { calls, name, ours, checkActive } = mold;
  // By index: what destructuring goes by a page may have replaced.
  const { 0: operation = '', 2: measuring = '', 3: streaming = '' } = mold.operations;
  const { abort, abortReason, dictionary, exception, isAborted, make, quote, SafeAbortController, signalOf, string } = platform;
  const readOptions = dictionary({ ...('sharedContext' in values && { 'context?': string }), 'signal?': platform.signal });
  const life = new SafeAbortController();
  const destroyed = anyOf(signalOf(life), also);

  const state = {
    __proto__: null,
    ...values,
    kind: name,
    async [operation](given: IArguments) {
      const { params, signal } = begin(given);
      let text = '';
      const { result } = await ask(calls, 'task.run', params, signal, (chunk) => {
        text += chunk;
      });
      return result ?? text;
    },
    [streaming](given: IArguments) {
      const begun = begin(given);
      const reader = new SafeAbortController();
      const signal = anyOf(begun.signal, signalOf(reader));
      return createStream(
        signal,
        () => abort(reader),
        async (say) => void (await ask(calls, 'task.run', begun.params, signal, (chunk) => chunk && say(chunk))),
      );
    },
    async [measuring](given: IArguments) {
      const { params, signal } = begin(given);
      return (await ask(calls, 'task.measure', params, signal)).usage;
    },
    destroy() {
      abort(life, exception({ name: 'AbortError', message: `The ${name} was destroyed.` }));
    },
  };
  return make(ours, state as unknown as State, {});

  /** What every call with an input begins with, in the order of the standard. */
  function begin({ length, 0: given, 1: more }: IArguments): Begun {
    if (length < 1) throw exception({ name: 'TypeError', message: 'The input is missing.' });
    const input = string(given, 'input');
    const { context, signal: own } = readOptions(more, 'options') as { context?: string; signal?: AbortSignal };
    checkActive();
    const signal = anyOf(destroyed, own);
    if (isAborted(signal)) throw abortReason(signal);
    const said = context === undefined ? '' : `,"context":${quote(context)}`;
    return { params: `{${about},"input":${quote(input)}${said}}`, signal };
  }
}
