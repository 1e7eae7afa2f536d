import { SwitchboardError } from '../protocol/errors.ts';
import type { Change, Database } from '../storage/database.ts';
import { announceUsage } from './changes.ts';
import { activityKey, type Reservation, type UsageRows } from './rows.ts';
import { dayOf, nothing, plus, type Spent } from './spent.ts';

export { watchUsage } from './changes.ts';
export { today } from './today.ts';

/** What a call can cost at most. Whole numbers. */
export interface Claim {
  id: string;
  origin: string;
  connectionId: string;
  backend: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
  microUsd: number;
  /** The caller named no length: reserve what is left when that is less, and let `grow` find the end. */
  isOpenEnded?: boolean;
  /** From a private window: counted, never written. */
  isPrivate?: boolean;
}

/** Absent means no limit of that kind. */
export interface Budget {
  tokensPerDay?: number;
  microUsdPerDay?: number;
  microUsdTotal?: number;
}

export interface Hold {
  /** What was reserved. */
  outputTokens: number;
  /** The answer gets longer than reserved: takes more, or says that the budget ends here. */
  grow(more: { outputTokens: number; microUsd: number }): boolean;
  /** Puts what was really spent in the place of the reservation. The second time does nothing. */
  settle(spent: { inputTokens: number; outputTokens: number; microUsd: number }): Promise<void>;
  /**
   * Puts the reservation on disk. Begin it when the request is on its way, which it would delay by half a millisecond,
   * and pass nothing of an answer on before it is done.
   */
  write(): Promise<void>;
}

export interface Ledger {
  /** Reads the book and settles what an earlier background left open. Without it the first `reserve` does. */
  ready(): Promise<void>;
  /** Throws `budget-exceeded` when spent, reserved and claimed together cross a limit. */
  reserve(claim: Claim, budget: Budget): Promise<Hold>;
}

/**
 * The one book of what was spent. The background alone writes it, holds it in memory, and checks and reserves in one
 * step without an `await` between, which no number of parallel calls can come between; every reservation is also on disk,
 * so that what a background that died was spending is counted by the next one.
 */
