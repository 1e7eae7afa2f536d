import * as z from 'zod/mini';
import { lazy, parse } from '../protocol/parse.ts';
import type { Grant } from './grant.ts';

export interface StoredGrants {
  grants: Grant[];
  /** Latest time at which this was written. */
  seenAt: number;
}

export function parseGrants(stored: unknown): StoredGrants {
  return parse(storedSchema, stored, 'Grants');
}

/** What a site may be held to; also what a form or a script may set. */
export const limitsSchema = lazy(() => {
  const limit = z.exactOptional(z.number().check(z.nonnegative()));
  return z.strictObject({ callsPerMinute: limit, concurrent: limit, tokensPerDay: limit, microUsdPerDay: limit, microUsdTotal: limit });
});

export const decisionSchema = lazy(() => z.enum(['once', 'session', 'always', 'block']));

const storedSchema = lazy(() => {
  const text = z.string();
  const number = z.number();
  const grant = z.object({
    v: z.literal(1),
    id: text,
    origin: text,
    decision: decisionSchema(),
    models: z.array(z.object({ connectionId: text, model: text, revision: z.exactOptional(number) })),
    limits: limitsSchema(),
    createdAt: number,
    lastUsedAt: z.exactOptional(number),
    expiresAt: z.exactOptional(number),
  });
  return z.object({ grants: z.array(grant), seenAt: number });
});
