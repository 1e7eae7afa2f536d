import type * as z from 'zod/mini';
import { SwitchboardError } from './errors.ts';

/** A schema, or what makes it: see `lazy`. */
export type SchemaOf<Output> = z.ZodMiniType<Output> | (() => z.ZodMiniType<Output>);

/** The value as the schema reads it, or `bad-request` with the first thing that is wrong and where it is. */
export function parse<Output>(schema: SchemaOf<Output>, value: unknown, what: string): Output {
  const result = (typeof schema === 'function' ? schema() : schema).safeParse(value);
  if (result.success) return result.data;
  throw new SwitchboardError('bad-request', `${what}: ${explain(result.error.issues)}.`);
}

/**
 * A schema that is made when it is first used. Making the schemas is most of what evaluating the background costs, and a
 * start needs few of them.
 */
export function lazy<Schema>(make: () => Schema): () => Schema {
  let made: Schema | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** In words, without the value itself: it may be a key or a prompt. */
function explain(issues: readonly z.core.$ZodIssue[]): string {
  const [issue] = issues;
  if (!issue) return 'not what was expected';
  const place = issue.path.length > 0 ? issue.path.join('.') : 'the value';
  if (issue.code === 'invalid_type') return `${place} should be ${article(issue.expected)}`;
  if (issue.code === 'invalid_value') return `${place} should be one of ${issue.values.join(', ')}`;
  if (issue.code === 'unrecognized_keys') return `${place} has fields nobody knows: ${issue.keys.join(', ')}`;
  if (issue.code === 'too_big') return `${place} is too large (at most ${issue.maximum})`;
  if (issue.code === 'too_small') return `${place} is too small (at least ${issue.minimum})`;
  return issue.message === 'Invalid input' ? `${place} is not valid` : `${place}: ${issue.message.replace(/\.$/, '')}`;
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
