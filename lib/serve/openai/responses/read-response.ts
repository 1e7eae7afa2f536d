import * as z from 'zod/mini';
import type { ChatRequest, ResponseFormat, Tool } from '../../../protocol/request.ts';
import type { Asked } from '../../../router/router.ts';
import { defined, definedOrNone } from '../../params/defined.ts';
import { refuseField } from '../../params/read-params.ts';
import { jsonObject, modelId } from '../../params/schemas.ts';
import { bodyReader } from '../body-reader.ts';
import { efforts, generationFields } from '../options.ts';
import { notCarried, responseParameters } from '../parameters.ts';
import { chosenTools, type ToolWish, toolName } from '../tool-choice.ts';
import { readInput } from './read-input.ts';

const readBody = bodyReader(() => {
  const items = z.array(z.unknown()).check(z.maxLength(10_000));
  const { temperature, top_p, max_tokens, stream } = generationFields();
  const named = z.object({ type: z.literal('function'), name: toolName });
  return z.strictObject({
    model: z.optional(modelId),
    input: z.optional(z.union([z.string(), items])),
    instructions: z.optional(z.union([z.string(), items])),
    temperature,
    top_p,
    stream,
    max_output_tokens: max_tokens,
    top_logprobs: z.optional(z.int().check(z.minimum(0), z.maximum(20))),
    include: z.optional(z.array(z.string()).check(z.maxLength(32))),
    metadata: z.optional(jsonObject),
    parallel_tool_calls: z.optional(z.boolean()),
    reasoning: z.optional(z.object({ effort: z.nullish(z.enum(efforts)) })),
    text: z.optional(
      z.object({
        format: z.nullish(
          z.discriminatedUnion('type', [
            z.object({ type: z.enum(['text', 'json_object']) }),
            z.object({
              type: z.literal('json_schema'),
              name: z.string().check(z.maxLength(200)),
              schema: jsonObject,
              description: z.nullish(z.string()),
              strict: z.nullish(z.boolean()),
            }),
          ]),
        ),
      }),
    ),
    tools: z.optional(
      z
        .array(
          z.object({
            type: z.literal('function', 'should be "function": tools that OpenAI runs itself are not here'),
            name: toolName,
            description: z.nullish(z.string()),
            parameters: z.nullish(jsonObject),
            strict: z.nullish(z.boolean()),
          }),
        )
        .check(z.maxLength(256)),
    ),
    tool_choice: z.optional(
      z.union([
        z.enum(['auto', 'none', 'required']),
        z.discriminatedUnion('type', [
          named,
          z.object({ type: z.literal('allowed_tools'), mode: z.enum(['auto', 'required']), tools: z.array(named) }),
        ]),
      ]),
    ),
    ...notCarried(responseParameters),
    // Clients say so though it is what happens anyway.
    background: z.optional(z.literal(false, responseParameters.background.refused)),
  });
});

type Body = ReturnType<typeof readBody>;

/** A body of `/v1/responses` as a chat request. */
export function readOpenAiResponse(params: unknown): Asked<ChatRequest> {
  const body = readBody(params);
  const { input = [], instructions = [], include = [], temperature, top_p: topP } = body;
  const told = typeof instructions === 'string' ? [{ role: 'system', content: instructions }] : instructions;
  const messages = [...readInput(told, 'instructions'), ...readInput(input, 'input')];
  if (messages.length === 0) refuseField('input', 'is missing');
  const wantsLogprobs = body.top_logprobs !== undefined || include.includes('message.output_text.logprobs');
  return {
    messages,
    ...defined({
      model: body.model,
      responseFormat: readFormat(body.text?.format),
      sampling: definedOrNone({ temperature, topP }),
      maxOutputTokens: body.max_output_tokens,
      logprobs: wantsLogprobs ? { top: body.top_logprobs ?? 0 } : undefined,
      thinking: readEffort(body.reasoning?.effort),
      parallelToolCalls: body.parallel_tool_calls,
      ...chosenTools(body.tools?.map(readTool), readChoice(body.tool_choice)),
    }),
  };
}

function readEffort(effort: NonNullable<Body['reasoning']>['effort']): ChatRequest['thinking'] {
  return effort ? { effort: effort === 'xhigh' ? 'max' : effort } : undefined;
}

function readFormat(format: NonNullable<Body['text']>['format']): ResponseFormat | undefined {
  if (!format || format.type === 'text') return undefined;
  if (format.type === 'json_object') return { type: 'json' };
  const { name, schema, description, strict } = format as Extract<typeof format, { type: 'json_schema' }>;
  return { type: 'json-schema', schema, name, ...defined({ description: description ?? undefined, strict: strict ?? undefined }) };
}

/** Here a tool is strict unless it says otherwise. */
function readTool({ name, description, parameters, strict }: NonNullable<Body['tools']>[number]): Tool {
  return { name, ...defined({ description: description ?? undefined, parameters: parameters ?? undefined, strict: strict ?? undefined }) };
}

function readChoice(choice: Body['tool_choice']): ToolWish {
  if (choice === undefined || typeof choice === 'string') return choice;
  return choice.type === 'function' ? { name: choice.name } : { mode: choice.mode, allowed: choice.tools.map(({ name }) => name) };
}
