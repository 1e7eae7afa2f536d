import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { Sampling, TextRequest } from '../../protocol/request.ts';
import { defined, within } from '../body.ts';
import type { SamplerNames } from '../openai-shaped/samplers.ts';

export interface StoryOptions {
  maxLength: number;
  /** Writing style, as the service calls its prefixes; absent: its plain one, or instructions where the text holds some. */
  module?: string | undefined;
  /** Go on past the limit to the end of the sentence. */
  finishSentence?: boolean | undefined;
}

/** The body of /ai/generate-stream. Stops are not in it: they would have to be numbers of the model's own tokens. */
export function storyBody(request: TextRequest, { maxLength, module, finishSentence }: StoryOptions): JsonObject {
  if (request.prompt.trim() === '') throw new SwitchboardError('bad-request', 'NovelAI does not continue an empty text. Send some.');
  return {
    input: startMarks(request.model) + request.prompt,
    model: request.model,
    parameters: {
      // Text in and out; the other form is numbers of tokens.
      use_string: true,
      max_length: maxLength,
      min_length: 1,
      prefix: module || (hasInstruction(request.prompt) ? 'special_instruct' : 'vanilla'),
      ...(finishSentence && { generate_until_sentence: true }),
      ...againstSceneBreaks(request.model),
      ...samplingParameters(request.sampling ?? {}),
      ...request.extra,
    },
  };
}

/** Erato is a model of the Llama 3 family, whose texts begin so. */
function startMarks(model: string): string {
  return model.includes('erato') ? '<|startoftext|><|reserved_special_token81|>' : '';
}

/**
 * These models end scenes in rows of stars and remarks in brackets unless they are kept from it, as NovelAI's own page
 * and the clients written for it do. The numbers are the tokens of `***` and its like.
 */
function againstSceneBreaks(model: string): JsonObject {
  const tokens = /kayra|clio/.test(model) ? [21, 23] : model.includes('erato') ? [12_488, 128_041] : [];
  if (tokens.length === 0) return {};
  const logit_bias_exp = tokens.map((token) => ({
    sequence: [token],
    bias: -0.08,
    ensure_sequence_finish: false,
    generate_once: false,
  }));
  return { bracket_ban: true, logit_bias_exp };
}

/** NovelAI's users write instructions in braces, as the last thing of their text. */
function hasInstruction(prompt: string): boolean {
  return prompt.slice(-1500).includes('}');
}

/** Names and ranges of the samplers. A range or slope of 0 means "off" to a caller and breaks the service: left out. */
const samplers: [keyof Sampling, string, number, number][] = [
  ['temperature', 'temperature', 0.1, 100],
  ['topK', 'top_k', 0, Number.MAX_SAFE_INTEGER],
  ['topP', 'top_p', 0, 1],
  ['topA', 'top_a', 0, 1],
  ['minP', 'min_p', 0, 1],
  ['typicalP', 'typical_p', 0, 1],
  ['tailFree', 'tail_free_sampling', 0, 1],
  ['repetitionPenalty', 'repetition_penalty', 1, Number.MAX_SAFE_INTEGER],
  ['repetitionRange', 'repetition_penalty_range', 0, 8192],
  ['repetitionSlope', 'repetition_penalty_slope', 0, 10],
  ['frequencyPenalty', 'repetition_penalty_frequency', -2, 2],
  ['presencePenalty', 'repetition_penalty_presence', -2, 2],
];

/** The names of `parameters`; values are moved into range. */
export const storySamplers: SamplerNames = {
  ...Object.fromEntries(samplers.map(([from, to]) => [from, to])),
  'mirostat.tau': 'mirostat_tau',
  'mirostat.eta': 'mirostat_lr',
  samplerOrder: 'order',
};

function samplingParameters({ mirostat, samplerOrder, ...sampling }: Sampling): JsonObject {
  const fields = samplers.map(([from, to, least, most]) => {
    const value = within(sampling[from as keyof typeof sampling] as number | undefined, least, most);
    return [to, value === 0 && to.startsWith('repetition_penalty_') ? undefined : value] as const;
  });
  return defined({
    ...Object.fromEntries(fields),
    ...(mirostat?.mode && { mirostat_tau: mirostat.tau, mirostat_lr: within(mirostat.eta, 0, 1) }),
    order: samplerOrder?.every((id) => typeof id === 'number') ? samplerOrder : undefined,
  });
}
