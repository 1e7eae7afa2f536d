import type { Change, Database } from '../storage/database.ts';
import { createBook } from './book.ts';
import { type Budget, type Caps, type LimitName, over } from './budget.ts';
import { announceUsage } from './changes.ts';
import { activityKey, type Reservation, type UsageRows } from './rows.ts';
import { dayOf, type Spent } from './spent.ts';

export type { Budget, Caps } from './budget.ts';
export { watchUsage } from './changes.ts';
export { spentOf, today } from './today.ts';

/** A call that wants to begin. Whole numbers. */
export interface Claim {
  id: string;
  /** Who asks: the name of a subject, or `extension`. */
  origin: string;
  connectionId: string;
  backend: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
  /** How many answers it asks for, each of them a call of the day; 1 where nobody said. */
  calls?: number;
  /** What so many tokens cost, in millionths of a US dollar; undefined where nobody knows the price. */
  cost?(inputTokens: number, outputTokens: number): number;
  /** The caller named no length: reserve what is left when that is less, and let `grow` find the end. */
  isOpenEnded?: boolean;
  /** From a private window: counted, never written. */
  isPrivate?: boolean;
}

export interface Hold {
  /** What was reserved. */
  outputTokens: number;
  /** The answer gets longer than reserved: takes so many tokens more, or says that the budget ends here; `limit` says which. */
  grow(outputTokens: number): boolean;
  /** The limit that leaves least of what the call needs. */
  limit(): LimitName;
  /** The user has changed the budget, which holds from now on: false when less than what is spent and reserved is left of it. */
  fits(budget: Budget): boolean;
  /** Puts what was really spent in the place of the reservation. The second time does nothing. */
  settle(spent: { inputTokens: number; outputTokens: number; microUsd: number }): Promise<void>;
  /** Puts the reservation on disk, so that what a background that dies was spending is counted by the next one. */
  write(): Promise<void>;
}

export interface Ledger {
  /** Reads the book and settles what an earlier background left open. Without it the first `reserve` does. */
  ready(): Promise<void>;
  /** Throws `budget-exceeded`, with the limit in its cause, when spent, reserved and claimed together cross one. */
  reserve(claim: Claim, budget: Budget, caps?: Caps): Promise<Hold>;
  /** The last private window has closed. */
  forgetPrivate(): void;
}

/**
 * The one book of what was spent: reserve the most a call can cost, run, settle. The background alone writes it, holds it
 * in memory, and checks and reserves in one step without an `await` between, which no number of parallel calls can come
 * between. A reservation that was written is counted exactly once, whenever the background dies.
 */
