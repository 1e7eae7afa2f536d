import { SwitchboardError } from '../../../protocol/errors.ts';
import type { JsonObject } from '../../../protocol/json.ts';
import type { ChatRequest, CountRequest, ResponseFormat } from '../../../protocol/request.ts';
import { toldFormat } from '../../openai-shaped/told-format.ts';
import { effortsOf } from '../efforts.ts';
import { inputItems } from './input.ts';

/**
 * The body of POST /responses. Nothing is stored at OpenAI; reasoning comes encrypted, to be sent back with the results
 * of tools. These models take no samplers.
 */
export function responsesBody(request: ChatRequest): JsonObject {
  const { model, messages, maxOutputTokens, responseFormat, extra } = request;
  const effort = request.thinking?.effort;
  return {
    model,
    input: inputItems(toldFormat({ messages, ...(responseFormat && { responseFormat }) }, { jsonMention: true })),
    stream: true,
    store: false,
    include: ['reasoning.encrypted_content'],
    reasoning: { summary: 'auto', ...(effort !== undefined && { effort: effortsOf(model, 'responses')[effort] ?? effort }) },
    ...(maxOutputTokens !== undefined && { max_output_tokens: maxOutputTokens }),
    ...(responseFormat && { text: { format: formatOf(responseFormat) } }),
    ...toolFields(request),
    ...extra,
  };
}

function formatOf(format: ResponseFormat): JsonObject {
  if (format.type === 'json') return { type: 'json_object' };
  if (format.type !== 'json-schema')
    throw new SwitchboardError('not-supported', "The user's model can hold an answer to a JSON schema, not to an expression or a grammar.");
  const { name = 'answer', schema, description, strict } = format;
  return {
    type: 'json_schema',
    name,
    schema,
    ...(description !== undefined && { description }),
    ...(strict !== undefined && { strict }),
  };
}

/** The body of POST /responses/input_tokens. */
export function countBody(request: CountRequest): JsonObject {
  const { model } = request;
  if ('text' in request) return { model, input: request.text };
  return { model, input: inputItems(request.messages), ...toolFields(request) };
}

/** Here a tool is strict unless told, and must have parameters. */
function toolFields({ tools, toolChoice, parallelToolCalls }: Pick<ChatRequest, 'tools' | 'toolChoice' | 'parallelToolCalls'>): JsonObject {
  if (!tools?.length) return {};
  return {
    tools: tools.map(({ name, description, parameters, strict = false }) => ({
      type: 'function',
      name,
      ...(description !== undefined && { description }),
      parameters: parameters ?? { type: 'object', properties: {} },
      strict,
    })),
    ...(typeof toolChoice === 'string' && { tool_choice: toolChoice }),
    ...(typeof toolChoice === 'object' && { tool_choice: { type: 'function', name: toolChoice.name } }),
    ...(parallelToolCalls !== undefined && { parallel_tool_calls: parallelToolCalls }),
  };
}
