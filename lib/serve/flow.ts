import { creditWindow } from '../protocol/wire.ts';

/** How far a stream may run ahead of whoever reads it. */
export interface Flow {
  /** That much was sent; resolves when more may be. Rejects with the signal's reason. */
  spend(size: number): Promise<void> | undefined;
  /** That much was read. */
  credit(size: number): void;
}

/** `onStall` is called when nothing was read for `stallMs` with the window full; it is expected to abort the signal. */
export function createFlow(signal: AbortSignal, stallMs: number, onStall: () => void): Flow {
  let unread = 0;
  let resume: (() => void) | undefined;

  return {
    spend(size) {
      unread += size;
      return unread > creditWindow ? room() : undefined;
    },
    credit(size) {
      unread = Math.max(0, unread - size);
      if (unread <= creditWindow) resume?.();
    },
  };

  function room(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(onStall, stallMs);
      const stop = () => settle(() => reject(signal.reason));
      const settle = (how: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        resume = undefined;
        how();
      };
      resume = () => settle(resolve);
      signal.addEventListener('abort', stop);
      if (signal.aborted) stop();
    });
  }
}
