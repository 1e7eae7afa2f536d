import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { Sampling, TextRequest } from '../../protocol/request.ts';
import { defined, within } from '../body.ts';
import { formatGrammar } from '../format-grammar.ts';
import { samplerFields } from '../openai-shaped/samplers.ts';
import { orderedBy } from '../sampler-order.ts';
import { koboldCppSamplers, koboldSamplersOf } from './samplers.ts';
import { isAtLeast } from './version.ts';

/**
 * The body of KoboldAI's POST /generate for an API version. KoboldAI Client (1.2.1) answers 422 to every field it does
 * not know and to every value out of range, so values move to the nearest it takes; a seed below zero means none.
 */
export function koboldAiBody(request: TextRequest, version: string): JsonObject {
  refuseSuffix(request);
  if (request.responseFormat) throw new SwitchboardError('not-supported', "The user's model server cannot hold an answer to a form.");
  const { sampling, seed, stop, extra } = orderedBy('number', request);
  const hasStops = isAtLeast(version, '1.2.2');
  return {
    ...defined({
      prompt: request.prompt,
      max_length: within(request.maxOutputTokens, 1, hasStops ? Number.MAX_SAFE_INTEGER : 512),
      max_context_length: hasStops ? request.contextWindow : within(request.contextWindow, 512, 2048),
      sampler_seed: seed !== undefined && seed >= 0 ? seed : undefined,
      stop_sequence: hasStops && stop?.length ? stop : undefined,
    }),
    ...Object.fromEntries(
      Object.entries(samplerFields(sampling, koboldSamplersOf(version))).map(([name, value]) => [name, inRange(name, value)]),
    ),
    ...extra,
  };
}

function inRange(name: string, value: JsonObject[string]): JsonObject[string] {
  const [least, most] = ranges[name] ?? [];
  return typeof value === 'number' && least !== undefined ? Math.min(Math.max(value, least), most ?? Number.POSITIVE_INFINITY) : value;
}

/** What KoboldAI takes. A temperature of zero is refused; the least here picks the likeliest token. */
const ranges: Record<string, [least: number, most?: number]> = {
  temperature: [0.01],
  top_p: [0, 1],
  top_k: [0],
  top_a: [0],
  typical: [0, 1],
  tfs: [0, 1],
  rep_pen: [1],
  rep_pen_range: [0],
  rep_pen_slope: [0],
};

/** The body of KoboldCpp's own generate routes. `genkey` names the run, so that it can be stopped and nobody else's. */
export function koboldCppBody(request: TextRequest, genkey: string): JsonObject {
  refuseSuffix(request);
  const { sampling, seed, stop, responseFormat, extra } = orderedBy('number', request);
  return {
    ...defined({
      prompt: request.prompt,
      max_length: request.maxOutputTokens,
      max_context_length: request.contextWindow,
      sampler_seed: seed,
      stop_sequence: stop?.length ? stop : undefined,
      // Off by default before 1.80: the answer would end with the stop text.
      trim_stop: stop?.length ? true : undefined,
      grammar: responseFormat && formatGrammar(responseFormat),
    }),
    ...samplerFields(sampling && atLeastOne(sampling), koboldCppSamplers),
    ...extra,
    genkey,
  };
}

/** A penalty below 1 is outside of what KoboldCpp says it takes. */
function atLeastOne(sampling: Sampling): Sampling {
  const { repetitionPenalty } = sampling;
  return repetitionPenalty === undefined ? sampling : { ...sampling, repetitionPenalty: Math.max(1, repetitionPenalty) };
}

function refuseSuffix({ suffix }: TextRequest): void {
  if (suffix !== undefined) throw new SwitchboardError('not-supported', "The user's model server cannot fill in the middle of a text.");
}