export function createLedger(database: Database<UsageRows>, clock: () => number = Date.now): Ledger {
  const rows = new Map<string, Spent>();
  const days = new Map<string, Spent>();
  const totals = new Map<string, Spent>();
  const open = new Map<string, Reservation>();
  const loading = new Map<string, Promise<void>>();

  /** Once for the book, once for each day. */
  async function load(day: string): Promise<void> {
    await once('book', loadBook);
    await once(day, () => loadDay(day));
  }

  async function loadDay(day: string): Promise<void> {
    for (const [key, spent] of await database.list('days', { prefix: `${day}|` })) {
      rows.set(key, spent);
      const [, origin = ''] = key.split('|');
      add(days, `${day}|${origin}`, spent);
    }
  }

  /** What is still reserved was at work when the last background died: it counts as if all of it had been used, and is listed. */
  async function loadBook(): Promise<void> {
    for (const [origin, spent] of await database.list('totals')) totals.set(origin, spent);
    for (const [id, reservation] of await database.list('reservations')) {
      await once(reservation.day, () => loadDay(reservation.day));
      await database.write([...book(reservation, { ...reservation, calls: 1 }), { store: 'reservations', key: id }, cutOff(reservation)]);
    }
  }

  function once(key: string, work: () => Promise<void>): Promise<void> {
    const known = loading.get(key);
    if (known) return known;
    const started = work().catch((error: unknown) => {
      loading.delete(key);
      throw error;
    });
    loading.set(key, started);
    return started;
  }

  /** Adds to the book in memory; what it returns does the same on disk. */
  function book(
    { day, origin, connectionId, model }: Reservation,
    { calls, inputTokens, outputTokens, microUsd }: Spent,
  ): Change<UsageRows>[] {
    const key = `${day}|${origin}|${connectionId}|${model}`;
    const spent = { calls, inputTokens, outputTokens, microUsd };
    add(days, `${day}|${origin}`, spent);
    return [
      { store: 'days', key, row: add(rows, key, spent) },
      { store: 'totals', key: origin, row: add(totals, origin, spent) },
    ];
  }

  /** What is free of the day's budget, after all that is spent and reserved. */
  function left(day: string, origin: string, budget: Budget): { tokens: number; microUsd: number } {
    const today = days.get(`${day}|${origin}`) ?? nothing;
    const ever = totals.get(origin) ?? nothing;
    const reserved = { tokens: 0, microUsd: 0 };
    for (const each of open.values()) {
      if (each.origin !== origin) continue;
      reserved.tokens += each.inputTokens + each.outputTokens;
      reserved.microUsd += each.microUsd;
    }
    const {
      tokensPerDay = Number.POSITIVE_INFINITY,
      microUsdPerDay = Number.POSITIVE_INFINITY,
      microUsdTotal = Number.POSITIVE_INFINITY,
    } = budget;
    return {
      tokens: tokensPerDay - today.inputTokens - today.outputTokens - reserved.tokens,
      microUsd: Math.min(microUsdPerDay - today.microUsd, microUsdTotal - ever.microUsd) - reserved.microUsd,
    };
  }

  return {
    ready: () => load(dayOf(clock())),

    async reserve(claim, budget) {
      const day = dayOf(clock());
      await load(day);

      const free = left(day, claim.origin, budget);
      const outputTokens = claim.isOpenEnded
        ? Math.min(claim.outputTokens, Math.max(1, free.tokens - claim.inputTokens))
        : claim.outputTokens;
      const { id, origin, connectionId, backend, model, inputTokens, microUsd, isPrivate = false } = claim;
      const startedAt = clock();
      const reservation = { id, origin, connectionId, backend, model, startedAt, day, inputTokens, outputTokens, microUsd };
      refuseIfOver(reservation, free);
      open.set(id, reservation);

      return {
        outputTokens,
        async write() {
          if (!isPrivate && open.has(id)) await database.write([{ store: 'reservations', key: id, row: reservation }]);
        },
        grow(more) {
          const now = left(day, origin, budget);
          if (more.outputTokens > now.tokens || more.microUsd > now.microUsd) return false;
          reservation.outputTokens += more.outputTokens;
          reservation.microUsd += more.microUsd;
          return true;
        },
        async settle(spent) {
          if (!open.delete(id)) return;
          const changes = book(reservation, { ...spent, calls: 1 });
          if (!isPrivate) await database.write([...changes, { store: 'reservations', key: id }]);
          announceUsage();
        },
      };
    },
  };
}

/** When exactly it ended nobody knows. */
function cutOff({ id, origin, connectionId, backend, model, startedAt, inputTokens, outputTokens }: Reservation): Change<UsageRows> {
  const usage = { inputTokens, outputTokens, estimated: true as const };
  const row = { id, origin, connectionId, backend, model, startedAt, durationMs: 0, usage, outcome: 'interrupted' as const };
  return { store: 'activity', key: activityKey(row), row };
}

function refuseIfOver(claim: Reservation, free: { tokens: number; microUsd: number }): void {
  const tokens = claim.inputTokens + claim.outputTokens;
  if (tokens > free.tokens) {
    const rest = Math.max(0, free.tokens);
    throw over(`This call may need ${tokens} tokens, and ${rest} of today's budget are left. Ask for less, or wait for tomorrow.`);
  }
  if (claim.microUsd > free.microUsd)
    throw over('This call may cost more than is left of the budget the user gave this site. Ask for less, or wait for tomorrow.');
}

function over(message: string): SwitchboardError {
  return new SwitchboardError('budget-exceeded', message);
}

function add(book: Map<string, Spent>, key: string, spent: Spent): Spent {
  const sum = plus(book.get(key) ?? nothing, spent);
  book.set(key, sum);
  return sum;
}
