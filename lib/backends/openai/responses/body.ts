import { SwitchboardError } from '../../../protocol/errors.ts';
import type { JsonObject } from '../../../protocol/json.ts';
import type { ChatRequest, CountRequest, ResponseFormat, Thinking } from '../../../protocol/request.ts';
import { type SamplerNames, samplerFields } from '../../openai-shaped/samplers.ts';
import { toldFormat } from '../../openai-shaped/told-format.ts';
import { effortsOf } from '../efforts.ts';
import { inputItems } from './input.ts';

/** In what the services that have this API differ. */
export interface ResponsesDialect {
  systemRole: 'developer' | 'system';
  /** The field of that name, from what the caller wishes; undefined leaves it out. */
  reasoning(model: string, thinking: Thinking | undefined): JsonObject | undefined;
  samplers: SamplerNames;
  takesSeed?: true;
}

/** OpenAI's own: its models that reason take no samplers. */
export const openAiDialect: ResponsesDialect = {
  systemRole: 'developer',
  reasoning: (model, thinking) => {
    const effort = thinking?.effort;
    return { summary: 'auto', ...(effort !== undefined && { effort: effortsOf(model, 'responses')[effort] ?? effort }) };
  },
  samplers: {},
};

/** The body of POST /responses. Nothing is stored there; reasoning comes encrypted, to be sent back with the results of tools. */
export function responsesBody(request: ChatRequest, dialect: ResponsesDialect): JsonObject {
  const { model, messages, maxOutputTokens, responseFormat, sampling, seed, extra } = request;
  const reasoning = dialect.reasoning(model, request.thinking);
  return {
    model,
    input: inputItems(toldFormat({ messages, ...(responseFormat && { responseFormat }) }, { jsonMention: true }), dialect.systemRole),
    stream: true,
    store: false,
    include: ['reasoning.encrypted_content'],
    ...(reasoning && { reasoning }),
    ...samplerFields(sampling, dialect.samplers),
    ...(seed !== undefined && dialect.takesSeed && { seed }),
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
