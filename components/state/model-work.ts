import { signal } from '@preact/signals';
import type { ModelWork } from '../../lib/model-work/model-work.ts';
import { subscribe } from '../../lib/panel/background.ts';

/** What servers are loading or getting now, and what failed. The background does it, whichever page is open. */
export const modelWork = signal<readonly ModelWork[]>([]);

/** Starts following; returns its undo. */
export function followModelWork(): () => void {
  return subscribe('models.work', {}, (all) => {
    modelWork.value = all;
  });
}

export function workOn(connectionId: string): readonly ModelWork[] {
  return modelWork.value.filter((work) => work.connectionId === connectionId);
}
