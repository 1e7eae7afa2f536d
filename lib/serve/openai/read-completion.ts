import * as z from 'zod/mini';
import { lazy } from '../../protocol/parse.ts';
import type { TextRequest } from '../../protocol/request.ts';
import type { Asked } from '../../router/router.ts';
import { defined } from '../params/defined.ts';
import { readParams, refuseField } from '../params/read-params.ts';
import { modelId } from '../params/schemas.ts';
import { answerCount, generationFields, generationOptions, ignoredFields } from './options.ts';
import { withoutNulls } from './without-nulls.ts';

const schema = lazy(() =>
  z.strictObject({
    model: z.optional(modelId),
    prompt: z.union([z.string(), z.array(z.string()).check(z.length(1, 'one prompt at a time'))]),
    suffix: z.optional(z.string()),
    echo: z.optional(z.boolean()),
    ...generationFields(),
    logprobs: z.optional(z.int().check(z.minimum(0), z.maximum(20))),
    n: answerCount(),
    best_of: answerCount(),
    ...ignoredFields(),
  }),
);

/** A body of `/v1/completions` as a text request: one prompt, one answer. */
export function readOpenAiCompletion(params: unknown): Asked<TextRequest> {
  const body = readParams(schema(), withoutNulls(params));
  const prompt = typeof body.prompt === 'string' ? body.prompt : body.prompt[0];
  if (prompt === undefined) return refuseField('prompt', 'is missing');
  return {
    prompt: prompt.toWellFormed(),
    ...generationOptions(body),
    ...defined({
      model: body.model,
      suffix: body.suffix?.toWellFormed(),
      echo: body.echo,
      logprobs: body.logprobs === undefined ? undefined : { top: body.logprobs },
    }),
  };
}
