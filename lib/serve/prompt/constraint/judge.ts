import type { Constraint } from '../read.ts';
import { readHeld } from './held.ts';

/** Without an answer: whether one can go on from the beginning. */
export interface Question {
  constraint: Constraint;
  beginning: string;
  answer?: string;
}

/** The answer as the page gets it, or what is wrong with it; neither where only the beginning was asked about, and it may stand. */
export interface Verdict {
  text?: string;
  problem?: string;
  /** It cannot be decided: a schema that refers to itself without end. */
  isUndecidable?: boolean;
}

/**
 * Runs a page's expression or schema over a text. Some take for ever, and the page chose this one: so it runs where the
 * page runs and delays nobody else (./judge-in-frame.ts).
 */
export function judge({ constraint, beginning, answer }: Question): Verdict {
  try {
    const held = readHeld(constraint, beginning);
    if (answer !== undefined) return held.check(answer);
    return held.canBegin() ? {} : { problem: 'No answer that the responseConstraint allows can go on from the prefix.' };
  } catch {
    return { isUndecidable: true };
  }
}
