import * as z from 'zod/mini';
import type { ChatRequest, Tool } from '../../protocol/request.ts';
import type { Asked } from '../../router/router.ts';
import { defined } from '../params/defined.ts';
import { refuseField } from '../params/read-params.ts';
import { jsonObject, modelId } from '../params/schemas.ts';
import { bodyReader } from './body-reader.ts';
import { answerCount, generationFields, generationOptions } from './options.ts';
import { chatParameters, notCarried } from './parameters.ts';
import { openAiMessage, readMessages } from './read-messages.ts';
import { chosenTools, type ToolWish, toolName } from './tool-choice.ts';

const readBody = bodyReader(() =>
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
      z.union([
        z.enum(['auto', 'none', 'required']),
        z.discriminatedUnion('type', [
          z.object({ type: z.literal('function'), function: z.object({ name: toolName }) }),
          z.object({
            type: z.literal('allowed_tools'),
            allowed_tools: z.object({
              mode: z.enum(['auto', 'required']),
              tools: z.array(z.object({ type: z.literal('function'), function: z.object({ name: toolName }) })),
            }),
          }),
        ]),
      ]),
    ),
    parallel_tool_calls: z.optional(z.boolean()),
    logprobs: z.optional(z.boolean()),
    top_logprobs: z.optional(z.int().check(z.minimum(0), z.maximum(20))),
    n: answerCount(),
    modalities: z.optional(z.array(z.literal('text'))),
    ...notCarried(chatParameters),
  }),
);

/** A body of `/v1/chat/completions` as a chat request. Fields that could name an address, a key or a route are not taken. */
export function readOpenAiChat(params: unknown): Asked<ChatRequest> {
  const body = readBody(params);
  if (body.top_logprobs !== undefined && !body.logprobs) refuseField('top_logprobs', 'needs logprobs to be true');
  return {
    messages: readMessages(body.messages),
    ...generationOptions(body, body.max_completion_tokens ?? body.max_tokens),
    ...defined({
      model: body.model,
      ...chosenTools(
        body.tools?.map(({ function: tool }) => readTool(tool)),
        readChoice(body.tool_choice),
      ),
      parallelToolCalls: body.parallel_tool_calls,
      logprobs: body.logprobs ? { top: body.top_logprobs ?? 0 } : undefined,
    }),
  };
}

type Body = ReturnType<typeof readBody>;

function readChoice(choice: Body['tool_choice']): ToolWish {
  if (choice === undefined || typeof choice === 'string') return choice;
  if (choice.type === 'function') return { name: choice.function.name };
  const { mode, tools } = choice.allowed_tools;
  return { mode, allowed: tools.map(({ function: { name } }) => name) };
}

function readTool({ name, description, parameters, strict }: NonNullable<Body['tools']>[number]['function']): Tool {
  return {
    name,
    ...defined({
      description: description ?? undefined,
      parameters: parameters ?? undefined,
      strict: strict ?? undefined,
    }),
  };
}
