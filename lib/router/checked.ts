import { SwitchboardError, toSwitchboardError } from '../protocol/errors.ts';
import type { EndPart, Part } from '../protocol/part.ts';

export interface CheckOptions {
  /** Its reason, where that is a SwitchboardError, is what a stopped call fails with. */
  signal: AbortSignal;
  /** Who answers, for messages. */
  host: string;
  maxCharacters?: number;
  /** How long a stopped answer may still bring what was finished; none where absent. */
  graceMs?: number | undefined;
  /** Hears of every batch before it is passed on, with the characters of the answer so far; throwing ends the call. */
  watch?(parts: Part[], characters: number): void;
  /** The end as it is passed on. */
  complete?(end: EndPart, characters: number): EndPart;
}

/** As much as lib/backends/http.ts lets through, for engines that use no HTTP. A model's answer is a thousandth of that. */
const maxAnswer = 64 * 1024 * 1024;

/**
 * The contract of a stream, kept for every engine in one place: exactly one `end`, the last; an answer that stops
 * without one fails as `interrupted`; an abort fails the call at once, whatever the engine is doing; answers have a
 * largest size; whatever is thrown is a SwitchboardError.
 */
export async function* checked(
  answer: AsyncIterable<Part[]>,
  { signal, host, maxCharacters = maxAnswer, graceMs, watch, complete }: CheckOptions,
): AsyncGenerator<Part[]> {
  const iterator = answer[Symbol.asyncIterator]();
  let isFinished = false;
  let characters = 0;
  /** Fails the read that is waiting. One listener for the whole stream, so that nothing piles up on the signal. */
  let interrupt: ((error: SwitchboardError) => void) | undefined;
  let grace: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  function giveUp(): void {
    isOver = true;
    interrupt?.(reasonOf(signal));
  }
  const onAbort = () => {
    if (graceMs) grace = setTimeout(giveUp, graceMs);
    else giveUp();
  };
  if (signal.aborted) isOver = true;
  signal.addEventListener('abort', onAbort);

  function next(): Promise<IteratorResult<Part[]>> {
    return new Promise((resolve, reject) => {
      interrupt = reject;
      if (isOver) reject(reasonOf(signal));
      else iterator.next().then(resolve, reject);
    });
  }

  try {
    while (true) {
      const { done, value } = await next();
      if (done) {
        isFinished = true;
        throw new SwitchboardError('interrupted', `${host} stopped before the end of its answer. Try again.`);
      }
      const endAt = value.findIndex(isEnd);
      const parts = endAt < 0 || endAt === value.length - 1 ? value : value.slice(0, endAt + 1);
      for (const part of parts) characters += lengthOf(part);
      if (characters > maxCharacters)
        throw new SwitchboardError('bad-response', `${host} sent more than ${maxCharacters} characters, so the answer was stopped.`);
      watch?.(parts, characters);
      if (endAt < 0) {
        if (parts.length > 0) yield parts;
        continue;
      }
      const end = parts[endAt] as EndPart;
      yield complete ? [...parts.slice(0, endAt), complete(end, characters)] : parts;
      return;
    }
  } catch (thrown) {
    throw signal.aborted ? reasonOf(signal) : toSwitchboardError(thrown);
  } finally {
    signal.removeEventListener('abort', onAbort);
    clearTimeout(grace);
    // Closes the engine's connection; nobody waits for it, because an engine may hang in there.
    if (!isFinished) void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

/** Why the call was stopped: the SwitchboardError it was aborted with, or plainly `aborted`. */
export function reasonOf(signal: AbortSignal): SwitchboardError {
  return signal.reason instanceof SwitchboardError ? signal.reason : new SwitchboardError('aborted', 'The call was stopped.');
}

function isEnd(part: Part): boolean {
  return part.type === 'end';
}

function lengthOf(part: Part): number {
  switch (part.type) {
    case 'text':
    case 'thought':
      return part.text.length;
    case 'tool-call':
      return part.arguments.length;
    default:
      return 0;
  }
}
