import { createItem } from '../storage/item.ts';

/** Denials of one asker, kept until the browser closes. */
interface Denials {
  /** When, as far as the window of counting reaches. */
  times: number[];
  /** How many cool-downs it has had. */
  level: number;
  until: number;
}

const windowMs = 30_000;
const denialsInWindow = 3;
/** Each cool-down is followed by a longer one. */
const coolDownsMs = [60_000, 600_000, 86_400_000];
/** A call that was refused does not ask again for so long; only an explicit request for access does. */
const stickyMs = 600_000;

/** Milliseconds until any of the askers may ask again; 0 for now. */
export async function coolDownOf(askers: string[], now = Date.now()): Promise<number> {
  const all = await denials.get();
  return Math.max(0, ...askers.map((asker) => (all[asker]?.until ?? 0) - now));
}

/** The user said no so recently that asking again would be pestering. */
export async function isStillDenied(asker: string, now = Date.now()): Promise<boolean> {
  const last = (await denials.get())[asker]?.times.at(-1);
  return last !== undefined && now - last < stickyMs;
}

/** Three denials within thirty seconds start a cool-down; after the first, every further denial starts the next. */
export async function recordDenial(askers: string[], now = Date.now()): Promise<void> {
  await denials.update((all) => {
    const next = { ...all };
    for (const asker of askers) next[asker] = denied(all[asker], now);
    return next;
  });
}

export async function forgive(askers: string[]): Promise<void> {
  await denials.update((all) => {
    const left = Object.entries(all).filter(([asker]) => !askers.includes(asker));
    return left.length === Object.keys(all).length ? all : Object.fromEntries(left);
  });
}

const denials = createItem<Record<string, Denials>>({
  area: 'session',
  key: 'denials',
  fallback: {},
  parse: (stored) => ({ ...(stored as Record<string, Denials>) }),
});

function denied(before: Denials = { times: [], level: 0, until: 0 }, now: number): Denials {
  const times = [...before.times.filter((time) => now - time < windowMs), now];
  if (before.level === 0 && times.length < denialsInWindow) return { ...before, times };
  const coolDown = coolDownsMs[Math.min(before.level, coolDownsMs.length - 1)] ?? 0;
  return { times: [now], level: before.level + 1, until: now + coolDown };
}
