import * as z from 'zod/mini';
import { lazy } from '../../protocol/parse.ts';
import type { ChatRequest, Tool } from '../../protocol/request.ts';
import type { Asked } from '../../router/router.ts';
import { defined } from '../params/defined.ts';
import { readParams, refuseField } from '../params/read-params.ts';
import { jsonObject, modelId } from '../params/schemas.ts';
import { answerCount, generationFields, generationOptions, ignoredFields } from './options.ts';
import { openAiMessage, readMessages } from './read-messages.ts';
import { withoutNulls } from './without-nulls.ts';

const toolName = z.string().check(z.minLength(1), z.maxLength(128), z.regex(/^[\w.:-]+$/));

const schema = lazy(() =>
  z.strictObject({
    model: z.optional(modelId),
    messages: z.array(openAiMessage()).check(z.minLength(1), z.maxLength(10_000)),
    ...generationFields(),
    max_completion_tokens: generationFields().max_tokens,
    tools: z.optional(
      z
        .array(
          z.object({
            type: z.literal('function'),
            function: z.object({
              name: toolName,
              description: z.nullish(z.string()),
              parameters: z.nullish(jsonObject),
              strict: z.nullish(z.boolean()),
            }),
          }),
        )
        .check(z.maxLength(256)),
    ),
    tool_choice: z.optional(
      z.union([z.enum(['auto', 'none', 'required']), z.object({ type: z.literal('function'), function: z.object({ name: toolName }) })]),
    ),
    parallel_tool_calls: z.optional(z.boolean()),
    logprobs: z.optional(z.boolean()),
    top_logprobs: z.optional(z.int().check(z.minimum(0), z.maximum(20))),
    n: answerCount(),
    modalities: z.optional(z.array(z.literal('text'))),
    ...ignoredFields(),
    prediction: z.optional(z.unknown()),
    verbosity: z.optional(z.unknown()),
  }),
);

/** A body of `/v1/chat/completions` as a chat request. Fields that could name an address, a key or a route are not taken. */
export function readOpenAiChat(params: unknown): Asked<ChatRequest> {
  const body = readParams(schema(), withoutNulls(params));
  if (body.top_logprobs !== undefined && !body.logprobs) refuseField('top_logprobs', 'needs logprobs to be true');
  return {
    messages: readMessages(body.messages),
    ...generationOptions(body, body.max_completion_tokens ?? body.max_tokens),
    ...defined({
      model: body.model,
      tools: body.tools?.map(({ function: tool }) => readTool(tool)),
      toolChoice: typeof body.tool_choice === 'object' ? { name: body.tool_choice.function.name } : body.tool_choice,
      parallelToolCalls: body.parallel_tool_calls,
      logprobs: body.logprobs ? { top: body.top_logprobs ?? 0 } : undefined,
    }),
  };
}

type OpenAiTool = NonNullable<z.infer<ReturnType<typeof schema>>['tools']>[number]['function'];

function readTool({ name, description, parameters, strict }: OpenAiTool): Tool {
  return {
    name,
    ...defined({
      description: description ?? undefined,
      parameters: parameters ?? undefined,
      strict: strict ?? undefined,
    }),
  };
}
