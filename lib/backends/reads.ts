import type { HttpResponse } from './backend.ts';

/** What a body holds, one array for each network read that completed something. */
export interface Reads<Item> extends AsyncIterableIterator<Item[], void, undefined> {
  /** Closes the connection at once, also while a read is under way. */
  return(): Promise<IteratorResult<Item[], void>>;
  /**
   * For answers that are complete: reads what little is left, so that the browser can use the connection again, and
   * closes it where something else comes.
   */
  release(): void;
}

/** Turns text into items; holds what is incomplete until more comes. */
export interface ReadParser<Item> {
  push(text: string): Item[];
  /** At the end of the body: what is left. */
  end(): Item[];
}

/** Reads a body as UTF-8, also where a character is cut between two network chunks, and parses it as it comes. */
export function readThrough<Item>(response: HttpResponse, parser: ReadParser<Item>): Reads<Item> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let isOver = reader === undefined;

  async function next(): Promise<IteratorResult<Item[], void>> {
    try {
      while (!isOver && reader) {
        const { done, value } = await reader.read();
        isOver ||= done;
        const items = parser.push(decoder.decode(value, { stream: !done }));
        if (done) items.push(...parser.end());
        if (items.length > 0) return { done: false, value: items };
      }
    } catch (error) {
      await close();
      throw error;
    }
    return finished;
  }

  async function close(): Promise<IteratorResult<Item[], void>> {
    isOver = true;
    void reader?.cancel().catch(() => undefined);
    return finished;
  }

  async function release(): Promise<void> {
    if (isOver || !reader) return;
    const patience = setTimeout(close, releaseMs);
    await reader.read().catch(() => undefined);
    clearTimeout(patience);
    await close();
  }

  const reads: Reads<Item> = { next, return: close, release: () => void release(), [Symbol.asyncIterator]: () => reads };
  return reads;
}

const finished = { done: true, value: undefined } as const;

/** The rest of a complete answer is an end marker that is already under way. */
const releaseMs = 300;
