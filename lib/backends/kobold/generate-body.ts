import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { ResponseFormat, TextRequest } from '../../protocol/request.ts';
import { defined } from '../body.ts';
import { regexGrammar } from '../openai-shaped/regex-grammar.ts';
import { samplerFields } from '../openai-shaped/samplers.ts';
import { koboldCppSamplers, koboldSamplers } from './samplers.ts';
import { isAtLeast } from './version.ts';

/**
 * The body of KoboldAI's POST /generate for an API version. KoboldAI Client (1.2.1) answers 422 to every field it does
 * not know, so only what that version has is sent; a seed below zero and a temperature of zero are refused by all.
 */
export function koboldAiBody(request: TextRequest, version: string): JsonObject {
  const { temperature, ...sampling } = request.sampling ?? {};
  return {
    ...defined({
      prompt: request.prompt,
      max_length: request.maxOutputTokens,
      temperature: temperature === undefined ? undefined : Math.max(temperature, coldest),
      sampler_seed: request.seed !== undefined && request.seed >= 0 ? request.seed : undefined,
      stop_sequence: isAtLeast(version, '1.2.2') && request.stop?.length ? request.stop : undefined,
    }),
    ...samplerFields(sampling, koboldSamplers),
    ...request.extra,
  };
}

/** KoboldAI takes temperatures above zero only; this one picks the likeliest token. */
const coldest = 0.01;

/** The body of KoboldCpp's own generate routes. `genkey` names the run, so that it can be stopped and nobody else's. */
export function koboldCppBody(request: TextRequest, genkey: string): JsonObject {
  return {
    ...defined({
      prompt: request.prompt,
      max_length: request.maxOutputTokens,
      sampler_seed: request.seed,
      stop_sequence: request.stop?.length ? request.stop : undefined,
      // Off by default before 1.80: the answer would end with the stop text.
      trim_stop: request.stop?.length ? true : undefined,
      grammar: request.responseFormat && grammarOf(request.responseFormat),
      logprobs: request.logprobs && true,
      genkey,
    }),
    ...samplerFields(request.sampling, koboldCppSamplers),
    ...request.extra,
  };
}

/** `grammar` takes GBNF in every version and the text of a JSON schema in newer ones. */
function grammarOf(format: ResponseFormat): string {
  switch (format.type) {
    case 'grammar':
      return format.grammar;
    case 'regex':
      return regexGrammar(format.pattern, format.flags);
    case 'json':
      return JSON.stringify({ type: 'object' });
    case 'json-schema':
      return JSON.stringify(format.schema);
    default:
      throw new SwitchboardError('not-supported', "The user's model server cannot hold an answer to that form.");
  }
}
