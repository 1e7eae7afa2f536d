import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../storage/database.ts';
import { createMemoryDatabase } from '../storage/memory-database.ts';
import { type Claim, createLedger, type Hold, today } from './ledger.ts';
import { createActivityLog, listActivity, wipeActivity } from './log.ts';
import { type UsageRows, usageDatabase } from './rows.ts';

const origin = 'https://a.example';
const claim = (more: Partial<Claim> = {}): Claim => ({
  id: crypto.randomUUID(),
  origin,
  connectionId: 'c',
  backend: 'llamacpp',
  model: 'm',
  inputTokens: 40,
  outputTokens: 20,
  microUsd: 6,
  ...more,
});
const spent = { inputTokens: 40, outputTokens: 20, microUsd: 6 };
const noon = new Date(2026, 0, 31, 12).getTime();

describe('the ledger', () => {
  let database: Database<UsageRows>;
  beforeEach(() => {
    database = createMemoryDatabase();
  });
  const open = (now = noon) => createLedger(database, () => now);

  it('lets one of a hundred calls through that each need most of what is left', async () => {
    const ledger = open();
    const budget = { tokensPerDay: 100 };
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => ledger.reserve(claim(), budget)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'budget-exceeded' } });
  });

  it('gives back what was reserved and not used', async () => {
    const ledger = open();
    const hold = await ledger.reserve(claim(), { tokensPerDay: 100 });
    await hold.settle({ inputTokens: 10, outputTokens: 0, microUsd: 1 });
    await hold.settle(spent);
    await (await ledger.reserve(claim(), { tokensPerDay: 70 })).settle(spent);
    await expect(ledger.reserve(claim({ inputTokens: 1, outputTokens: 0 }), { tokensPerDay: 70 })).rejects.toMatchObject({
      code: 'budget-exceeded',
    });
  });

  it.each([
    ['money of the day', { microUsdPerDay: 10 }],
    ['money in all', { microUsdTotal: 10 }],
    ['tokens of the day', { tokensPerDay: 100 }],
  ])('keeps the limit of %s', async (_, budget) => {
    const ledger = open();
    await (await ledger.reserve(claim(), budget)).settle(spent);
    await expect(ledger.reserve(claim(), budget)).rejects.toMatchObject({ code: 'budget-exceeded' });
    await ledger.reserve(claim({ origin: 'https://b.example' }), budget);
  });

  it('starts a new day at midnight of the user, and never forgets the total', async () => {
    let now = noon;
    const ledger = createLedger(database, () => now);
    await (await ledger.reserve(claim(), {})).settle(spent);
    now = new Date(2026, 1, 1, 0, 0, 1).getTime();
    await (await ledger.reserve(claim(), { tokensPerDay: 60 })).settle(spent);
    await expect(ledger.reserve(claim(), { microUsdTotal: 17 })).rejects.toMatchObject({ code: 'budget-exceeded' });
    // A clock that is set back finds the day as it was left.
    now = noon;
    await expect(ledger.reserve(claim(), { tokensPerDay: 60 })).rejects.toMatchObject({ code: 'budget-exceeded' });
  });

  it('counts what a background that died was spending, once, at what was reserved', async () => {
    const dying = open();
    await (await dying.reserve(claim(), {})).settle(spent);
    await (await dying.reserve(claim({ model: 'n' }), {})).write();
    const next = open();
    await next.ready();
    await open().ready();
    const days = await database.list('days');
    expect(days).toEqual([
      ['2026-01-31|https://a.example|c|m', { calls: 1, ...spent }],
      ['2026-01-31|https://a.example|c|n', { calls: 1, ...spent }],
    ]);
    expect(await database.get('totals', origin)).toEqual({ calls: 2, inputTokens: 80, outputTokens: 40, microUsd: 12 });
    expect(await database.list('reservations')).toEqual([]);
    expect((await database.list('activity')).map(([, entry]) => entry)).toMatchObject([{ model: 'n', outcome: 'interrupted' }]);
    await expect(next.reserve(claim(), { tokensPerDay: 130 })).rejects.toMatchObject({ code: 'budget-exceeded' });
  });

  it('reserves what is left where nobody named a length, and ends the answer there', async () => {
    const ledger = open();
    const budget = { tokensPerDay: 100 };
    const hold = await ledger.reserve(claim({ outputTokens: 4_000, isOpenEnded: true }), budget);
    expect(hold.outputTokens).toBe(60);
    expect(hold.grow({ outputTokens: 1, microUsd: 0 })).toBe(false);
    await expect(ledger.reserve(claim({ outputTokens: 4_000, isOpenEnded: true }), budget)).rejects.toMatchObject({
      code: 'budget-exceeded',
    });
  });

  it('takes more for an answer that grows, while there is more', async () => {
    const ledger = open();
    const hold = await ledger.reserve(claim(), { tokensPerDay: 100 });
    expect(hold.grow({ outputTokens: 40, microUsd: 0 })).toBe(true);
    expect(hold.grow({ outputTokens: 1, microUsd: 0 })).toBe(false);
    await expect(ledger.reserve(claim({ inputTokens: 1, outputTokens: 0 }), { tokensPerDay: 100 })).rejects.toMatchObject({});
  });

  it('writes nothing about a private window, and counts it all the same', async () => {
    const ledger = open();
    await (await ledger.reserve(claim({ isPrivate: true }), { tokensPerDay: 100 })).settle(spent);
    await expect(ledger.reserve(claim({ isPrivate: true }), { tokensPerDay: 100 })).rejects.toMatchObject({ code: 'budget-exceeded' });
    expect([await database.list('days'), await database.list('totals'), await database.list('reservations')]).toEqual([[], [], []]);
  });

  it('adds a tenth of a cent a million times, exactly', async () => {
    const ledger = open();
    const row = { calls: 999_999, inputTokens: 0, outputTokens: 0, microUsd: 999_999_000 };
    await database.write([{ store: 'totals', key: origin, row }]);
    await (await ledger.reserve(claim(), {})).settle({ inputTokens: 0, outputTokens: 0, microUsd: 1_000 });
    expect(await database.get('totals', origin)).toMatchObject({ calls: 1_000_000, microUsd: 1_000_000_000 });
  });

  it('never lets spent and reserved together cross the limit, in whatever order calls begin, end and die', async () => {
    const limit = 300;
    const step = fc.oneof(
      fc.record({ do: fc.constant('reserve' as const), input: fc.nat(120), output: fc.nat(120), isOpenEnded: fc.boolean() }),
      fc.record({ do: fc.constant('settle' as const), at: fc.nat(9), used: fc.nat(100) }),
      fc.record({ do: fc.constant('grow' as const), at: fc.nat(9), by: fc.nat(60) }),
      fc.record({ do: fc.constant('die' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const rows = createMemoryDatabase<UsageRows>();
        let ledger = createLedger(rows, () => noon);
        let holds: { hold: Hold; input: number; output: number }[] = [];
        for (const each of steps) {
          if (each.do === 'die') {
            ledger = createLedger(rows, () => noon);
            await ledger.ready();
            holds = [];
          } else if (each.do === 'reserve') {
            const wanted = claim({ inputTokens: each.input, outputTokens: each.output, isOpenEnded: each.isOpenEnded });
            const hold = await ledger.reserve(wanted, { tokensPerDay: limit }).catch(() => undefined);
            if (hold) holds.push({ hold, input: each.input, output: hold.outputTokens });
            await hold?.write();
          } else {
            const picked = holds[each.at % Math.max(1, holds.length)];
            if (!picked) continue;
            if (each.do === 'grow') {
              if (picked.hold.grow({ outputTokens: each.by, microUsd: 0 })) picked.output += each.by;
            } else {
              holds = holds.filter((hold) => hold !== picked);
              await picked.hold.settle({ inputTokens: picked.input, outputTokens: Math.min(each.used, picked.output), microUsd: 0 });
            }
          }
          const total = await rows.get('totals', origin);
          const reserved = holds.reduce((sum, { input, output }) => sum + input + output, 0);
          expect((total?.inputTokens ?? 0) + (total?.outputTokens ?? 0) + reserved).toBeLessThanOrEqual(limit);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('tells a page of ours what a site used today', async () => {
    const ledger = createLedger(usageDatabase);
    await (await ledger.reserve(claim({ origin: 'https://today.example' }), {})).settle(spent);
    await (await ledger.reserve(claim({ origin: 'https://today.example', model: 'n' }), {})).settle(spent);
    expect(await today('https://today.example')).toEqual({ calls: 2, tokens: 120, microUsd: 12 });
    expect(await today('https://today.exampl')).toEqual({ calls: 0, tokens: 0, microUsd: 0 });
  });
});

describe('the activity log', () => {
  const entry = (startedAt: number, of = origin) => ({
    id: crypto.randomUUID(),
    origin: of,
    connectionId: 'c',
    backend: 'llamacpp',
    model: 'm',
    startedAt,
    durationMs: 5,
    outcome: 'done' as const,
  });

  it('lists the newest first, of all sites or of one, and can be wiped', async () => {
    const log = createActivityLog(usageDatabase);
    for (const [index, of] of ['https://a.example', 'https://b.example', 'https://a.example'].entries())
      await log.add(entry(1_000 * (index + 1), of));
    expect((await listActivity()).map(({ startedAt }) => startedAt)).toEqual([3_000, 2_000, 1_000]);
    expect((await listActivity({ limit: 1 })).map(({ startedAt }) => startedAt)).toEqual([3_000]);
    expect((await listActivity({ origin: 'https://a.example', limit: 1 })).map(({ startedAt }) => startedAt)).toEqual([3_000]);
    await wipeActivity();
    expect(await listActivity()).toEqual([]);
  });

  it('drops what is older than thirty days, and the oldest of too many', async () => {
    const rows = createMemoryDatabase<UsageRows>();
    const log = createActivityLog(rows, () => noon);
    await log.add(entry(noon - 31 * 24 * 3_600_000));
    for (let n = 0; n < 300; n++) await log.add(entry(noon - n));
    expect(await rows.list('activity')).toHaveLength(300);
    await rows.write(Array.from({ length: 5_000 }, (_, n) => ({ store: 'activity', key: `1|${n}`, row: entry(noon) })));
    await log.prune();
    expect(await rows.list('activity')).toHaveLength(5_000);
  });
});
