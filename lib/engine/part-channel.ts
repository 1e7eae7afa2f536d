import type { Part } from '../protocol/part.ts';

/** Callbacks on one side, arrays of parts on the other. */
export interface PartChannel extends AsyncIterable<Part[]> {
  push(parts: Part[]): void;
  /** No more parts; what was pushed is still read. */
  close(): void;
  fail(error: unknown): void;
}

/**
 * Hands parts from callbacks to one reader. What arrives while the reader is busy waits and goes out as one array, so
 * that a fast model costs a slow reader fewer messages and not later ones.
 */
export function createPartChannel(): PartChannel {
  let waiting: Part[] = [];
  let end: { error?: unknown } | undefined;
  let wake: (() => void) | undefined;

  function finish(how: { error?: unknown }): void {
    end ??= how;
    wake?.();
  }

  return {
    push(parts) {
      if (end) return;
      waiting = waiting.length ? waiting.concat(parts) : parts;
      wake?.();
    },
    close: () => finish({}),
    fail: (error) => finish({ error }),
    async *[Symbol.asyncIterator]() {
      while (true) {
        if (waiting.length) {
          const parts = waiting;
          waiting = [];
          yield parts;
        } else if (end) {
          if ('error' in end) throw end.error;
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          wake = undefined;
        }
      }
    },
  };
}
