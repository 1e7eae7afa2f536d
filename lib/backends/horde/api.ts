/** What is read of the Horde's answers; fields a node leaves out are undefined. */
export interface HordeStatus {
  done?: boolean;
  faulted?: boolean;
  is_possible?: boolean;
  queue_position?: number;
  wait_time?: number;
  generations?: { text?: string; model?: string; state?: 'ok' | 'censored' | 'csam' }[];
}

export interface HordeModel {
  name: string;
  count?: number;
  performance?: number;
  queued?: number;
  eta?: number;
}

export interface HordeWorker {
  id?: string;
  name?: string;
  /** `7.4 tokens per second` */
  performance?: string;
  trusted?: boolean;
  online?: boolean;
  maintenance_mode?: boolean;
  models?: string[];
  max_length?: number;
  max_context_length?: number;
}

export interface HordeUser {
  username?: string;
  kudos?: number;
  concurrency?: number;
}

/** The key with which anybody may ask, at the lowest priority. */
export const anonymousKey = '0000000000';

/** Stands for "whichever model answers first" in the list of models. */
export const anyModel = 'any';

/** A choice of models: one, several with commas between, or none for any. */
export function chosenModels(model: string): string[] {
  if (model === anyModel) return [];
  return model.split(',').flatMap((name) => name.trim() || []);
}

/** Ids as people write them in a text field. */
export function splitList(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter(Boolean);
}
