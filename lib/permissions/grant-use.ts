import type { Grant } from './grant.ts';
import { idleLifeMs, isInForce, isSpent, kept, lasting, none, ofPrivate, ofSession, sessionOf, stamped, timeOf } from './grant-items.ts';

/** Spends a 'once': true for exactly one caller. The grant stays listed, unusable, until `endOnce`, so that it can be revoked. */
export async function takeOnce(id: string, isPrivate = false): Promise<boolean> {
  let isTaken = false;
  await sessionOf(isPrivate).update((stored) => {
    const usable = stored.grants.find((grant) => grant.id === id && !isSpent(grant));
    isTaken = usable !== undefined;
    if (!usable) return stored;
    return stamped(
      stored,
      stored.grants.map((grant) => (grant === usable ? { ...grant, lastUsedAt: Date.now() } : grant)),
    );
  });
  return isTaken;
}

export async function endOnce(id: string, isPrivate = false): Promise<void> {
  await sessionOf(isPrivate).update((stored) => kept(stored, (grant) => grant.id !== id));
}

/** Remembers that it was used, at most once an hour, and so puts off the end of an 'always'. */
export async function touchGrant({ id, decision, lastUsedAt = 0, isPrivate }: Grant): Promise<void> {
  const known = Math.max(lastUsedAt, touched.get(id) ?? 0);
  if (decision !== 'always' || isPrivate || Date.now() - known < touchEveryMs) return;
  // A hundred calls at once would write a hundred times, and each writing is heard by all that run.
  touched.set(id, Date.now());
  await lasting.update((stored) => {
    const now = timeOf(stored);
    const touch = (grant: Grant) => ({ ...grant, lastUsedAt: now, ...(grant.expiresAt !== undefined && { expiresAt: now + idleLifeMs }) });
    return stamped(
      stored,
      stored.grants.map((grant) => (grant.id === id ? touch(grant) : grant)),
    );
  });
}

/** Forgets what has ended, and what a background that died left spent. For the start of the background. */
export async function pruneGrants(): Promise<void> {
  for (const item of [lasting, ofSession, ofPrivate]) {
    await item.update((stored) => kept(stored, (grant) => isInForce(grant, timeOf(stored)) && !isSpent(grant)));
  }
}

/** The last private window has closed: what was allowed there ends with it. */
export async function forgetPrivateGrants(): Promise<void> {
  await ofPrivate.update((stored) => (stored.grants.length === 0 ? stored : none));
}

const touchEveryMs = 3_600_000;
/** When a grant was written last, by id; a background that starts again may write it once more. */
const touched = new Map<string, number>();
