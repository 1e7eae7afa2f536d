import { useSignal } from '@preact/signals';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';

/** Work that a form starts: whether it runs, and what became of it. One at a time. */
export function useWork() {
  const isBusy = useSignal(false);
  const problem = useSignal<ErrorData | undefined>(undefined);
  return {
    isBusy,
    problem,
    /** Resolves to whether it went well. */
    async run(work: () => Promise<unknown>): Promise<boolean> {
      if (isBusy.value) return false;
      isBusy.value = true;
      problem.value = undefined;
      try {
        await work();
        return true;
      } catch (thrown) {
        problem.value = errorData(toSwitchboardError(thrown));
        return false;
      } finally {
        isBusy.value = false;
      }
    },
  };
}
