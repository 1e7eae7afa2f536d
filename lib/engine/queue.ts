import { SwitchboardError } from '../protocol/errors.ts';

/** A line in which one is served at a time, first come, first served. */
export interface Queue {
  /** Joins the line. The caller must `leave`, whatever happens. */
  enter(signal: AbortSignal): Place;
  /** Those in the line, the one being served among them. */
  length(): number;
}

export interface Place {
  /**
   * Yields how many are ahead, once at first and whenever it changes, and returns when it is this one's turn. Throws
   * `aborted` as soon as the signal says so.
   */
  wait(): AsyncGenerator<number, void>;
  leave(): void;
}

export function createQueue(): Queue {
  const line: object[] = [];
  const watchers = new Set<() => void>();

  return {
    length: () => line.length,
    enter(signal) {
      const self = {};
      line.push(self);
      return {
        async *wait() {
          let told: number | undefined;
          while (true) {
            if (signal.aborted) throw new SwitchboardError('aborted', 'The call was stopped.');
            const ahead = line.indexOf(self);
            if (ahead <= 0) return;
            if (ahead === told) await moved(signal);
            else {
              told = ahead;
              yield ahead;
            }
          }
        },
        leave() {
          const index = line.indexOf(self);
          if (index < 0) return;
          line.splice(index, 1);
          for (const watcher of [...watchers]) watcher();
        },
      };
    },
  };

  /** Resolves when someone left the line or the signal fired. */
  function moved(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        watchers.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      watchers.add(done);
      signal.addEventListener('abort', done);
    });
  }
}
