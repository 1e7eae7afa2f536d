import { tooMuch } from './failure.ts';
import type { Memory } from './read.ts';

/** What is left of a session. */
export interface Room {
  /** How many of the oldest turns are out. */
  dropped: number;
  /** Tokens of what is left. */
  usage: number;
}

/**
 * Drops the oldest turns until so many more tokens fit. Initial prompts stay; where even they leave too little room it
 * throws and nothing is dropped.
 */
export function makeRoom({ turns, usage, window }: Memory, needed: number): Room {
  const left = { dropped: 0, usage };
  if (window === null) return left;
  const least = Math.max(0, usage - turns.reduce((sum, { tokens }) => sum + tokens, 0));
  if (least + needed > window) throw tooMuch(least + needed, window);
  for (const { tokens } of turns) {
    if (left.usage + needed <= window) break;
    left.dropped += 1;
    left.usage = Math.max(least, left.usage - tokens);
  }
  return left;
}
