import type { Connection } from '../connections/connection.ts';
import { managedId } from '../connections/managed.ts';
import { type Grant, type GrantLimits, grantAbilities } from '../permissions/grant.ts';
import { openRules } from '../permissions/grant-schema.ts';
import { grantedByPolicy, isSiteAllowed } from '../policy/allowed-sites.ts';
import type { Policy, PolicyLimits } from '../policy/policy.ts';
import type { SiteCaller } from './caller.ts';

/** Whether an organisation lets this page, and the page it is a frame of, have access at all. */
export function isAllowedByPolicy(policy: Policy, { origin, topOrigin = origin }: Pick<SiteCaller, 'origin' | 'topOrigin'>): boolean {
  return isSiteAllowed(policy, origin) && isSiteAllowed(policy, topOrigin);
}

/** What the user granted, within the bounds of the policy, and what the policy grants on top. A block by the user holds. */
export function withPolicy(policy: Policy, grants: Grant[], caller: SiteCaller, connections: Connection[]): Grant[] {
  if (grants.some(({ decision }) => decision === 'block')) return grants;
  const given = policyGrant(policy, caller, connections);
  return [...grants, ...(given ? [given] : [])].map((grant) => bounded(grant, policy));
}

/** The id that grants of a policy have; nobody holds one in storage. */
export const policyGrantId = 'policy';

/** Only for the page itself: a frame of it was not named by anybody. */
function policyGrant(policy: Policy, { origin, topOrigin, isPrivate }: SiteCaller, connections: Connection[]): Grant | undefined {
  if (topOrigin !== undefined || isPrivate) return undefined;
  const models = grantedByPolicy(policy, origin).flatMap(({ connection, model }) => {
    const found = connections.find(({ id }) => id === managedId(connection));
    return found ? [{ connectionId: found.id, model, revision: found.revision }] : [];
  });
  if (models.length === 0) return undefined;
  return {
    v: 2,
    id: policyGrantId,
    origin,
    decision: 'always',
    models,
    abilities: [...grantAbilities],
    limits: {},
    rules: openRules,
    history: 'meta',
    source: 'policy',
    createdAt: 0,
  };
}

function bounded(grant: Grant, { limits, features }: Policy): Grant {
  const history = grant.history === 'full' && !features.fullTextActivity ? 'meta' : grant.history;
  const names = ['callsPerMinute', 'concurrent', 'tokensPerDay', 'microUsdPerDay'] as const satisfies (keyof PolicyLimits &
    keyof GrantLimits)[];
  const held = names.flatMap((name) => {
    const bound = limits[name];
    return bound === undefined ? [] : [[name, Math.min(bound, grant.limits[name] ?? bound)] as const];
  });
  if (held.length === 0 && history === grant.history) return grant;
  return { ...grant, history, limits: { ...grant.limits, ...Object.fromEntries(held) } };
}
