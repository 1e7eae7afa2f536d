import type * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';

/**
 * A site's parameters as the schema reads them. Otherwise `bad-request`, whose message is `field: what is wrong with it.`
 * with the field as the page wrote it (`messages[2].role`), and never the value: it may be a prompt. `within`: where in the
 * request the parameters stand.
 */
export function readParams<Output>(schema: z.ZodMiniType<Output>, params: unknown, within: PropertyKey[] = []): Output {
  const result = schema.safeParse(params);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const problem = issue ? problemOf(issue, within) : { path: within, text: 'is malformed' };
  return refuseField(problem.path, problem.text);
}

/** Throws the `bad-request` about one field; `text` goes on from the field's name and ends without a stop. */
export function refuseField(path: readonly PropertyKey[] | string, text: string): never {
  const place = typeof path === 'string' ? path : placeOf(path);
  throw new SwitchboardError('bad-request', place === '' ? `The request ${text}.` : `${place}: ${text}.`);
}

/** `['messages', 2, 'role']` as `messages[2].role`. */
function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((place, key) => {
    if (typeof key === 'number') return `${place}[${key}]`;
    return place === '' ? short(String(key)) : `${place}.${short(String(key))}`;
  }, '');
}

interface Problem {
  path: PropertyKey[];
  text: string;
}

const kindPrefix = 'should be ';

function problemOf(issue: z.core.$ZodIssue, above: PropertyKey[]): Problem {
  const path = [...above, ...issue.path];
  if (issue.message && issue.message !== 'Invalid input') return { path, text: issue.message };
  if (issue.code === 'unrecognized_keys') return { path: [...path, issue.keys[0] ?? ''], text: 'is not a field that Switchboard takes' };
  if (issue.code === 'invalid_union') return unionProblem(issue, path);
  if (issue.code === 'invalid_type') return { path, text: `should be ${article(issue.expected)}` };
  if (issue.code === 'invalid_value') return { path, text: `should be ${list(issue.values)}` };
  if (issue.code === 'too_big') return { path, text: `is more than ${amount(issue.maximum, issue.origin)}` };
  if (issue.code === 'too_small') return { path, text: `is less than ${amount(issue.minimum, issue.origin)}` };
  return { path, text: 'is not valid' };
}

/** The alternative that got furthest tells most; where none began, what any of them would have been. */
function unionProblem(issue: z.core.$ZodIssueInvalidUnion, path: PropertyKey[]): Problem {
  if (issue.discriminator !== undefined && 'options' in issue && issue.options) {
    return { path: path.at(-1) === issue.discriminator ? path : [...path, issue.discriminator], text: `should be ${list(issue.options)}` };
  }
  const problems = issue.errors.flatMap(([first]) => (first ? [problemOf(first, path)] : []));
  const isKind = ({ text }: Problem) => text.startsWith(kindPrefix);
  const rank = (problem: Problem) => problem.path.length + (isKind(problem) ? 0 : 0.5);
  const [furthest] = problems.toSorted((one, other) => rank(other) - rank(one));
  if (furthest && rank(furthest) > path.length) return furthest;
  const kinds = new Set(problems.filter(isKind).map(({ text }) => text.slice(kindPrefix.length)));
  return { path, text: kinds.size > 0 ? kindPrefix + [...kinds].join(' or ') : 'is not valid' };
}

function article(noun: string): string {
  const word = { array: 'list', int: 'whole number', never: 'left out' }[noun] ?? noun;
  return word === 'left out' ? word : `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}

function list(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(' or ');
}

function amount(limit: number | bigint, origin: string): string {
  return { array: `${limit} items`, string: `${limit} characters`, record: `${limit} fields` }[origin] ?? `${limit}`;
}

/** A field's name is the page's own text, but a megabyte of it helps nobody. */
function short(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}
