import type { JsonValue } from '../../../protocol/json.ts';
import type { ResponseFormat } from '../../../protocol/request.ts';
import { PromptFailure } from '../failure.ts';
import type { Constraint } from '../read.ts';
import { heldToPattern } from './held-to-pattern.ts';
import { heldToSchema } from './held-to-schema.ts';

/** What an answer is held to. */
export interface Held {
  /** The ways to ask a backend for it, the best first. After them it is only told. */
  forms: Form[];
  /** How the model is told. */
  instruction: string;
  /** Whether an answer can go on from the beginning. Runs what the page chose, as `check` does: see ./judge.ts. */
  canBegin(): boolean;
  /** The answer as the page gets it, or what is wrong with it in words for the model. */
  check(answer: string): Checked;
  /** For text that is shown while it is written: takes the next piece, false once it cannot become an answer. */
  follow?(): (text: string) => boolean;
}

export type Checked = { text: string } | { problem: string };

export interface Form {
  format: ResponseFormat;
  /** It holds for the whole answer, with what the page has begun it with. */
  isWhole?: boolean;
  /** The answer in what the backend gave. */
  unwrap?(answer: string): string;
}

/** Reads a constraint, and runs nothing of it yet. `beginning` is what the answer goes on from. Throws NotSupportedError for what cannot be held. */
export function readHeld({ schema, pattern, flags = '' }: Constraint, beginning: string): Held {
  if (pattern !== undefined) return heldToPattern(pattern, flags, beginning);
  if (schema === undefined) throw new PromptFailure('NotSupportedError', 'The responseConstraint is empty.');
  return heldToSchema(JSON.parse(schema) as JsonValue, beginning);
}
