import type { DayRow } from '../../lib/usage/history.ts';
import { dayOf } from '../../lib/usage/spent.ts';

export type Metric = 'tokens' | 'money' | 'calls';
export interface Bar {
  name: string;
  value: number;
  /** Calls among them whose price nobody knows. */
  unpriced: number;
}

/** One bar for each of the last days, the days without anything among them. */
export function barsByDay(rows: readonly DayRow[], metric: Metric, days: number, now: number): Bar[] {
  const today = new Date(now);
  const names = Array.from({ length: days }, (_, index) =>
    dayOf(new Date(today.getFullYear(), today.getMonth(), today.getDate() - (days - 1 - index), 12).getTime()),
  );
  const sums = sum(rows, metric, ({ day }) => day);
  return names.map((name) => sums.get(name) ?? { name, value: 0, unpriced: 0 });
}

/** The largest first; what is beyond `most` is one bar with an empty name. */
export function largestBars(rows: readonly DayRow[], metric: Metric, nameOf: (row: DayRow) => string, most: number): Bar[] {
  const bars = [...sum(rows, metric, nameOf).values()].filter(({ value }) => value > 0).sort((one, other) => other.value - one.value);
  const rest = bars.slice(most);
  if (rest.length === 0) return bars;
  return [...bars.slice(0, most), rest.reduce((all, bar) => added(all, bar.value, bar.unpriced), { name: '', value: 0, unpriced: 0 })];
}

export function total(bars: readonly Bar[]): Bar {
  return bars.reduce((all, { value, unpriced }) => added(all, value, unpriced), { name: '', value: 0, unpriced: 0 });
}

function sum(rows: readonly DayRow[], metric: Metric, nameOf: (row: DayRow) => string): Map<string, Bar> {
  const bars = new Map<string, Bar>();
  for (const row of rows) {
    const name = nameOf(row);
    bars.set(name, added(bars.get(name) ?? { name, value: 0, unpriced: 0 }, amountOf(row, metric), row.unpriced ?? 0));
  }
  return bars;
}

function added(bar: Bar, value: number, unpriced: number): Bar {
  return { ...bar, value: bar.value + value, unpriced: bar.unpriced + unpriced };
}

function amountOf({ calls, inputTokens, outputTokens, microUsd }: DayRow, metric: Metric): number {
  return { tokens: inputTokens + outputTokens, money: microUsd, calls }[metric];
}
