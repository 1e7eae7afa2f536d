import type { Convert } from '../webidl.ts';
import { platform } from './platform.ts';

/** What an answer is held to: a regular expression, or a JSON schema as JSON in a string. */
export type Constraint = { pattern: string; flags: string } | { schema: string };

/** Reads a responseConstraint, each of its parts once. */
export const readConstraint: Convert<Constraint> = (value, place) => {
  platform.object(value, place);
  return readPattern(value) ?? { schema: readSchema(value) };
};

function readPattern(value: unknown): Constraint | undefined {
  try {
    return { pattern: platform.sourceOf(value), flags: platform.flagsOf(value) };
  } catch {
    return undefined;
  }
}

function readSchema(value: unknown): string {
  let schema: string | undefined;
  try {
    schema = platform.stringify(value);
  } catch {
    // Told below.
  }
  if (schema === undefined) {
    throw platform.exception({ name: 'NotSupportedError', message: 'The responseConstraint cannot be written as JSON.' });
  }
  return schema;
}
