import type { ErrorCode, SwitchboardError } from '../../protocol/errors.ts';

/** Who failed lately, and until when they rest. */
export interface Health {
  /** May be asked: it worked last, or has rested enough and nobody is trying it now. */
  isReady(key: string): boolean;
  /** When its rest ends; 0 for one that does not rest. */
  restsUntil(key: string): number;
  /** Somebody is trying one that had failed: what is wrong with it still, or nothing. */
  trialOf(key: string): Promise<SwitchboardError | undefined> | undefined;
  begin(key: string): Trial;
}

export interface Trial {
  worked(): void;
  failed(error: SwitchboardError): void;
  /** However it ended; without a verdict nothing is learnt. */
  end(): void;
}

export interface HealthOptions {
  clock?(): number;
  random?(): number;
}

interface Failing {
  failures: number;
  failedAt: number;
  until: number;
  trial?: Promise<SwitchboardError | undefined>;
}

const firstRestMs = 1_000;
const longestRestMs = 60_000;

/** Of the server or the account, so that the next call would fail as well. */
const lasting = new Set<ErrorCode>([
  'unreachable',
  'timeout',
  'overloaded',
  'rate-limited',
  'loading',
  'interrupted',
  'backend-error',
  'bad-response',
  'unauthorized',
  'payment-required',
  'model-not-found',
]);

/**
 * Rests grow with each failure, with full jitter, and are never shorter than the server asked for. After a rest one call
 * tries; the others wait for what it finds, so that a server that comes back is not run over.
 */
export function createHealth({ clock = () => performance.now(), random = Math.random }: HealthOptions = {}): Health {
  const failing = new Map<string, Failing>();

  return {
    isReady(key) {
      const known = failing.get(key);
      return !known || (known.until <= clock() && !known.trial);
    },
    restsUntil: (key) => failing.get(key)?.until ?? 0,
    trialOf: (key) => failing.get(key)?.trial,
    begin(key) {
      const startedAt = clock();
      const { promise, resolve } = Promise.withResolvers<SwitchboardError | undefined>();
      const known = failing.get(key);
      if (known) known.trial = promise;

      function end(error?: SwitchboardError): void {
        const now = failing.get(key);
        if (now?.trial === promise) delete now.trial;
        resolve(error);
      }

      return {
        end: () => end(),
        worked() {
          failing.delete(key);
          end();
        },
        failed(error) {
          if (lasting.has(error.code)) {
            const before = failing.get(key);
            // Calls that were at work together fail together: that is one failure.
            const isSame = before !== undefined && before.failedAt > startedAt;
            const failures = (before?.failures ?? 0) + (isSame ? 0 : 1);
            const rest = random() * Math.min(longestRestMs, firstRestMs * 2 ** (failures - 1));
            const until = clock() + Math.max(rest, (error.retryAfterSeconds ?? 0) * 1000);
            failing.set(key, { ...before, failures, failedAt: clock(), until: Math.max(until, before?.until ?? 0) });
          }
          end(error);
        },
      };
    },
  };
}
