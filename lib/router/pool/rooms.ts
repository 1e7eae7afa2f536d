import type { Room } from '../../backends/backend.ts';
import type { Engines } from '../engines.ts';
import type { Candidate } from './candidates.ts';

/** How much each member has to do. */
export interface Rooms {
  /** Asks those that can tell. Short: a member that is slow to tell is guessed at. */
  ask(candidates: Candidate[], signal: AbortSignal): Promise<void>;
  /** Calls that it could take at once; below zero, how many would wait. */
  free(candidate: Candidate): number;
  /** Our own call at work there; returns its end. */
  enter(candidate: Candidate): () => void;
}

interface Known extends Room {
  at: number;
  /** Work that is not ours. */
  others: number;
}

const freshMs = 1_000;
const patienceMs = 500;

export function createRooms(engines: Engines): Rooms {
  const running = new Map<string, number>();
  const known = new Map<string, Known>();
  const asking = new Map<string, Promise<void>>();

  const own = ({ key }: Candidate) => running.get(key) ?? 0;

  async function askOne(candidate: Candidate, signal: AbortSignal): Promise<void> {
    const { key, connection, model } = candidate;
    if (performance.now() - (known.get(key)?.at ?? Number.NEGATIVE_INFINITY) < freshMs) return;
    try {
      const engine = await engines.open(connection);
      const room = await engine.room?.(model ?? '', signal);
      const others = Math.max(0, (room?.busy ?? 0) - own(candidate));
      known.set(key, { ...room, others, at: performance.now() });
    } catch {
      known.delete(key);
    }
  }

  return {
    async ask(candidates, signal) {
      const late = AbortSignal.timeout(patienceMs);
      await Promise.all(
        candidates.map((candidate) => {
          const asked =
            asking.get(candidate.key) ?? askOne(candidate, AbortSignal.any([signal, late])).finally(() => asking.delete(candidate.key));
          asking.set(candidate.key, asked);
          return asked;
        }),
      );
    },
    free(candidate) {
      const room = known.get(candidate.key);
      return (room?.total ?? 1) - (room?.others ?? 0) - own(candidate);
    },
    enter(candidate) {
      running.set(candidate.key, own(candidate) + 1);
      return () => void running.set(candidate.key, own(candidate) - 1);
    },
  };
}
