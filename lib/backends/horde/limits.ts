import { chosenModels, type HordeWorker, splitList } from './api.ts';

/** What workers can do; absent when none is known. */
export interface HordeLimits {
  maxLength?: number;
  maxContext?: number;
}

export interface WorkerChoice {
  workers?: string | undefined;
  /** The workers named are those to avoid. */
  avoidWorkers?: boolean | undefined;
  trustedWorkers?: boolean | undefined;
}

/**
 * The limits a request must keep for the chosen models: those of their weakest worker, so that any of them may take
 * it. For any model they are those of the strongest: the Horde finds a worker that fits.
 */
export function hordeLimits(workers: HordeWorker[], model: string, choice: WorkerChoice): HordeLimits {
  const models = chosenModels(model);
  const named = splitList(choice.workers);
  const fitting = workers.filter(
    (worker) =>
      worker.online !== false &&
      !worker.maintenance_mode &&
      (!choice.trustedWorkers || worker.trusted !== false) &&
      (models.length === 0 || worker.models?.some((name) => models.includes(name))) &&
      (named.length === 0 || named.includes(worker.id ?? '') !== (choice.avoidWorkers ?? false)),
  );
  const pick = models.length === 0 ? Math.max : Math.min;
  const lengths = fitting.flatMap((worker) => worker.max_length ?? []);
  const contexts = fitting.flatMap((worker) => worker.max_context_length ?? []);
  return { ...(lengths.length > 0 && { maxLength: pick(...lengths) }), ...(contexts.length > 0 && { maxContext: pick(...contexts) }) };
}
