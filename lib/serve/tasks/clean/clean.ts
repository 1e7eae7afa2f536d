import { maxPoints } from '../summarizer.ts';
import type { ModelTask } from '../task.ts';
import { hasChatter } from './chatter.ts';
import { chain, type Filter } from './filter.ts';
import { plainText } from './plain-text.ts';
import { atMostPoints, oneLine, withoutClosing } from './shape.ts';
import { unwrap } from './wrapping.ts';

/** Makes of what a model says the answer that was asked for, while it comes. `mark`: what the input stood between. */
export function cleaner(options: ModelTask, input: string, mark: string): Filter {
  const { task } = options;
  const isFree = task === 'Summarizer' || task === 'Writer';
  const start = input.trimStart();
  const hasOwn = hasChatter(input);
  const filters = [
    unwrap({
      mark,
      keepsOpening: !isFree && hasOwn,
      keepsQuotes: !isFree && /^["'“„«「『]/.test(start),
      keepsFence: !isFree && start.startsWith('```'),
    }),
  ];
  // Letters end with such words too, so only what is about a text loses them.
  if (task === 'Summarizer' || (task !== 'Writer' && !hasOwn && !isLetter(input))) filters.push(withoutClosing());
  if (task === 'Summarizer' && options.type === 'headline') filters.push(oneLine());
  if (task === 'Summarizer' && options.type === 'key-points') filters.push(atMostPoints(maxPoints(options)));
  const isPlain = 'format' in options && (options.format === 'plain-text' || (task === 'Summarizer' && options.type === 'headline'));
  if (isPlain) filters.push(plainText());
  return chain(filters);
}

/** Several paragraphs, of which the last may be anything. */
function isLetter(input: string): boolean {
  return /\n\s*\n/.test(input.trim());
}
