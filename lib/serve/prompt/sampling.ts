import type { Sampling } from '../../protocol/request.ts';
import type { Options } from './read.ts';

/** How freely a model chooses its words, by the names of the Prompt API. `balanced` is the backend's own way. */
export function samplingOf({ samplingMode }: Options): { sampling?: Sampling } {
  const sampling = table[samplingMode];
  return sampling ? { sampling } : {};
}

const table: Record<Options['samplingMode'], Sampling | undefined> = {
  'most-predictable': { temperature: 0 },
  predictable: { temperature: 0.3 },
  'slightly-predictable': { temperature: 0.5 },
  balanced: undefined,
  'slightly-creative': { temperature: 0.9 },
  creative: { temperature: 1.1 },
  'most-creative': { temperature: 1.3 },
};
