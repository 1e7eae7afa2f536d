import { SwitchboardError } from '../protocol/errors.ts';
import { createItem } from '../storage/item.ts';

/** So many wrong passphrases are free; each further one doubles the wait. */
const free = 3;
const longestSeconds = 300;

interface Attempts {
  wrong: number;
  /** ms since 1970. */
  at: number;
}

/** In `storage.local`, so that closing the browser does not wipe the slate. */
const attempts = createItem<Attempts>({
  area: 'local',
  key: 'vault.attempts',
  fallback: { wrong: 0, at: 0 },
  parse: (stored) => ({ ...(stored as Attempts) }),
});

/** One try at a time, in whichever page. Throws `rate-limited` while the wait after wrong ones is not over. */
export async function attempt<Result>(open: () => Promise<Result | undefined>, now = Date.now): Promise<Result | undefined> {
  return await navigator.locks.request('switchboard:vault-attempt', async () => {
    const seconds = secondsToWait(await attempts.fresh(), now());
    if (seconds > 0) {
      throw new SwitchboardError('rate-limited', `That was wrong several times. Try again in ${seconds} seconds.`, {
        retryAfterSeconds: seconds,
      });
    }
    const result = await open();
    await attempts.update(({ wrong }) => (result === undefined ? { wrong: wrong + 1, at: now() } : { wrong: 0, at: 0 }));
    return result;
  });
}

function secondsToWait({ wrong, at }: Attempts, now: number): number {
  if (wrong < free) return 0;
  const wait = Math.min(2 ** (wrong - free), longestSeconds);
  // A clock that was set back does not lengthen the wait.
  return Math.min(wait, Math.ceil((at + wait * 1000 - now) / 1000));
}
