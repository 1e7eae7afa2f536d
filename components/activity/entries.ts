import { type ReadonlySignal, signal } from '@preact/signals';
import type { ActivityEntry } from '../../lib/usage/activity.ts';
import { allActivity, latestActivity } from '../../lib/usage/history.ts';
import { watchUsage } from '../../lib/usage/ledger.ts';

/** Every entry that is kept, newest first. */
export interface Entries {
  /** Undefined until the first of them were read. */
  list: ReadonlySignal<readonly ActivityEntry[] | undefined>;
  /** All of them are there; until then the newest alone. */
  isWhole: ReadonlySignal<boolean>;
  reload(): Promise<void>;
  stop(): void;
}

const shownAtOnce = 100;
/** Entries stand in the order in which calls began, and a long one is told late. */
const lookedBackOn = 300;

/** Shows the newest at once, reads the rest behind them, and then only what changes. */
export function readEntries(): Entries {
  const list = signal<readonly ActivityEntry[] | undefined>(undefined);
  const isWhole = signal(false);
  let reading = 0;

  async function reload(): Promise<void> {
    reading += 1;
    const mine = reading;
    isWhole.value = false;
    const newest = await latestActivity(shownAtOnce);
    if (mine !== reading) return;
    list.value = newest;
    const all: ActivityEntry[] = [];
    for await (const entries of allActivity()) all.push(...entries);
    if (mine !== reading) return;
    list.value = all.reverse();
    isWhole.value = true;
  }

  async function look(): Promise<void> {
    if (!isWhole.value || !list.value) return;
    const latest = await latestActivity(lookedBackOn);
    const [oldest] = latest.slice(-1);
    if (!oldest) list.value = [];
    else list.value = [...latest, ...list.value.filter((entry) => isBefore(entry, oldest))];
  }

  const undo = watchUsage(() => void look());
  void reload();
  return {
    list,
    isWhole,
    reload,
    stop() {
      reading += 1;
      undo();
    },
  };
}

/** In the order of lib/usage/rows.ts. */
function isBefore(one: ActivityEntry, other: ActivityEntry): boolean {
  return one.startedAt < other.startedAt || (one.startedAt === other.startedAt && one.id < other.id);
}
