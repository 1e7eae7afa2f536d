import { computed, signal } from '@preact/signals';
import { request, subscribe } from '../../lib/panel/background.ts';
import type { Subject } from '../../lib/permissions/grant.ts';
import type { Run } from '../../lib/router/router.ts';

/** The calls at work now, of every site and of the user's own chat. */
export const runs = signal<Run[]>([]);

/** The user's own run, for the queue and loading progress in the chat. */
export const ownRun = computed(() => runs.value.findLast((run) => run.origin === 'extension'));

/** Of a page and the frames in it; of a frame alone where the subject is one. */
export function runsOf({ origin, topOrigin, isPrivate = false }: Subject): Run[] {
  return runs.value.filter((run) => {
    if ((run.isPrivate ?? false) !== isPrivate) return false;
    if (topOrigin !== undefined) return run.origin === origin && run.topOrigin === topOrigin;
    return (run.topOrigin ?? run.origin) === origin;
  });
}

/** Starts following; returns its undo. */
export function followRuns(): () => void {
  return subscribe('runs.watch', {}, (now) => {
    runs.value = now;
  });
}

/** Stops all that a site is doing, the frames in it too. */
export async function stopSite(subject: Subject): Promise<void> {
  await Promise.all(runsOf(subject).map(({ id }) => stopRun(id)));
}

export async function stopRun(id: string): Promise<void> {
  await request('runs.stop', { id });
}
