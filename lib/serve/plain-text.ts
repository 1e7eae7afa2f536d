import type { Part } from '../protocol/part.ts';

/** The text of a part that is nothing but text; such a part travels as a bare string. */
export function plainText(part: Part): string | undefined {
  return part.type === 'text' && part.logprobs === undefined && part.refusal === undefined ? part.text : undefined;
}
