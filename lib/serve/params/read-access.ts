import * as z from 'zod/mini';
import { grantAbilities } from '../../permissions/grant.ts';
import type { AccessRequest } from '../../protocol/access.ts';
import { lazy } from '../../protocol/parse.ts';
import { defined } from './defined.ts';
import { readParams } from './read-params.ts';
import { modelId } from './schemas.ts';

const shownReason = 300;

const schema = lazy(() =>
  z.strictObject({
    reason: z.optional(z.string().check(z.maxLength(10_000))),
    models: z.optional(z.array(modelId).check(z.maxLength(32))),
    abilities: z.optional(z.array(z.enum(grantAbilities)).check(z.minLength(1), z.maxLength(32))),
  }),
);

/** What a site asks of the user; of its reason, as much as will be shown. */
export function readAccessRequest(params: unknown): AccessRequest {
  const { reason, models, abilities } = readParams(schema(), params);
  return defined({ reason: reason?.toWellFormed().slice(0, shownReason), models, abilities: abilities && [...new Set(abilities)] });
}
