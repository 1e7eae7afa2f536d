/** Places for work, without end where no count is given; who finds none waits for one. */
export interface Slots {
  work(task: () => void | Promise<void>): Promise<void>;
  /** Whether each is taken. */
  list(): boolean[];
}

export function createSlots(count = Number.POSITIVE_INFINITY): Slots {
  const waiting: (() => void)[] = [];
  let taken = 0;

  return {
    list: () => Array.from({ length: Number.isFinite(count) ? count : Math.max(1, taken) }, (_, index) => index < taken),
    async work(task) {
      if (taken < count) taken += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        await task();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else taken -= 1;
      }
    },
  };
}
