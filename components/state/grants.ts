import { type Grant, isSameSubject, type Subject } from '../../lib/permissions/grant.ts';
import { byStrength, listGrants, watchGrants } from '../../lib/permissions/grants.ts';
import { stored } from './stored.ts';

/** What each site may do, in ordinary and in private windows. A site may hold one grant of each kind. */
export const grants = stored(async () => [...(await listGrants()), ...(await listGrants({ isPrivate: true }))], watchGrants);

/** The one that counts: a block, then what lasts longest. */
export function grantOf(subject: Subject): Grant | undefined {
  return (grants.value.value ?? []).filter((grant) => isSameSubject(grant, subject)).sort(byStrength)[0];
}

/** Frames of other origins that may use models inside this page. */
export function grantsInside({ origin, isPrivate = false }: Subject): Grant[] {
  return (grants.value.value ?? []).filter((grant) => grant.topOrigin === origin && (grant.isPrivate ?? false) === isPrivate);
}
