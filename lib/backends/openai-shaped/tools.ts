import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { ChatRequest, Tool } from '../../protocol/request.ts';
import type { Quirks } from './quirks.ts';
import { isObject } from './wire.ts';

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
  const isDescribed = whole === 'described' || whole === 'typed';
  return tools.map(({ name, description, parameters, strict }) => ({
    type: 'function',
    function: {
      name,
      ...(description !== undefined ? { description } : isDescribed && { description: '' }),
      ...(parameters !== undefined
        ? { parameters: whole ? withType(whole === 'typed' ? typed(parameters) : parameters) : parameters }
        : whole && { parameters: { type: 'object', properties: {} } }),
      ...(strict !== undefined && { strict }),
    },
  }));
}

/** Parameters are an object, also where the schema does not say so. */
function withType(parameters: JsonObject): JsonObject {
  return parameters.type === undefined ? { type: 'object', ...parameters } : parameters;
}

/** The same parameters with `properties`, each of which says its type. */
function typed(parameters: JsonObject): JsonObject {
  const properties = isObject(parameters.properties) ? (parameters.properties as JsonObject) : {};
  const all = Object.entries(properties).map(([name, value]) => {
    const schema = isObject(value) ? (value as JsonObject) : {};
    return [name, schema.type === undefined ? { type: typeOf(schema), ...schema } : schema];
  });
  return { ...parameters, properties: Object.fromEntries(all) };
}

/** The type of the values a schema names, or any. */
function typeOf({ const: only, enum: values }: JsonObject): JsonValue {
  const value = only ?? (Array.isArray(values) ? values[0] : undefined);
  if (value === undefined) return ['string', 'number', 'boolean', 'object', 'array', 'null'];
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
