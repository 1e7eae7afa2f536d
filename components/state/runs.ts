import { computed, signal } from '@preact/signals';
import { request, subscribe } from '../../lib/panel/background.ts';
import type { Run } from '../../lib/router/router.ts';

/** The calls at work now, of every site and of the user's own chat. */
export const runs = signal<Run[]>([]);

/** The user's own run, for the queue and loading progress in the chat. */
export const ownRun = computed(() => runs.value.findLast((run) => run.origin === 'extension'));

export function runsOf(origin: string): Run[] {
  return runs.value.filter((run) => run.origin === origin);
}

/** Starts following; returns its undo. */
export function followRuns(): () => void {
  return subscribe('runs.watch', {}, (now) => {
    runs.value = now;
  });
}

/** Stops all that a site is doing. */
export async function stopSite(origin: string): Promise<void> {
  await request('runs.stop', { origin });
}
