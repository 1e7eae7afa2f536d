import type { Room } from '../../backends/backend.ts';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A model server with so many slots and so long a queue. */
export interface SimulatedServer {
  readonly isUp: boolean;
  /** Everybody who waits for an answer hears of it at once. */
  goDown(): void;
  comeBack(): void;
  /** Times at which a request reached it, up or down. */
  arrivals: number[];
  answered: number;
  room(): Room;
  answer(workMs: number): Promise<void>;
}

export interface ServerShape {
  slots: number;
  /** Requests that may wait; more are refused with 503. */
  queue: number;
}

export function createSimulatedServer({ slots, queue }: ServerShape, time: VirtualTime): SimulatedServer {
  const waiting: (() => void)[] = [];
  let busy = 0;
  let isUp = true;
  let outage = Promise.withResolvers<void>();

  const server: SimulatedServer = {
    get isUp() {
      return isUp;
    },
    goDown() {
      isUp = false;
      outage.resolve();
    },
    comeBack() {
      isUp = true;
      outage = Promise.withResolvers();
    },
    arrivals: [],
    answered: 0,
    room: () => ({ total: slots, busy: busy + waiting.length }),
    async answer(workMs) {
      server.arrivals.push(time.now());
      await time.sleep(5);
      if (!server.isUp) throw new SwitchboardError('unreachable', 'The server refused the connection.');
      if (busy >= slots) {
        if (waiting.length >= queue) throw new SwitchboardError('overloaded', 'The server is busy.', { status: 503 });
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.push(resolve);
        await promise;
      } else busy += 1;
      try {
        await Promise.race([time.sleep(workMs), outage.promise]);
        if (!server.isUp) throw new SwitchboardError('interrupted', 'The server went away.');
        server.answered += 1;
      } finally {
        const next = waiting.shift();
        if (next) next();
        else busy -= 1;
      }
    },
  };
  return server;
}
