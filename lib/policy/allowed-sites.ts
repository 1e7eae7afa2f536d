import type { Policy } from './policy.ts';
import { isSiteMeant } from './site-pattern.ts';

/** Whether the policy lets that site have access at all, whatever the user says. */
export function isSiteAllowed({ sites }: Policy, origin: string): boolean {
  if (isSiteMeant(origin, sites.blocked)) return false;
  return sites.allowed === undefined || isSiteMeant(origin, sites.allowed);
}

/** What the policy gives that site without a question: pairs of a connection of the policy and a model, `*` for any. */
export function grantedByPolicy(policy: Policy, origin: string): { connection: string; model: string }[] {
  if (!isSiteAllowed(policy, origin)) return [];
  return policy.sites.granted
    .filter(({ sites }) => isSiteMeant(origin, sites))
    .flatMap(({ connections = policy.connections.map(({ id }) => id), model = '*' }) =>
      connections.map((connection) => ({ connection, model })),
    );
}