export function createLedger(database: Database<UsageRows>, clock: () => number = Date.now): Ledger {
  const book = createBook(database);
  const open = new Map<string, Reservation>();
  /** Counted in memory, but the disk refused: written with the next that it takes. */
  const unsaved = new Set<Reservation>();
  /** So that a start that failed half-way counts nothing twice. */
  const recovered = new Set<string>();
  let recovering: Promise<void> | undefined;
  let loadedDay = '';

  async function load(day: string): Promise<void> {
    if (day === loadedDay) return;
    await book.load(day);
    recovering ??= recover().catch((error: unknown) => {
      recovering = undefined;
      throw error;
    });
    await recovering;
    loadedDay = day;
  }

  /** What is still reserved was at work when the last background died: it counts as if all of it had been used, and is listed. */
  async function recover(): Promise<void> {
    for (const [id, reservation] of await database.list('reservations')) {
      if (recovered.has(id)) continue;
      await book.load(reservation.day);
      recovered.add(id);
      book.add(reservation, spentOf(reservation, reservation));
      await save(reservation, [cutOff(reservation)]).catch(() => {});
    }
  }

  /** The sums and the end of the reservation are one transaction: it is counted or it is open, never both. */
  async function save(settled: Reservation, more: Change<UsageRows>[] = []): Promise<void> {
    const all = [settled, ...unsaved];
    const changes = all.flatMap((each): Change<UsageRows>[] => [...book.rows(each), { store: 'reservations', key: each.id }]);
    try {
      await database.write([...changes, ...more]);
      for (const each of all) unsaved.delete(each);
    } catch (error) {
      unsaved.add(settled);
      throw error;
    }
  }

  return {
    ready: () => load(dayOf(clock())),

    async reserve(claim, budget, caps = {}) {
      const now = clock();
      const day = dayOf(now);
      await load(day);

      const { id, origin, connectionId, backend, model, inputTokens, calls = 1, cost, isOpenEnded, isPrivate } = claim;
      const costOf = (output: number) => cost?.(inputTokens, output) ?? 0;
      const reservation: Reservation = {
        id,
        origin,
        connectionId,
        backend,
        model,
        startedAt: now,
        day,
        inputTokens,
        outputTokens: claim.outputTokens,
        microUsd: costOf(claim.outputTokens),
        ...(calls > 1 && { calls }),
        ...(!cost && { isUnpriced: true }),
        ...(isPrivate && { isPrivate }),
      };

      const free = book.left(reservation, open.values(), budget, caps);
      if (free.calls < calls) throw over('callsPerDay', now);
      if (isOpenEnded) {
        const affordable = longest(claim.outputTokens, (output) => costOf(output) <= free.money.amount);
        reservation.outputTokens = Math.max(1, Math.min(affordable, free.tokens.amount - inputTokens));
        reservation.microUsd = costOf(reservation.outputTokens);
      }
      if (inputTokens + reservation.outputTokens > free.tokens.amount) throw over(free.tokens.limit, now);
      if (reservation.microUsd > free.money.amount) throw over(free.money.limit, now);
      open.set(id, reservation);
      let isWritten = false;
      let held = budget;
      let tightest: LimitName = 'tokensPerDay';

      const write = async () => {
        if (isPrivate || !open.has(id)) return;
        isWritten = true;
        await database.write([{ store: 'reservations', key: id, row: { ...reservation } }]);
      };

      return {
        outputTokens: reservation.outputTokens,
        write,
        limit: () => tightest,
        fits(changed) {
          held = changed;
          const rest = book.left(reservation, open.values(), held, caps);
          tightest = rest.tokens.amount < 0 ? rest.tokens.limit : rest.money.limit;
          return rest.tokens.amount >= 0 && rest.money.amount >= 0;
        },
        grow(more) {
          const rest = book.left(reservation, open.values(), held, caps);
          const microUsd = costOf(reservation.outputTokens + more);
          tightest = more > rest.tokens.amount ? rest.tokens.limit : rest.money.limit;
          if (more > rest.tokens.amount || microUsd - reservation.microUsd > rest.money.amount) return false;
          reservation.outputTokens += more;
          reservation.microUsd = microUsd;
          // What grew in memory alone would be lost with it.
          if (isWritten) void write().catch(() => {});
          return true;
        },
        async settle(spent) {
          if (!open.delete(id)) return;
          book.add(reservation, spentOf(reservation, spent));
          if (!isPrivate) await save(reservation);
          announceUsage();
        },
      };
    },

    forgetPrivate: book.forgetPrivate,
  };
}

/** Of a call without a price the cost is unknown, unless the service named it or nothing was used. */
function spentOf({ calls = 1, isUnpriced }: Reservation, spent: Omit<Spent, 'calls' | 'unpriced'>): Spent {
  const { inputTokens, outputTokens, microUsd } = spent;
  const isUnknown = isUnpriced && microUsd === 0 && inputTokens + outputTokens > 0;
  return { calls, inputTokens, outputTokens, microUsd, ...(isUnknown && { unpriced: calls }) };
}

/** When exactly it ended nobody knows. */
function cutOff({
  id,
  origin,
  connectionId,
  backend,
  model,
  startedAt,
  inputTokens,
  outputTokens,
  microUsd,
  isUnpriced,
}: Reservation): Change<UsageRows> {
  const usage = { inputTokens, outputTokens, estimated: true as const };
  const [site = origin, , topOrigin] = origin.split(' ');
  const row = {
    id,
    origin: site,
    ...(topOrigin !== undefined && { topOrigin }),
    connectionId,
    backend,
    model,
    startedAt,
    durationMs: 0,
    usage,
    ...(!isUnpriced && { costMicroUsd: microUsd }),
    outcome: 'interrupted' as const,
  };
  return { store: 'activity', key: activityKey(row), row };
}

/** The largest whole number up to `most` that fits; prices only rise with length. */
function longest(most: number, fits: (length: number) => boolean): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
