import { Validator } from '@cfworker/json-schema';
import type { JsonValue } from '../../../protocol/json.ts';
import { PromptFailure } from '../failure.ts';
import type { Checked, Held } from './held.ts';
import { canBegin } from './json-beginning.ts';
import { createJsonScanner } from './json-scanner.ts';
import { checkSchema } from './schema-check.ts';

/** An answer that is JSON as a schema allows it. */
export function heldToSchema(schema: JsonValue, beginning: string): Held {
  checkSchema(schema);
  if (schema === false) throw new PromptFailure('NotSupportedError', 'The responseConstraint allows no answer.');
  return {
    forms: [{ format: { type: 'json-schema', schema } }],
    instruction: `Answer with JSON alone, as this JSON schema describes it:\n${JSON.stringify(schema)}`,
    canBegin: () => canBegin(beginning, schema),
    check(answer) {
      const validator = new Validator(schema, '2020-12');
      const candidates =
        beginning === '' ? [answer.trim(), inFence(answer), inText(answer)] : [answer.trimEnd(), remainder(beginning, answer)];
      const results = candidates.filter((text) => text !== undefined).map((text) => checkWhole(beginning, text, validator));
      return results.find((result) => 'text' in result) ?? (results[0] as Checked);
    },
    follow() {
      const scanner = createJsonScanner();
      scanner.feed(beginning);
      return (text) => scanner.feed(text);
    },
  };
}

function checkWhole(beginning: string, text: string, validator: Validator): Checked {
  let value: unknown;
  try {
    value = JSON.parse(beginning + text);
  } catch {
    return { problem: 'It is no JSON.' };
  }
  const { valid, errors } = validator.validate(value);
  if (valid) return { text };
  const [first] = errors.slice(-1);
  return { problem: `It does not conform: at ${first?.instanceLocation ?? '#'}: ${first?.error ?? 'not allowed'}` };
}

/** Models like to put JSON between marks. */
function inFence(answer: string): string | undefined {
  return /```(?:json)?\s*\n([\s\S]*?)\n?```/.exec(answer)?.[1]?.trim();
}

/** Or between sentences. */
function inText(answer: string): string | undefined {
  const start = answer.search(/[{[]/);
  const end = Math.max(answer.lastIndexOf('}'), answer.lastIndexOf(']'));
  return start >= 0 && end > start ? answer.slice(start, end + 1) : undefined;
}

/** Not every backend goes on from a beginning: then the answer begins with it, in its own way of spacing. */
function remainder(beginning: string, answer: string): string | undefined {
  const start = answer.search(/[{["]/);
  if (start < 0) return undefined;
  let at = start;
  for (const character of beginning.replace(/\s/g, '')) {
    while (/\s/.test(answer[at] ?? '')) at += 1;
    if (answer[at] !== character) return undefined;
    at += 1;
  }
  return answer.slice(at).replace(/\s*(?:```)?\s*$/, '');
}
