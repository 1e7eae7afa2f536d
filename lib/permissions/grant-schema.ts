import * as z from 'zod/mini';
import { parse } from '../protocol/parse.ts';
import type { Grant } from './grant.ts';

export interface StoredGrants {
  grants: Grant[];
  /** Latest time at which this was written. */
  seenAt: number;
}

export function parseGrants(stored: unknown): StoredGrants {
  return parse(storedSchema, stored, 'Grants');
}

const limit = z.exactOptional(z.number().check(z.nonnegative()));

/** What a site may be held to; also what a form or a script may set. */
export const limitsSchema = z.strictObject({
  callsPerMinute: limit,
  concurrent: limit,
  tokensPerDay: limit,
  microUsdPerDay: limit,
  microUsdTotal: limit,
});

export const decisionSchema = z.enum(['once', 'session', 'always', 'block']);

const grantSchema = z.object({
  v: z.literal(1),
  id: z.string(),
  origin: z.string(),
  decision: decisionSchema,
  models: z.array(z.object({ connectionId: z.string(), model: z.string(), revision: z.exactOptional(z.number()) })),
  limits: limitsSchema,
  createdAt: z.number(),
  lastUsedAt: z.exactOptional(z.number()),
  expiresAt: z.exactOptional(z.number()),
});

const storedSchema = z.object({ grants: z.array(grantSchema), seenAt: z.number() });
