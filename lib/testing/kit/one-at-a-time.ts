import { sleep } from './wait.ts';

/** A model at work for one caller. */
export interface Run {
  key: string;
  /** Fires when the work is to end before its time. */
  stopped: AbortSignal;
  stop(): void;
}

export interface Line {
  /** What is being made right now. */
  readonly running: Run | undefined;
  readonly waiting: number;
  /** True when everybody who comes now is sent away. */
  readonly isFull: boolean;
  /** Waits for the place, works, and gives the place back after `releaseMs`. */
  work(key: string, task: (run: Run) => Promise<void>): Promise<void>;
}

/** One answer at a time, as servers with one model make them. Who comes meanwhile waits in line. */
export function createLine(maxWaiting: number, releaseMs = 0): Line {
  let running: Run | undefined;
  let last = Promise.resolve();
  let waiting = 0;

  return {
    get running() {
      return running;
    },
    get waiting() {
      return waiting;
    },
    get isFull() {
      return running !== undefined && waiting >= maxWaiting;
    },
    async work(key, task) {
      const before = last;
      const mine = Promise.withResolvers<void>();
      last = mine.promise;
      waiting++;
      await before;
      waiting--;
      const stopping = new AbortController();
      running = { key, stopped: stopping.signal, stop: () => stopping.abort() };
      try {
        await task(running);
        if (releaseMs) await sleep(releaseMs);
      } finally {
        running = undefined;
        mine.resolve();
      }
    },
  };
}
