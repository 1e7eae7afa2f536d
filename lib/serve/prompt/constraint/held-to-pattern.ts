import { PromptFailure } from '../failure.ts';
import type { Checked, Held } from './held.ts';
import { canBeginPattern } from './pattern-beginning.ts';

/** An answer that a regular expression matches as a whole. */
export function heldToPattern(pattern: string, flags: string, beginning: string): Held {
  // Where a match begins or how many there are does not matter here.
  const meant = flags.replace(/[dgy]/g, '');
  const whole = compile(pattern, meant);
  const anchored = `^(?:${pattern})$`;
  const schema = {
    type: 'object',
    properties: { answer: { type: 'string', pattern: anchored } },
    required: ['answer'],
    additionalProperties: false,
  };
  return {
    forms: [
      { format: { type: 'regex', pattern, ...(meant && { flags: meant }) } },
      // More backends hold answers to a schema than to an expression. It has no flags: what matches without them matches with them.
      { format: { type: 'json-schema', schema }, isWhole: true, unwrap },
    ],
    instruction: `Answer with nothing but a text that this regular expression matches as a whole: /${pattern}/${meant}`,
    canBegin: () => canBeginPattern(beginning, pattern, meant),
    check(answer): Checked {
      const candidates = [answer, answer.trim(), answer.trim().replace(/^(["'`])(.*)\1$/s, '$2')];
      if (beginning !== '' && answer.trimStart().startsWith(beginning)) candidates.push(answer.trimStart().slice(beginning.length));
      const text = candidates.find((candidate) => whole.test(beginning + candidate));
      return text === undefined ? { problem: `The expression /${pattern}/${meant} does not match it.` } : { text };
    },
  };
}

function compile(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, flags);
  } catch {
    throw new PromptFailure('NotSupportedError', 'The responseConstraint is no regular expression that can be used here.');
  }
}

function unwrap(answer: string): string {
  try {
    const { answer: text } = JSON.parse(answer) as { answer: unknown };
    return typeof text === 'string' ? text : answer;
  } catch {
    return answer;
  }
}
