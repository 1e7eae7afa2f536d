import type { Part, TextPart } from '../protocol/part.ts';
import { createStopCutter } from './stop.ts';

/**
 * An answer cut at the first of the stops. `leftIn`: the service stops there by itself and only leaves the text in, so
 * its own end is waited for; otherwise it knows nothing of them, and is told to stop by leaving.
 */
export async function* stoppedParts(answer: AsyncIterable<Part[]>, stops: string[], leftIn = false): AsyncGenerator<Part[], void> {
  if (stops.length === 0) return yield* answer;
  const cutter = createStopCutter(stops);
  for await (const parts of answer) {
    const kept = parts.flatMap((part): Part[] => {
      if (part.type === 'text') return textPart(cutter.add(part.text), part);
      if (part.type !== 'end') return [part];
      return cutter.isCut ? [{ ...part, reason: 'stop' }] : [...textPart(cutter.end(part.reason)), part];
    });
    const isOver = cutter.isCut && !leftIn;
    if (isOver && kept.at(-1)?.type !== 'end') kept.push({ type: 'end', reason: 'stop' });
    if (kept.length > 0) yield kept;
    if (isOver) return;
  }
}

function textPart(text: string, origin?: TextPart): Part[] {
  return text === '' ? [] : [{ ...origin, type: 'text', text }];
}
