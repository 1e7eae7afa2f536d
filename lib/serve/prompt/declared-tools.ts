import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { Tool } from '../../protocol/request.ts';
import { PromptFailure } from './failure.ts';
import type { Options } from './read.ts';

/** The tools of a session in our own words. Throws TypeError for declarations that make no sense. */
export function declaredTools({ tools, expectedOutputs }: Options): Tool[] {
  const isRunHere = tools.some(({ execute }) => execute);
  if (isRunHere && !tools.every(({ execute }) => execute)) refuse('Either every tool has execute or none.');
  if (tools.length > 0 && !isRunHere && !expectedOutputs.some(({ type }) => type === 'tool-call')) {
    refuse('Tools without execute need { type: "tool-call" } among expectedOutputs.');
  }
  const names = new Set<string>();
  return tools.map(({ name, description, inputSchema }) => {
    if (name === '') refuse('A tool has no name.');
    if (description === '') refuse(`The tool ${name} has no description.`);
    if (names.has(name)) refuse(`There are two tools named ${name}.`);
    names.add(name);
    return { name, description, parameters: schemaOf(name, JSON.parse(inputSchema) as JsonValue) };
  });
}

function schemaOf(name: string, schema: JsonValue): JsonObject {
  if (!isObject(schema) || schema.type !== 'object') refuse(`The inputSchema of ${name} needs type: "object".`);
  const { properties, required } = schema;
  if (properties !== undefined && !isObject(properties) && !Array.isArray(properties)) refuse(`The properties of ${name} are no object.`);
  if (required !== undefined && !Array.isArray(required)) refuse(`What is required of ${name} is no list.`);
  return schema;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(message: string): never {
  throw new PromptFailure('TypeError', message);
}
