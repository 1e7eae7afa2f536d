import { SwitchboardError } from '../protocol/errors.ts';
import type { GrantLimits, GrantRules } from './grant.ts';

/** What a site is held to when the user just says yes. */
export const consentLimits: GrantLimits = {
  callsPerMinute: 240,
  callsPerDay: 1_000,
  concurrent: 8,
  inputTokensPerCall: 32_000,
  outputTokensPerCall: 8_000,
  tokensPerDay: 200_000,
};

/** On top of that where the model may cost something: half a dollar a day, two in all. */
export const consentMoneyLimits: GrantLimits = { microUsdPerDay: 500_000, microUsdTotal: 2_000_000 };

/** And by these rules. */
export const consentRules: GrantRules = { whenHidden: 'slow', gesture: 'never' };

/** A page that nobody can see may make this part of the calls a minute that the grant allows. */
const slowShare = 10;
/** Where the grant names no number. */
const slowestUsual = 6;

/** The limits of a grant, or of the extension itself, that a call ran into; for activity and for the user alone. */
export interface Refused {
  limit: keyof GrantLimits | 'whenHidden' | 'gesture' | 'microUsdOfAll' | 'microUsdOfConnection' | 'unpriced';
}

export interface RateLimiter {
  /**
   * Counts a call that begins, each of its `answers` as one of the minute; returns what to call when it ends. Throws
   * `rate-limited`, having counted nothing.
   */
  enter(asker: string, limits: GrantLimits, answers?: number): () => void;
  /** The same, but a call too many at a time waits for another to end; who waits longer goes first. The signal ends waiting. */
  enterInTurn(asker: string, limits: GrantLimits, answers: number, signal: AbortSignal): Promise<() => void>;
}

const minuteMs = 60_000;

/** Calls a minute and at a time, each asker by itself. In memory: whoever waits out a restart has waited long enough. */
export function createRateLimiter(clock: () => number = () => performance.now()): RateLimiter {
  const askers = new Map<string, { starts: number[]; running: number }>();
  const waiting = new Map<string, Set<() => void>>();

  const limiter: RateLimiter = {
    async enterInTurn(asker, limits, answers, signal) {
      const { concurrent = Number.POSITIVE_INFINITY } = limits;
      while ((askers.get(asker)?.running ?? 0) >= concurrent) await nextEnd(asker, signal);
      return limiter.enter(asker, limits, answers);
    },
    enter(asker, { callsPerMinute, concurrent }, answers = 1) {
      if (callsPerMinute === undefined && concurrent === undefined) return () => {};
      const now = clock();
      const state = askers.get(asker) ?? { starts: [], running: 0 };
      state.starts = state.starts.filter((start) => now - start < minuteMs);
      const [oldest] = state.starts;
      if (callsPerMinute !== undefined && state.starts.length + answers > callsPerMinute) {
        const seconds = Math.max(1, Math.ceil(((oldest ?? now) + minuteMs - now) / 1000));
        throw tooFast('callsPerMinute', `This site made all the calls it may make in a minute. Wait ${seconds} seconds.`, seconds);
      }
      if (concurrent !== undefined && state.running >= concurrent) {
        throw tooFast('concurrent', 'This site runs as many calls at a time as it may. Wait for one to end.', 1);
      }
      for (let count = 0; count < answers; count++) state.starts.push(now);
      state.running += 1;
      askers.set(asker, state);
      let isRunning = true;
      return () => {
        if (!isRunning) return;
        isRunning = false;
        state.running -= 1;
        // All of them: the first takes the place, the others wait on in the same order.
        const all = waiting.get(asker);
        waiting.delete(asker);
        for (const wake of all ?? []) wake();
      };
    },
  };
  return limiter;

  function nextEnd(asker: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const all = waiting.get(asker) ?? new Set();
      waiting.set(asker, all);
      const stop = () => {
        all.delete(wake);
        reject(signal.reason);
      };
      const wake = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      all.add(wake);
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}

/** The limits that hold while nobody can see the page. */
export function slowed({ callsPerMinute, ...others }: GrantLimits): GrantLimits {
  return { ...others, callsPerMinute: Math.max(1, Math.floor((callsPerMinute ?? slowestUsual * slowShare) / slowShare)) };
}

function tooFast(limit: Refused['limit'], message: string, retryAfterSeconds: number): SwitchboardError {
  return new SwitchboardError('rate-limited', message, { retryAfterSeconds, cause: { limit } satisfies Refused });
}
