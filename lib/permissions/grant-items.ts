import { createItem, type Item } from '../storage/item.ts';
import type { Grant, Subject } from './grant.ts';
import { parseGrants, type StoredGrants } from './grant-schema.ts';

/** An 'always' that is not used for so long ends by itself. */
export const idleLifeMs = 30 * 24 * 3_600_000;

export const none: StoredGrants = { grants: [], seenAt: 0 };

const shared = { version: 2, fallback: none, parse: parseGrants };

/** What stays when the browser closes, what does not, and what private windows were granted. */
export const lasting = createItem({ area: 'local', key: 'grants', hasCopy: true, ...shared });
export const ofSession = createItem({ area: 'session', key: 'grants', ...shared });
export const ofPrivate = createItem({ area: 'session', key: 'grants.private', ...shared });

/** Where a grant of its kind lives. */
export function homeOf({ decision, isPrivate }: Pick<Grant, 'decision' | 'isPrivate'>): Item<StoredGrants> {
  if (isPrivate) return ofPrivate;
  return decision === 'always' || decision === 'block' ? lasting : ofSession;
}

/** Every place where grants of the subject may be. */
export function homesOf({ isPrivate }: Pick<Subject, 'isPrivate'>): Item<StoredGrants>[] {
  return isPrivate ? [ofPrivate] : [lasting, ofSession];
}

/** Where a 'once' lives. */
export function sessionOf(isPrivate: boolean): Item<StoredGrants> {
  return isPrivate ? ofPrivate : ofSession;
}

/** The latest time ever seen: a clock that is set back does not bring an ended grant to life. */
export function timeOf({ seenAt }: StoredGrants): number {
  return Math.max(Date.now(), seenAt);
}

/** The grants with the time they were written at. */
export function stamped(stored: StoredGrants, grants: Grant[]): StoredGrants {
  return { grants, seenAt: timeOf(stored) };
}

/** Takes out what does not match; the same value where all of it does. */
export function kept(stored: StoredGrants, isKept: (grant: Grant) => boolean): StoredGrants {
  const left = stored.grants.filter(isKept);
  return left.length === stored.grants.length ? stored : stamped(stored, left);
}

/** Not ended yet. */
export function isInForce({ expiresAt }: Grant, now: number): boolean {
  return expiresAt === undefined || now < expiresAt;
}

/** A 'once' that was used: listed until its call ends, and good for no other. */
export function isSpent({ decision, lastUsedAt }: Grant): boolean {
  return decision === 'once' && lastUsedAt !== undefined;
}
