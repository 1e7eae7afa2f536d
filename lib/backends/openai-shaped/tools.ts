import type { JsonObject } from '../../protocol/json.ts';
import type { ChatRequest, Tool } from '../../protocol/request.ts';
import type { Quirks } from './quirks.ts';

/** What a body says of tools. */
export function toolFields({ tools, toolChoice, parallelToolCalls }: ChatRequest, quirks: Quirks): JsonObject {
  const { noNamedTool, requiredTool = 'required', parallelTools = 'parallel_tool_calls' } = quirks;
  if (!tools?.length) return {};
  const named = typeof toolChoice === 'object' ? toolChoice.name : undefined;
  return {
    tools: toolList(named !== undefined && noNamedTool ? tools.filter(({ name }) => name === named) : tools, quirks.wholeTools),
    ...(typeof toolChoice === 'string' && { tool_choice: toolChoice === 'required' ? requiredTool : toolChoice }),
    ...(named !== undefined && { tool_choice: noNamedTool ? requiredTool : { type: 'function', function: { name: named } } }),
    ...(parallelToolCalls !== undefined && { [parallelTools]: parallelToolCalls }),
  };
}

/** `whole`: what must be there, if empty. */
export function toolList(tools: Tool[], whole?: Quirks['wholeTools']): JsonObject[] {
  return tools.map(({ name, description, parameters, strict }) => ({
    type: 'function',
    function: {
      name,
      ...(description !== undefined ? { description } : whole === 'described' && { description: '' }),
      ...(parameters !== undefined ? { parameters } : whole && { parameters: { type: 'object', properties: {} } }),
      ...(strict !== undefined && { strict }),
    },
  }));
}
