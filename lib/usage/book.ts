import type { Change, Database } from '../storage/database.ts';
import { type Budget, type Caps, type Left, least } from './budget.ts';
import type { Reservation, UsageRows } from './rows.ts';
import { nothing, plus, type Spent, tokensOf } from './spent.ts';

/** What was spent, in memory; the background alone writes it. */
export interface Book {
  /** Reads what is on disk of that day, and of all days. */
  load(day: string): Promise<void>;
  add(to: Reservation, spent: Spent): void;
  /** The sums that a reservation was added to, as they belong on disk. Nothing about private windows does. */
  rows(of: Reservation): Change<UsageRows>[];
  /** What is free after all that is spent and `reserved`. */
  left(of: Reservation, reserved: Iterable<Reservation>, budget: Budget, caps: Caps): Free;
  /** The last private window has closed. */
  forgetPrivate(): void;
}

export interface Free {
  calls: number;
  tokens: Left;
  money: Left;
}

export function createBook(database: Database<UsageRows>): Book {
  /** By `day|origin|connection|model`, as on disk. */
  const rows = new Map<string, Spent>();
  /** By `day`, `day|origin` and `day||connection`. */
  const days = new Map<string, Spent>();
  const totals = new Map<string, Spent>();
  const loading = new Map<string, Promise<void>>();

  /** Once for each day and once for the totals, again after a failure; nothing is counted before all of it was read. */
  function once(key: string, read: () => Promise<() => void>): Promise<void> {
    const known = loading.get(key);
    if (known) return known;
    const started = read().then(
      (put) => put(),
      (error: unknown) => {
        loading.delete(key);
        throw error;
      },
    );
    loading.set(key, started);
    return started;
  }

  function addToDay(day: string, origin: string, connectionId: string, spent: Spent): void {
    for (const key of [day, `${day}|${origin}`, `${day}||${connectionId}`]) add(days, key, spent);
  }

  return {
    async load(day) {
      await once('totals', async () => {
        const found = await database.list('totals');
        return () => {
          for (const [origin, spent] of found) totals.set(origin, spent);
        };
      });
      await once(day, async () => {
        const found = await database.list('days', { prefix: `${day}|` });
        return () => {
          for (const [key, spent] of found) {
            rows.set(key, spent);
            const [, origin = '', connectionId = ''] = key.split('|');
            addToDay(day, origin, connectionId, spent);
          }
        };
      });
    },

    add({ day, origin, connectionId, model, isPrivate }, spent) {
      addToDay(day, origin, connectionId, spent);
      add(totals, origin, spent);
      if (!isPrivate) add(rows, `${day}|${origin}|${connectionId}|${model}`, spent);
    },

    rows({ day, origin, connectionId, model, isPrivate }) {
      if (isPrivate) return [];
      const key = `${day}|${origin}|${connectionId}|${model}`;
      return [
        { store: 'days', key, row: rows.get(key) ?? nothing },
        { store: 'totals', key: origin, row: totals.get(origin) ?? nothing },
      ];
    },

    left({ day, origin, connectionId }, reserved, budget, caps) {
      const held = { ofSite: nothing, ofConnection: nothing, ofAll: nothing };
      for (const each of reserved) {
        const claim = { ...each, calls: each.calls ?? 1 };
        if (each.origin === origin) held.ofSite = plus(held.ofSite, claim);
        if (each.connectionId === connectionId) held.ofConnection = plus(held.ofConnection, claim);
        held.ofAll = plus(held.ofAll, claim);
      }
      const ofSite = plus(days.get(`${day}|${origin}`) ?? nothing, held.ofSite);
      const ever = plus(totals.get(origin) ?? nothing, held.ofSite);
      const ofConnection = plus(days.get(`${day}||${connectionId}`) ?? nothing, held.ofConnection);
      const ofAll = plus(days.get(day) ?? nothing, held.ofAll);
      return {
        calls: rest(budget.callsPerDay, ofSite.calls),
        tokens: least([
          { limit: 'tokensPerDay', amount: rest(budget.tokensPerDay, tokensOf(ofSite)) },
          { limit: 'tokensOfAll', amount: rest(caps.tokensPerDay, tokensOf(ofAll)) },
        ]),
        money: least([
          { limit: 'microUsdPerDay', amount: rest(budget.microUsdPerDay, ofSite.microUsd) },
          { limit: 'microUsdTotal', amount: rest(budget.microUsdTotal, ever.microUsd) },
          { limit: 'microUsdOfConnection', amount: rest(caps.connectionMicroUsdPerDay, ofConnection.microUsd) },
          { limit: 'microUsdOfAll', amount: rest(caps.microUsdPerDay, ofAll.microUsd) },
        ]),
      };
    },

    forgetPrivate() {
      // What it cost still counts for the caps of today, which name no site.
      for (const book of [days, totals]) for (const key of book.keys()) if (key.includes(privateMark)) book.delete(key);
    },
  };
}

/** Of the names of lib/permissions/grant.ts. */
const privateMark = 'private ';

function rest(limit: number | undefined, used: number): number {
  return limit === undefined ? Number.POSITIVE_INFINITY : limit - used;
}

function add(book: Map<string, Spent>, key: string, spent: Spent): Spent {
  const { calls, inputTokens, outputTokens, microUsd, unpriced = 0 } = spent;
  const sum = plus(book.get(key) ?? nothing, { calls, inputTokens, outputTokens, microUsd, unpriced });
  book.set(key, sum);
  return sum;
}
