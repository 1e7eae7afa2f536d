import type { Grant } from '../../lib/permissions/grant.ts';
import { listGrants, watchGrants } from '../../lib/permissions/grants.ts';
import { stored } from './stored.ts';

/** What each site may do. A site may hold one grant of each kind. */
export const grants = stored(listGrants, watchGrants);

/** The one that counts: a block, then what lasts longest. */
export function grantOf(origin: string): Grant | undefined {
  return (grants.value.value ?? [])
    .filter((grant) => grant.origin === origin)
    .sort((one, other) => strength.indexOf(one.decision) - strength.indexOf(other.decision))[0];
}

const strength: Grant['decision'][] = ['block', 'always', 'session', 'once'];
