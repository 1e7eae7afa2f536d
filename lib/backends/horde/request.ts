import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { Sampling, TextRequest } from '../../protocol/request.ts';
import { defined, within } from '../body.ts';
import type { SamplerNames } from '../openai-shaped/samplers.ts';
import { chosenModels, splitList } from './api.ts';
import type { HordeLimits, WorkerChoice } from './limits.ts';

export interface HordeSettings extends WorkerChoice {
  maxOutputTokens?: number | undefined;
  /** False: only quick workers, for kudos paid in advance. */
  slowWorkers?: boolean | undefined;
  /** A request too long for the kudos at hand is shortened instead of refused. */
  allowDowngrade?: boolean | undefined;
}

/** The body of POST /generate/text/async, with lengths lowered to what the workers can do. */
export function hordeBody(request: TextRequest, settings: HordeSettings, limits: HordeLimits): JsonObject {
  // A NUL is refused by the service, and no model has a token for it.
  const prompt = request.prompt.replaceAll('\0', '');
  if (prompt === '') throw new SwitchboardError('bad-request', 'The AI Horde does not answer an empty prompt. Send some text.');
  const maxLength = lowered(request.maxOutputTokens ?? settings.maxOutputTokens ?? usualLength, limits.maxLength);
  const workers = splitList(settings.workers);
  return {
    prompt,
    params: {
      n: 1,
      max_length: maxLength,
      max_context_length: contextLength(prompt, maxLength, smaller(limits.maxContext, request.contextWindow)),
      ...samplingParams(request.sampling ?? {}),
      ...stopParams(request.stop ?? []),
    },
    models: chosenModels(request.model),
    ...(workers.length > 0 && { workers, ...(settings.avoidWorkers && { worker_blacklist: true }) }),
    ...defined({ trusted_workers: settings.trustedWorkers, slow_workers: settings.slowWorkers, allow_downgrade: settings.allowDowngrade }),
    ...request.extra,
  };
}

/** The service's own default, 80, cuts most answers short; above 256 kudos may be asked for in advance. */
const usualLength = 256;

const shortestLength = 16;
const longestLength = 4096;

function lowered(wanted: number, most = longestLength): number {
  return Math.max(shortestLength, Math.min(wanted, most));
}

/**
 * Room for this prompt, on the generous side (two bytes a token), not for the longest one: the price grows faster than
 * the context, and fewer workers offer a long one.
 */
function contextLength(prompt: string, maxLength: number, most = 2048): number {
  const bytes = new TextEncoder().encode(prompt).length;
  const wanted = Math.ceil((bytes / 2 + maxLength) / 1024) * 1024;
  return Math.max(maxLength, Math.min(Math.max(wanted, 2048), most));
}

function smaller(one: number | undefined, other: number | undefined): number | undefined {
  return one !== undefined && other !== undefined ? Math.min(one, other) : (one ?? other);
}

/** Names and ranges of the samplers; values outside are refused, so they are moved inside. */
const samplers: [keyof Sampling, string, number, number][] = [
  ['temperature', 'temperature', 0, 5],
  ['topP', 'top_p', 0.001, 1],
  ['topK', 'top_k', 0, 100],
  ['topA', 'top_a', 0, 1],
  ['minP', 'min_p', 0, 1],
  ['typicalP', 'typical', 0, 1],
  ['tailFree', 'tfs', 0, 1],
  ['repetitionPenalty', 'rep_pen', 1, 3],
  ['repetitionRange', 'rep_pen_range', 0, 4096],
  ['repetitionSlope', 'rep_pen_slope', 0, 10],
];

/** The names of `params`; values are moved into range. */
export const hordeSamplers: SamplerNames = {
  ...Object.fromEntries(samplers.map(([from, to]) => [from, to])),
  'dynamicTemperature.range': 'dynatemp_range',
  'dynamicTemperature.exponent': 'dynatemp_exponent',
  'smoothing.factor': 'smoothing_factor',
  samplerOrder: 'sampler_order',
  banEos: 'use_default_badwordsids',
};

function samplingParams(sampling: Sampling): JsonObject {
  const { dynamicTemperature, smoothing, samplerOrder, banEos } = sampling;
  const order = samplerOrder?.filter((id) => typeof id === 'number');
  return defined({
    ...Object.fromEntries(samplers.map(([from, to, least, most]) => [to, within(sampling[from] as number | undefined, least, most)])),
    dynatemp_range: within(dynamicTemperature?.range, 0, 5),
    dynatemp_exponent: within(dynamicTemperature?.exponent, 0, 5),
    smoothing_factor: within(smoothing?.factor, 0, 10),
    // An order must name all seven samplers.
    sampler_order: order && new Set(order).size >= 7 ? order : undefined,
    use_default_badwordsids: banEos,
  });
}

/** As many stops as the service takes; the text is cut at all of them on our side in any case. */
function stopParams(stop: string[]): JsonObject {
  let length = 0;
  const fitting = [...new Set(stop)].slice(0, 128).filter((text) => {
    length += text.length;
    return text !== '' && length <= 2000;
  });
  return fitting.length > 0 ? { stop_sequence: fitting } : {};
}
