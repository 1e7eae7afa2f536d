import type { Grant, Subject } from './grant.ts';
import { findGrants } from './grants.ts';

/**
 * The grants of a subject. For a frame that holds none inside its page: those that its site has for itself, where the
 * user allowed both sites for longer than one call. It runs by its own rules and limits then; whether the page hands its
 * models on to it is asked before (delegation.ts).
 */
export async function findGrantsOfBoth(subject: Subject, isFresh = false): Promise<Grant[]> {
  const { topOrigin, ...alone } = subject;
  const found = await findGrants(subject, isFresh);
  if (found.length > 0 || topOrigin === undefined) return found;
  const page = await findGrants({ ...alone, origin: topOrigin }, isFresh);
  const isPageAllowed = page.some(isLasting) && !page.some(({ decision }) => decision === 'block');
  return isPageAllowed ? (await findGrants(alone, isFresh)).filter((grant) => isLasting(grant) || grant.decision === 'block') : [];
}

function isLasting({ decision }: Grant): boolean {
  return decision === 'always' || decision === 'session';
}
