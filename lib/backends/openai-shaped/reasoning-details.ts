import type { JsonObject } from '../../protocol/json.ts';
import { isObject } from './wire.ts';

/** Collects OpenRouter's `reasoning_details`, which come in pieces and go back whole with the results of tools. */
export interface ReasoningDetails {
  add(details: unknown): void;
  readonly all: JsonObject[];
}

/** Pieces that follow one another and belong to the same block are joined; everything else is kept as it came. */
export function createReasoningDetails(): ReasoningDetails {
  const all: JsonObject[] = [];

  function addOne(piece: JsonObject): void {
    const last = all.at(-1);
    const isSame = last && last.type === piece.type && last.index === piece.index && last.type !== 'reasoning.encrypted';
    if (!isSame) {
      all.push({ ...piece });
      return;
    }
    for (const [key, value] of Object.entries(piece)) {
      const before = last[key];
      if (joined.has(key) && typeof value === 'string' && typeof before === 'string') last[key] = before + value;
      else if (value !== null) last[key] = value;
    }
  }

  return {
    all,
    add(details) {
      if (Array.isArray(details)) for (const piece of details) if (isObject(piece)) addOne(piece as JsonObject);
    },
  };
}

const joined = new Set(['text', 'summary']);
