import * as z from 'zod/mini';
import type { TextRequest } from '../../protocol/request.ts';
import type { Asked } from '../../router/router.ts';
import { defined } from '../params/defined.ts';
import { refuseField } from '../params/read-params.ts';
import { modelId } from '../params/schemas.ts';
import { bodyReader } from './body-reader.ts';
import { answerCount, generationFields, generationOptions } from './options.ts';
import { notCarried, textParameters } from './parameters.ts';
import { mostAnswers } from './several.ts';

const text = z.string('should be text: token numbers mean something else to every model');

const readBody = bodyReader(() =>
  z.strictObject({
    model: z.optional(modelId),
    prompt: z.union([z.string(), z.array(text).check(z.minLength(1), z.maxLength(mostAnswers))]),
    suffix: z.optional(z.string()),
    echo: z.optional(z.boolean()),
    ...generationFields(),
    logprobs: z.optional(z.int().check(z.minimum(0), z.maximum(20))),
    n: answerCount(),
    best_of: z.optional(z.int()),
    ...notCarried(textParameters),
  }),
);

/** A body of `/v1/completions`: a text request for each prompt, and how many answers each is to have. */
export function readOpenAiCompletions(params: unknown): { requests: Asked<TextRequest>[]; answers: number } {
  const body = readBody(params);
  const { prompt, n = 1, best_of: best = n, echo, suffix, logprobs } = body;
  const prompts = typeof prompt === 'string' ? [prompt] : prompt;
  if (best !== n) refuseField('best_of', 'has to be n: every answer is returned');
  if (prompts.length * n > mostAnswers) refuseField('n', `asks for more than ${mostAnswers} answers together with the prompts`);
  const options = {
    ...generationOptions(body),
    ...defined({
      model: body.model,
      suffix: suffix?.toWellFormed(),
      echo,
      logprobs: logprobs === undefined ? undefined : { top: logprobs },
    }),
  };
  return { requests: prompts.map((prompt) => ({ prompt: prompt.toWellFormed(), ...options })), answers: n };
}
