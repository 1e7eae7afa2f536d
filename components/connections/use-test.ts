import { useSignal } from '@preact/signals';
import { request } from '../../lib/panel/background.ts';
import type { TestResult } from '../../lib/panel/methods.ts';
import { setHealth } from '../state/models.ts';
import type { ConnectionForm } from './form.ts';

export interface Test {
  result: TestResult | 'testing' | undefined;
  /** When what is saved was tried last, on this page. */
  doneAt: number | undefined;
  start(): Promise<void>;
}

/** Trying what a form holds. The result is shown for as long as the form still says what was tried. */
export function useTest(form: ConnectionForm): Test {
  const doneAt = useSignal<number | undefined>(undefined);
  const tested = useSignal<{ what: string; result: TestResult | 'testing' } | undefined>(undefined);
  const { connection } = form;

  async function start(): Promise<void> {
    const what = form.testable.value;
    const isSaved = connection !== undefined && !form.isChanged.value;
    tested.value = { what, result: 'testing' };
    try {
      const result = await request(
        'connections.test',
        isSaved ? { connectionId: connection.id } : { draft: form.draft(), secrets: form.secrets.value },
      );
      tested.value = { what, result };
      if (isSaved) doneAt.value = Date.now();
      if (result.models) form.models.value = result.models;
      if (isSaved) setHealth(connection.id, result.ok ? { state: 'ok' } : { state: 'bad', ...(result.error && { error: result.error }) });
    } catch (thrown) {
      tested.value = undefined;
      throw thrown;
    }
  }

  return { result: tested.value?.what === form.testable.value ? tested.value.result : undefined, doneAt: doneAt.value, start };
}
