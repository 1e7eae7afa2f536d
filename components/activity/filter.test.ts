import { describe, expect, it } from 'vitest';
import type { ActivityEntry } from '../../lib/usage/activity.ts';
import type { DayRow } from '../../lib/usage/history.ts';
import { activityKey } from '../../lib/usage/rows.ts';
import { textDatabase } from '../../lib/usage/texts.ts';
import { barsByDay, largestBars, total } from './bars.ts';
import { toCsv, toJson } from './export.ts';
import { choicesOf, everything, matching } from './filter.ts';
import { entriesWithWords } from './use-words.ts';

const noon = new Date(2026, 0, 31, 12).getTime();
const entry = (more: Partial<ActivityEntry> = {}): ActivityEntry => ({
  id: crypto.randomUUID(),
  origin: 'https://a.example',
  connectionId: 'c',
  backend: 'llamacpp',
  model: 'm',
  startedAt: noon,
  durationMs: 5,
  outcome: 'done',
  ...more,
});
const row = (more: Partial<DayRow> = {}): DayRow => ({
  day: '2026-01-31',
  origin: 'https://a.example',
  connectionId: 'c',
  model: 'm',
  calls: 1,
  inputTokens: 10,
  outputTokens: 5,
  microUsd: 100,
  ...more,
});

describe('the filter of activity', () => {
  const entries = [
    entry(),
    entry({ origin: 'https://b.example', model: 'large', outcome: 'budget-exceeded' }),
    entry({ startedAt: new Date(2026, 0, 30, 23, 59).getTime() }),
  ];
  const found = (filter: Partial<typeof everything>) =>
    matching(entries, { ...everything, ...filter }, ({ origin, model }) => `${origin} ${model}`.toLowerCase()).map((each) =>
      entries.indexOf(each),
    );

  it('finds by every word, by site, model and outcome', () => {
    expect(found({})).toEqual([0, 1, 2]);
    expect(found({ text: 'LARGE b.ex' })).toEqual([1]);
    expect(found({ text: 'large a.ex' })).toEqual([]);
    expect(found({ origin: 'https://a.example', outcome: 'done' })).toEqual([0, 2]);
    expect(found({ outcome: 'failed' })).toEqual([1]);
  });

  it('takes days as the user’s own, both ends among them', () => {
    expect(found({ from: '2026-01-31' })).toEqual([0, 1]);
    expect(found({ to: '2026-01-30' })).toEqual([2]);
    expect(found({ from: '2026-01-30', to: '2026-01-31' })).toEqual([0, 1, 2]);
  });

  it('offers what there is, the most frequent first', () => {
    expect(choicesOf(entries, 'origin')).toEqual(['https://a.example', 'https://b.example']);
  });

  it('finds by the words that were kept too, each word in the line or in them', async () => {
    const [quokka, otter] = [entry({ id: 'q', hasText: true }), entry({ id: 'o', hasText: true, startedAt: noon - 1 })];
    await textDatabase.write([
      { store: 'texts', key: activityKey(quokka), row: { asked: 'user: What is a Quokka?', answered: 'A small marsupial.' } },
      { store: 'texts', key: activityKey(otter), row: { asked: 'user: And an otter?', answered: 'A small swimmer.' } },
      { store: 'texts', key: 'of a call that is not shown', row: { asked: 'quokka', answered: '' } },
    ]);
    const find = async (text: string) => {
      let found: ReadonlySet<ActivityEntry> = new Set();
      const { signal } = new AbortController();
      await entriesWithWords([quokka, otter, entry()], text, ({ model }) => model, { show: (hits) => (found = hits), signal });
      return found;
    };
    expect([...(await find('small QUOKKA'))]).toEqual([quokka]);
    expect((await find('small')).size).toBe(2);
    expect([...(await find(`swimmer ${otter.model}`))]).toEqual([otter]);
    const found = matching([quokka, otter], { ...everything, text: 'quokka' }, () => '', await find('quokka'));
    expect(found).toEqual([quokka]);
  });

  it('finds each of more calls than are read at a time', async () => {
    const many = Array.from({ length: 1_203 }, (_, n) => entry({ id: `${n}`, startedAt: noon - 10 - n, hasText: true }));
    const words = many.map((each) => ({
      store: 'texts' as const,
      key: activityKey(each),
      row: { asked: `needle ${each.id}`, answered: '' },
    }));
    await textDatabase.write(words);
    let found: ReadonlySet<ActivityEntry> = new Set();
    const { signal } = new AbortController();
    await entriesWithWords(many, 'needle', () => '', { show: (hits) => (found = hits), signal });
    expect(found.size).toBe(many.length);
  });

  it('goes through fifty thousand entries at once', () => {
    const many = Array.from({ length: 50_000 }, (_, n) => entry({ model: `model-${n % 40}` }));
    expect(matching(many, { ...everything, text: 'model-39' }, ({ model }) => model)).toHaveLength(1_250);
  });
});

describe('the export of activity', () => {
  it('quotes what a spreadsheet needs quoted, and lets no name of a model become a formula', () => {
    const used = { usage: { inputTokens: 3, outputTokens: 4, estimated: true as const }, costMicroUsd: 1_500 };
    const csv = toCsv([entry({ ...used, model: '=HYPERLINK("https://evil.example")' }), entry({ model: 'a,b\n"c"' })], () => '-1+1');
    const [head, first] = csv.split('\r\n');
    expect(head?.startsWith('\uFEFFtime,site,')).toBe(true);
    expect(first).toContain(`'-1+1,llamacpp,"'=HYPERLINK(""https://evil.example"")",3,4,true,0.0015,`);
    expect(csv).toContain('"a,b\n""c"""');
  });

  it('is the entries themselves as JSON, with the words that were kept', async () => {
    const kept = entry({ id: 'kept', hasText: true });
    const words = { asked: 'user: What is a Quokka?', answered: 'A small marsupial.' };
    await textDatabase.write([{ store: 'texts', key: activityKey(kept), row: words }]);
    const { hasText: _, ...line } = kept;
    const other = entry();
    expect(JSON.parse(await toJson([other, kept]))).toEqual([other, { ...line, ...words }]);
  });
});

describe('the bars of activity', () => {
  it('have a bar for each day, also for those without a call', () => {
    const bars = barsByDay([row(), row({ model: 'n' }), row({ day: '2026-01-29', inputTokens: 1 })], 'tokens', 4, noon);
    expect(bars.map(({ name, value }) => [name.slice(-2), value])).toEqual([
      ['28', 0],
      ['29', 6],
      ['30', 0],
      ['31', 30],
    ]);
    expect(total(bars).value).toBe(36);
  });

  it('put the largest first and the small ones together', () => {
    const rows = [1, 5, 3, 2].map((calls) => row({ origin: `https://${calls}.example`, calls, unpriced: 1 }));
    expect(largestBars(rows, 'calls', ({ origin }) => origin, 2)).toEqual([
      { name: 'https://5.example', value: 5, unpriced: 1 },
      { name: 'https://3.example', value: 3, unpriced: 1 },
      { name: '', value: 3, unpriced: 2 },
    ]);
  });

  it('count money in dollars that are known, and say how many calls are not', () => {
    expect(total(barsByDay([row(), row({ microUsd: 0, unpriced: 2 })], 'money', 1, noon))).toMatchObject({ value: 100, unpriced: 2 });
  });
});
