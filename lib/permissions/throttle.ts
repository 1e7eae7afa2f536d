import { SwitchboardError } from '../protocol/errors.ts';
import { refusal } from '../protocol/page-errors.ts';
import { createItem } from '../storage/item.ts';
import { type Subject, subjectName } from './grant.ts';
import { siteGroup } from './site-group.ts';

/** Denials of one asker, kept until the browser closes. */
interface Denials {
  /** When, as far as the window of counting reaches. */
  times: number[];
  /** How many cool-downs it has had. */
  level: number;
  until: number;
}

/** Questions without a yes, of all origins of one registered name. */
type Group = { at: number; by: string }[];

const windowMs = 30_000;
const denialsInWindow = 3;
/** Each cool-down is followed by a longer one. */
const coolDownsMs = [60_000, 600_000, 86_400_000];
/** A call that was refused does not ask again for so long; only an explicit request for access does. */
const stickyMs = 600_000;
/** What the other origins of a registered name may have asked in vain: who asks from ever new subdomains ends here. */
const questionsOfGroup = 3;
const groupWindowMs = 600_000;
/** And what a site may have asked in vain itself, in the window of denials: who takes each question back ends here. */
const ownQuestions = 3;
const ownPauseMs = 60_000;

/** Who asks: the site, and the tab it asks from. Fifty subdomains in one tab are one asker. */
export interface Asker extends Subject {
  isPrivate: boolean;
  tabId: number;
}

/**
 * Throws `denied` when the user said no so recently or so often that asking again would be pestering. Only an explicit
 * request for access may ask again after a single no.
 */
export async function refuseIfDenied(asker: Asker, isExplicit: boolean, now = Date.now()): Promise<void> {
  const [all, groups] = await Promise.all([denials.get(), vain.get()]);
  const coolDown = Math.max(...namesOf(asker).map((name) => (all[name]?.until ?? 0) - now));
  const wait = Math.max(coolDown, groupWait(groups[groupOf(asker)], siteKey(asker), now));
  if (wait > 0) {
    const seconds = Math.ceil(wait / 1000);
    const message = `The user was asked several times in vain. This site may ask again in ${seconds} seconds.`;
    throw new SwitchboardError('denied', message, { retryAfterSeconds: seconds });
  }
  const last = all[siteKey(asker)]?.times.at(-1);
  if (!isExplicit && last !== undefined && now - last < stickyMs) throw refusal('denied');
}

/** Three denials within thirty seconds start a cool-down; after the first, every further denial starts the next. */
export async function recordDenial(asker: Asker, now = Date.now()): Promise<void> {
  await denials.update((all) => {
    const next = { ...all };
    for (const name of namesOf(asker)) next[name] = denied(all[name], now);
    return next;
  });
  await recordVain(asker, now);
}

/** A question that got no yes. Also one that the page took back: windows that flash up are no better than refused ones. */
export async function recordVain(asker: Asker, now = Date.now()): Promise<void> {
  const name = groupOf(asker);
  await vain.update((groups) => {
    const recent = (groups[name] ?? []).filter(({ at }) => now - at < groupWindowMs);
    return { ...groups, [name]: [...recent, { at: now, by: siteKey(asker) }].slice(-maxOfGroup) };
  });
}

/** The user said yes. */
export async function forgive(asker: Asker): Promise<void> {
  const names = namesOf(asker);
  await denials.update((all) => {
    const left = Object.entries(all).filter(([name]) => !names.includes(name));
    return left.length === Object.keys(all).length ? all : Object.fromEntries(left);
  });
  await vain.update((groups) => {
    const { [groupOf(asker)]: group, ...others } = groups;
    return group ? others : groups;
  });
}

/** A site and the same site in a private window, or in another page, are two. */
export function siteKey(subject: Subject): string {
  return subjectName(subject);
}

function namesOf(asker: Asker): string[] {
  return [siteKey(asker), `tab ${asker.tabId}`];
}

/** Private windows apart, so that neither kind learns of the other. */
function groupOf({ origin, isPrivate }: Asker): string {
  return `${isPrivate ? 'private ' : ''}group ${siteGroup(origin)}`;
}

const denials = createItem<Record<string, Denials>>({
  area: 'session',
  key: 'denials',
  fallback: {},
  parse: (stored) => ({ ...(stored as Record<string, Denials>) }),
});

const vain = createItem<Record<string, Group>>({
  area: 'session',
  key: 'asked-in-vain',
  fallback: {},
  parse: (stored) => ({ ...(stored as Record<string, Group>) }),
});

/** Enough to know of any origin whether others asked. */
const maxOfGroup = 2 * questionsOfGroup;

function groupWait(group: Group = [], own: string, now: number): number {
  const others = group.filter(({ at, by }) => by !== own && now - at < groupWindowMs);
  const counted = others.at(-questionsOfGroup);
  return Math.max(counted ? counted.at + groupWindowMs - now : 0, ownWait(group, own, now));
}

function ownWait(group: Group, own: string, now: number): number {
  const mine = group.filter(({ by }) => by === own);
  const [first, last] = [mine.at(-ownQuestions), mine.at(-1)];
  return first && last && last.at - first.at < windowMs ? last.at + ownPauseMs - now : 0;
}

function denied(before: Denials = { times: [], level: 0, until: 0 }, now: number): Denials {
  const times = [...before.times.filter((time) => now - time < windowMs), now];
  if (before.level === 0 && times.length < denialsInWindow) return { ...before, times };
  const coolDown = coolDownsMs[Math.min(before.level, coolDownsMs.length - 1)] ?? 0;
  return { times: [now], level: before.level + 1, until: now + coolDown };
}
