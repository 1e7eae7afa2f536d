import { beforeEach, describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { Database } from '../storage/database.ts';
import { createMemoryDatabase } from '../storage/memory-database.ts';
import { textOf, wipeActivity } from './history.ts';
import { type Claim, createLedger, today } from './ledger.ts';
import { createActivityLog, listActivity } from './log.ts';
import { activityKey, type UsageRows, usageDatabase } from './rows.ts';
import { changeUsageSettings } from './settings.ts';
import { textDatabase } from './texts.ts';

const origin = 'https://a.example';
const claim = (more: Partial<Claim> = {}): Claim => ({
  id: crypto.randomUUID(),
  origin,
  connectionId: 'c',
  backend: 'llamacpp',
  model: 'm',
  inputTokens: 40,
  outputTokens: 20,
  cost: (input, output) => Math.round((input + output) / 10),
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

  it('counts each answer of one request as a call of the day, also of a background that died', async () => {
    const ledger = open();
    await (await ledger.reserve(claim({ calls: 3 }), { callsPerDay: 5 })).settle(spent);
    await expect(ledger.reserve(claim({ calls: 3 }), { callsPerDay: 5 })).rejects.toMatchObject({ cause: { limit: 'callsPerDay' } });
    const waiting = await ledger.reserve(claim({ calls: 2 }), { callsPerDay: 5 });
    await expect(ledger.reserve(claim(), { callsPerDay: 5 })).rejects.toMatchObject({ cause: { limit: 'callsPerDay' } });
    await waiting.write();
    const next = open();
    await next.ready();
    expect(await database.get('totals', origin)).toMatchObject({ calls: 5 });
  });

  it('says that a cost is unknown only where something was used and nobody named it', async () => {
    const ledger = open();
    const { cost: _, ...unpriced } = claim();
    await (await ledger.reserve({ ...unpriced, id: '1' }, {})).settle({ inputTokens: 0, outputTokens: 0, microUsd: 0 });
    await (await ledger.reserve({ ...unpriced, id: '2' }, {})).settle(spent);
    expect(await database.get('totals', origin)).not.toHaveProperty('unpriced');
    await (await ledger.reserve({ ...unpriced, id: '3' }, {})).settle({ ...spent, microUsd: 0 });
    expect(await database.get('totals', origin)).toMatchObject({ calls: 3, unpriced: 1 });
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
    expect(hold.grow(1)).toBe(false);
    await expect(ledger.reserve(claim({ outputTokens: 4_000, isOpenEnded: true }), budget)).rejects.toMatchObject({
      code: 'budget-exceeded',
    });
  });

  it('takes more for an answer that grows, while there is more', async () => {
    const ledger = open();
    const hold = await ledger.reserve(claim(), { tokensPerDay: 100 });
    expect(hold.grow(40)).toBe(true);
    expect(hold.grow(1)).toBe(false);
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

  it('tells a page of ours what a site used today', async () => {
    const ledger = createLedger(usageDatabase);
    await (await ledger.reserve(claim({ origin: 'https://today.example' }), {})).settle(spent);
    await (await ledger.reserve(claim({ origin: 'https://today.example', model: 'n' }), {})).settle(spent);
    expect(await today('https://today.example')).toEqual({ calls: 2, tokens: 120, microUsd: 12 });
    expect(await today('https://today.exampl')).toEqual({ calls: 0, tokens: 0, microUsd: 0 });
  });
});

describe('the activity log', () => {
  beforeEach(() => fakeBrowser.reset());

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
    const now = Date.now();
    for (const [index, of] of ['https://a.example', 'https://b.example', 'https://a.example'].entries())
      await log.add(entry(now + index, of));
    expect((await listActivity()).map(({ startedAt }) => startedAt - now)).toEqual([2, 1, 0]);
    expect((await listActivity({ limit: 1 })).map(({ startedAt }) => startedAt - now)).toEqual([2]);
    expect((await listActivity({ origin: 'https://a.example', limit: 1 })).map(({ startedAt }) => startedAt - now)).toEqual([2]);
    await wipeActivity();
    expect(await listActivity()).toEqual([]);
  });

  it('drops what is older than the user keeps, and the oldest of too many, with their words', async () => {
    const rows = createMemoryDatabase<UsageRows>();
    const log = createActivityLog(rows, () => noon);
    await changeUsageSettings((settings) => ({ ...settings, keepDays: 30, keepEntries: 2_500 }));
    const old = entry(noon - 31 * 24 * 3_600_000);
    await rows.write([{ store: 'activity', key: activityKey(old), row: old }]);
    await textDatabase.write([{ store: 'texts', key: activityKey(old), row: { asked: 'a', answered: 'b' } }]);
    await log.add(entry(noon));
    expect(await rows.list('activity')).toHaveLength(1);
    expect(await textDatabase.count('texts')).toBe(0);
    const many = Array.from({ length: 6_000 }, (_, n) => entry(noon - 1 - n));
    await rows.write(many.map((row) => ({ store: 'activity', key: activityKey(row), row })));
    await log.prune();
    const kept = await rows.list('activity');
    expect([kept.length, kept[0]?.[1].startedAt, kept.at(-1)?.[1].startedAt]).toEqual([2_500, noon - 2_499, noon]);
  });

  it('keeps the words apart, and only where they are given', async () => {
    const log = createActivityLog(createMemoryDatabase<UsageRows>());
    const told = entry(Date.now());
    await log.add(told, { asked: 'user: Hi', answered: 'x'.repeat(300_000) });
    await log.add(entry(Date.now()));
    expect(await textDatabase.count('texts')).toBe(1);
    expect((await textOf(told))?.answered).toHaveLength(200_000);
    await wipeActivity();
  });

  it('tells in one line of a page that will not stop', async () => {
    const rows = createMemoryDatabase<UsageRows>();
    const log = createActivityLog(rows);
    for (let n = 0; n < 100; n++) await log.refuse({ ...entry(noon + n), outcome: 'rate-limited', limit: 'callsPerMinute' });
    await log.refuse({ ...entry(noon, 'https://b.example'), outcome: 'rate-limited', limit: 'callsPerMinute' });
    const lines = (await rows.list('activity')).map(([, { origin, times = 1 }]) => `${origin} ${times}`);
    expect(lines.sort()).toEqual(['https://a.example 64', 'https://b.example 1']);
  });
});
