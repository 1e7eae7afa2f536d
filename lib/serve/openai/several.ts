import { refusal } from '../../protocol/page-errors.ts';
import type { EndPart, Part, Usage } from '../../protocol/part.ts';
import type { Asked, Through } from '../../router/router.ts';

/**
 * A part of one of several answers; the router hands such a part on as it is. `ended`: that answer is over, while the one
 * `end` of the call is still to come.
 */
export type Marked = Part & { choice?: number; ended?: EndPart };

/** The numbers of the answers that have not ended. */
export function openChoices({ choices }: { choices: number }): Set<number> {
  return new Set(Array.from({ length: choices }, (_, index) => index));
}

/** Which of them this part ends: its own, or with the end of the call all that are left, as when the user's limit is reached. */
export function closed({ type, choice = 0 }: Marked, open: Set<number>): number[] {
  const ended = type === 'end' ? [...open] : [choice];
  for (const index of ended) open.delete(index);
  return ended;
}

/** As many as one call may ask for. More would be paid for on the word of a site whose user allowed one answer. */
export const mostAnswers = 16;

/** At work at the same time; servers of one's own have few slots. */
const atOnce = 4;

/** Asks all the requests within one call; undefined where there is only the one that the router asks anyway. */
export function inOneCall<Request extends { model: string }>(requests: Asked<Request>[]): Through<Request> | undefined {
  return requests.length === 1 ? undefined : (ask) => together(requests.map((request) => () => ask(request)));
}

interface Working {
  iterator: AsyncIterator<Part[]>;
  next: Promise<{ choice: number; batch: IteratorResult<Part[]> }>;
}

/** The answers as they come, each part with the number of its answer. One that fails fails the call. */
async function* together(starts: (() => AsyncIterable<Part[]>)[]): AsyncGenerator<Part[]> {
  const working = new Map<number, Working>();
  const ends: EndPart[] = [];
  let begun = 0;

  function pull(choice: number, iterator: AsyncIterator<Part[]>): void {
    working.set(choice, { iterator, next: iterator.next().then((batch) => ({ choice, batch })) });
  }

  try {
    while (ends.length < starts.length) {
      for (; begun < starts.length && working.size < atOnce; begun++) {
        const start = starts[begun];
        if (start) pull(begun, start()[Symbol.asyncIterator]());
      }
      const { choice, batch } = await Promise.race(Array.from(working.values(), ({ next }) => next));
      const iterator = working.get(choice)?.iterator;
      if (batch.done || !iterator) throw refusal('interrupted');
      const end = batch.value.find((part) => part.type === 'end');
      if (end) {
        ends.push(end);
        working.delete(choice);
        void close(iterator);
      } else pull(choice, iterator);
      yield batch.value.map(
        (part): Marked => (part.type === 'end' ? { type: 'text', text: '', choice, ended: part } : { ...part, choice }),
      );
    }
    const model = ends[0]?.model;
    yield [{ type: 'end', reason: 'stop', ...(model !== undefined && { model }), ...total(ends) }];
  } finally {
    for (const { iterator } of working.values()) void close(iterator);
  }
}

/** Nobody waits for it: an engine may hang in there. */
async function close(iterator: AsyncIterator<Part[]>): Promise<void> {
  await Promise.resolve(iterator.return?.()).catch(() => {});
}

/** What all of them used, where each said so. */
function total(ends: EndPart[]): { usage?: Usage } {
  const [first, ...others] = ends.map(({ usage }) => usage);
  if (!first || others.some((usage) => !usage)) return {};
  return { usage: others.reduce<Usage>((sum, usage) => (usage ? add(sum, usage) : sum), first) };
}

const counts = ['inputTokens', 'outputTokens', 'cachedInputTokens', 'cacheWriteTokens', 'reasoningTokens'] as const;

function add(one: Usage, other: Usage): Usage {
  const sum: Usage = { inputTokens: 0, outputTokens: 0 };
  for (const name of counts) {
    if (one[name] !== undefined || other[name] !== undefined) sum[name] = (one[name] ?? 0) + (other[name] ?? 0);
  }
  if (one.costMicroUsd !== undefined && other.costMicroUsd !== undefined) sum.costMicroUsd = one.costMicroUsd + other.costMicroUsd;
  if (one.estimated || other.estimated) sum.estimated = true;
  return sum;
}
