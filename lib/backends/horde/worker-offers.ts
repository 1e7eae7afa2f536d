import type { Offer } from '../backend.ts';
import type { HordeWorker } from './api.ts';
import { kudosFor100 } from './models.ts';

/** The workers that take requests now, the fastest first, with what each has: speed, length, models and their price. */
export function workerOffers(workers: HordeWorker[]): Offer[] {
  return workers
    .filter(({ online, maintenance_mode: isResting }) => online !== false && !isResting)
    .toSorted((one, other) => speedOf(other) - speedOf(one))
    .flatMap((worker) => (worker.id === undefined ? [] : [{ value: worker.id, name: worker.name ?? worker.id, detail: describe(worker) }]));
}

function describe(worker: HordeWorker): string {
  const { trusted, models = [], max_length: length, max_context_length: context = 2048 } = worker;
  return [
    ...(speedOf(worker) > 0 ? [`${speedOf(worker)} tokens/s`] : []),
    ...(trusted ? ['trusted'] : []),
    ...(length === undefined ? [] : [`answers up to ${length} of ${context} tokens`]),
    ...models.slice(0, 3).map((model) => `${model} for about ${Math.round(kudosFor100(model, context))} kudos per 100 tokens`),
  ].join(' · ');
}

function speedOf({ performance = '' }: HordeWorker): number {
  return Number.parseFloat(performance) || 0;
}
