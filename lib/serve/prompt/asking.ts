import { type ErrorCode, toSwitchboardError } from '../../protocol/errors.ts';
import type { Message } from '../../protocol/message.ts';
import type { EndPart, Part, Usage } from '../../protocol/part.ts';
import type { ResponseFormat } from '../../protocol/request.ts';

/** How a question is put. One call may ask several times; it is admitted once, and all it took is counted. */
export interface Wish {
  responseFormat?: ResponseFormat;
  /** The answer is asked for from its beginning, also where the page has begun it. */
  isWhole?: boolean;
  /** Said after everything else. */
  corrections: Message[];
}

export type Ask = (wish: Wish) => AsyncIterable<Part[]>;

const refusals = new Set<ErrorCode>(['not-supported', 'bad-request', 'backend-error']);

/** What backends say to options they do not know. */
export function isRefusal(thrown: unknown): boolean {
  return refusals.has(toSwitchboardError(thrown).code);
}

/** The end of the last of several answers, with what all of them took. */
export function addUsage(end: EndPart, before: Usage[]): EndPart {
  if (before.length === 0 || !end.usage) return end;
  const all = [...before, end.usage];
  const sum = (count: (usage: Usage) => number | undefined) => all.reduce((total, usage) => total + (count(usage) ?? 0), 0);
  return {
    ...end,
    usage: {
      ...end.usage,
      inputTokens: sum(({ inputTokens }) => inputTokens),
      outputTokens: sum(({ outputTokens }) => outputTokens),
      ...(all.some(({ costMicroUsd }) => costMicroUsd !== undefined) && { costMicroUsd: sum(({ costMicroUsd }) => costMicroUsd) }),
    },
  };
}
