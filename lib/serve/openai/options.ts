import * as z from 'zod/mini';
import { lazy } from '../../protocol/parse.ts';
import type { GenerationOptions, ResponseFormat, Sampling, Thinking } from '../../protocol/request.ts';
import { defined, definedOrNone } from '../params/defined.ts';
import { refuseField } from '../params/read-params.ts';
import { jsonValue } from '../params/schemas.ts';
import { mostAnswers } from './several.ts';

export const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

/** What the chat and the completion door have in common, by OpenAI's names and those that local servers added to them. */
export const generationFields = lazy(() => {
  const bounded = (least: number, most: number) => z.optional(z.number().check(z.minimum(least), z.maximum(most)));
  const count = (least: number, most: number) => z.optional(z.int().check(z.minimum(least), z.maximum(most)));
  const stopText = z.string().check(z.minLength(1), z.maxLength(1_000));

  return {
    temperature: bounded(0, 5),
    top_p: bounded(0, 1),
    top_k: count(-1, 1_000_000),
    min_p: bounded(0, 1),
    top_a: bounded(0, 1),
    typical_p: bounded(0, 1),
    repetition_penalty: bounded(0, 10),
    repeat_penalty: bounded(0, 10),
    presence_penalty: bounded(-2, 2),
    frequency_penalty: bounded(-2, 2),
    logit_bias: z.optional(z.record(z.string().check(z.regex(/^\d{1,9}$/)), z.number().check(z.minimum(-100), z.maximum(100)))),
    max_tokens: count(1, 10_000_000),
    stop: z.optional(z.union([stopText, z.array(stopText).check(z.maxLength(64))])),
    seed: z.optional(z.int()),
    response_format: z.optional(
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('text') }),
        z.object({ type: z.literal('json_object'), schema: z.optional(jsonValue) }),
        z.object({
          type: z.literal('json_schema'),
          json_schema: z.object({
            name: z.optional(z.string().check(z.maxLength(200))),
            description: z.optional(z.string()),
            schema: z.optional(jsonValue),
            strict: z.nullish(z.boolean()),
          }),
        }),
      ]),
    ),
    stream: z.optional(z.boolean()),
    stream_options: z.optional(z.object({ include_usage: z.nullish(z.boolean()) })),
    /** GBNF, as llama.cpp and KoboldCpp read it. */
    grammar: z.optional(z.string()),
    reasoning_effort: z.optional(z.enum(efforts)),
  };
});

export const answerCount = lazy(() => z.optional(z.int().check(z.minimum(1), z.maximum(mostAnswers))));

const generationSchema = lazy(() => z.object(generationFields()));

/** Those options in our own vocabulary. `maxOutputTokens` is for the door whose own name for it wins over `max_tokens`. */
export function generationOptions(
  body: z.infer<ReturnType<typeof generationSchema>>,
  maxOutputTokens = body.max_tokens,
): GenerationOptions {
  return defined({
    responseFormat: responseFormat(body),
    sampling: sampling(body),
    stop: typeof body.stop === 'string' ? [body.stop] : body.stop,
    seed: body.seed,
    maxOutputTokens,
    thinking: body.reasoning_effort && ({ effort: body.reasoning_effort === 'xhigh' ? 'max' : body.reasoning_effort } satisfies Thinking),
  });
}

function sampling(body: z.infer<ReturnType<typeof generationSchema>>): Sampling | undefined {
  if (body.logit_bias && Object.keys(body.logit_bias).length > 1_024) refuseField('logit_bias', 'is more than 1024 fields');
  return definedOrNone({
    temperature: body.temperature,
    topP: body.top_p,
    topK: body.top_k,
    minP: body.min_p,
    topA: body.top_a,
    typicalP: body.typical_p,
    repetitionPenalty: body.repetition_penalty ?? body.repeat_penalty,
    presencePenalty: body.presence_penalty,
    frequencyPenalty: body.frequency_penalty,
    logitBias: body.logit_bias,
  });
}

function responseFormat({ grammar, response_format: format }: z.infer<ReturnType<typeof generationSchema>>): ResponseFormat | undefined {
  if (grammar !== undefined) return { type: 'grammar', grammar };
  if (format === undefined || format.type === 'text') return undefined;
  if (format.type === 'json_object') return format.schema === undefined ? { type: 'json' } : { type: 'json-schema', schema: format.schema };
  const { schema, name, description, strict } = format.json_schema;
  if (schema === undefined) return { type: 'json' };
  return { type: 'json-schema', schema, ...defined({ name, description, strict: strict ?? undefined }) };
}
