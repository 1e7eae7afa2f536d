import { SwitchboardError } from '../protocol/errors.ts';
import type { GrantLimits } from './grant.ts';

/** What a site is held to when the user just says yes. */
export const consentLimits: GrantLimits = { callsPerMinute: 60, concurrent: 8, tokensPerDay: 200_000 };

/** On top of that where the price of the model is known: half a dollar a day, two in all. */
export const consentMoneyLimits: GrantLimits = { microUsdPerDay: 500_000, microUsdTotal: 2_000_000 };

export interface RateLimiter {
  /** Counts a call that begins; returns what to call when it ends. Throws `rate-limited`, having counted nothing. */
  enter(asker: string, limits: GrantLimits): () => void;
}

const minuteMs = 60_000;

/** Calls a minute and at a time, each asker by itself. In memory: whoever waits out a restart has waited long enough. */
export function createRateLimiter(clock: () => number = () => performance.now()): RateLimiter {
  const askers = new Map<string, { starts: number[]; running: number }>();

  return {
    enter(asker, { callsPerMinute, concurrent }) {
      if (callsPerMinute === undefined && concurrent === undefined) return () => {};
      const now = clock();
      const state = askers.get(asker) ?? { starts: [], running: 0 };
      state.starts = state.starts.filter((start) => now - start < minuteMs);
      const [oldest] = state.starts;
      if (callsPerMinute !== undefined && state.starts.length >= callsPerMinute) {
        const seconds = Math.max(1, Math.ceil(((oldest ?? now) + minuteMs - now) / 1000));
        throw new SwitchboardError('rate-limited', `This site may make ${callsPerMinute} calls a minute. Wait ${seconds} seconds.`, {
          retryAfterSeconds: seconds,
        });
      }
      if (concurrent !== undefined && state.running >= concurrent) {
        throw new SwitchboardError('rate-limited', `This site may run ${concurrent} calls at a time. Wait for one to end.`, {
          retryAfterSeconds: 1,
        });
      }
      state.starts.push(now);
      state.running += 1;
      askers.set(asker, state);
      let isRunning = true;
      return () => {
        if (!isRunning) return;
        isRunning = false;
        state.running -= 1;
      };
    },
  };
}
