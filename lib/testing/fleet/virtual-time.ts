/** Time that jumps from one event to the next, so that an hour of a fleet takes seconds. */
export interface VirtualTime {
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Runs everything that happens until then. */
  runUntil(ms: number): Promise<void>;
}

export function createVirtualTime(): VirtualTime {
  const due: { at: number; wake(): void }[] = [];
  let now = 0;

  return {
    now: () => now,
    sleep(ms) {
      const { promise, resolve } = Promise.withResolvers<void>();
      insert(due, { at: now + Math.max(0, ms), wake: resolve });
      return promise;
    },
    async runUntil(ms) {
      for (let next = due[0]; next && next.at <= ms; next = due[0]) {
        due.shift();
        now = next.at;
        next.wake();
        // Whatever follows from it happens before the next event.
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = ms;
    },
  };
}

/** In order, the earlier inserted first among equals. */
function insert<Event extends { at: number }>(due: Event[], event: Event): void {
  let low = 0;
  let high = due.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((due[middle]?.at ?? 0) <= event.at) low = middle + 1;
    else high = middle;
  }
  due.splice(low, 0, event);
}
