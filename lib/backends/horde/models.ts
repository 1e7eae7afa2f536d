import type { ModelInfo } from '../../protocol/model.ts';
import { anyModel, type HordeModel, type HordeWorker } from './api.ts';
import { hordeLimits, type WorkerChoice } from './limits.ts';

/** Models that have workers now, most workers first, with their queue, speed and price; last, any model at all. */
export function hordeModels(models: HordeModel[], workers: HordeWorker[], choice: WorkerChoice): ModelInfo[] {
  const sorted = models.toSorted((a, b) => (b.count ?? 0) - (a.count ?? 0) || (b.performance ?? 0) - (a.performance ?? 0));
  return [
    ...sorted.map((model) => describe(model.name, workers, choice, (context) => facts(model, context))),
    describe(anyModel, workers, choice, () => 'Whichever worker is free first; its model and prompt format vary'),
  ];
}

function describe(name: string, workers: HordeWorker[], choice: WorkerChoice, tell: (context: number) => string): ModelInfo {
  const { maxContext, maxLength } = hordeLimits(workers, name, choice);
  return {
    id: name,
    name: name === anyModel ? 'Any model' : name.replace(/^\w+\//, ''),
    description: tell(maxContext ?? 2048),
    abilities: ['text'],
    ...(maxContext !== undefined && { contextWindow: maxContext }),
    ...(maxLength !== undefined && { maxOutputTokens: maxLength }),
  };
}

function facts({ name, count = 0, performance = 0, queued = 0, eta }: HordeModel, context: number): string {
  return [
    `${count} ${count === 1 ? 'worker' : 'workers'}`,
    `${Math.round(performance)} tokens/s`,
    `${Math.round(queued)} tokens queued`,
    // 10,000 is what the service says when it knows nothing.
    ...(eta !== undefined && eta < 10_000 ? [`about ${Math.round(eta)} s to wait`] : []),
    `about ${Math.round(kudosFor100(name, context))} kudos per 100 tokens`,
  ].join(' · ');
}

/** The service's own formula: billions of parameters, weighted by the context; a size it does not know counts as 1. */
export function kudosFor100(name: string, context: number): number {
  const billions = Number(/(\d+(?:\.\d+)?)b\b/i.exec(name)?.[1] ?? 1);
  return billions * Math.min(Math.max(1.2 + 2.2 ** Math.log2(context / 1024), 0.1), 30);
}
