/** What a session remembers, as JSON: it was read from the page once, and the background reads it next. */
export interface Memory {
  /** What `create` was given. */
  readonly options: string;
  /** The initial prompts. */
  readonly initial: string;
  /** The turns since then, the latest first; clones share them. */
  turns: Turn | undefined;
  /** Tokens that all of it takes. */
  usage: number;
  /** Tokens that fit; Infinity where nobody knows. */
  window: number;
}

export interface Turn {
  readonly json: string;
  readonly before: Turn | undefined;
}

/** All of it as an object in JSON. */
export function writeMemory({ options, initial, turns, usage, window }: Memory): string {
  let history = '';
  for (let turn = turns; turn; turn = turn.before) history = turn.json + (history && ',') + history;
  const size = window < Infinity ? window : null;
  return `{"options":${options},"initial":[${initial}],"turns":[${history}],"usage":${usage},"window":${size}}`;
}

/** Adds a turn: messages in JSON, one after another. One that takes nothing is none, or did not fit. */
export function remember(memory: Memory, messages: string, tokens: number, usage: number): void {
  memory.usage = usage;
  if (tokens > 0) memory.turns = { json: `{"messages":[${messages}],"tokens":${tokens}}`, before: memory.turns };
}

/** Drops that many of the oldest turns. */
export function forget(memory: Memory, count: number, usage: number): void {
  let length = 0;
  for (let turn = memory.turns; turn; turn = turn.before) length += 1;
  memory.turns = latest(memory.turns, length - count);
  memory.usage = usage;
}

function latest(turns: Turn | undefined, count: number): Turn | undefined {
  return turns && count > 0 ? { json: turns.json, before: latest(turns.before, count - 1) } : undefined;
}
